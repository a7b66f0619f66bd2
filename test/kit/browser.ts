import request from 'supertest'

type Headers = Readonly<Record<string, string>>

/**
 * Sends a form as a page of ours does: with the token of this browser (`docs/sign-in.md`), which is fetched first.
 *
 * @param headers with `Cookie` of who is signed in
 */
export async function postForm(url: string, path: string, form: object = {}, headers: Headers = {}): Promise<request.Response> {
  const { csrf, cookie } = await pageOf(url, headers['Cookie'])
  return request(url)
    .post(path)
    .set({ ...headers, Cookie: cookie })
    .type('form')
    .send({ csrf, ...form })
}

/** The headers of who changes something by the API in his session. */
export async function sessionHeaders(
  url: string,
  cookie: string,
): Promise<{ readonly Cookie: string; readonly 'X-CSRF-Token': string }> {
  const { csrf } = await pageOf(url, cookie)
  return { Cookie: cookie, 'X-CSRF-Token': csrf }
}

/** The token that a page of ours gives this browser, and its cookies. */
export async function pageOf(url: string, cookie = ''): Promise<{ readonly csrf: string; readonly cookie: string }> {
  const me = await request(url).get('/api/v1/me').set('Cookie', cookie)
  if (me.status === 200) return { csrf: (me.body as { readonly csrfToken: string }).csrfToken, cookie }
  const page = await request(url).get('/login?saml=off').set('Cookie', cookie)
  const set = (page.headers['set-cookie'] ?? []) as unknown as readonly string[]
  const cookies = [cookie, ...set.map((one) => one.split(';', 1)[0]!)].filter((one) => one !== '')
  return { csrf: /name="csrf" value="([^"]+)"/.exec(page.text)?.[1] ?? '', cookie: cookies.join('; ') }
}
