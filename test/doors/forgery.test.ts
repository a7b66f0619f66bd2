import type { Router } from 'express'
import request from 'supertest'
import { sessionDoor, type SessionDoorDeps } from '../../src/doors/session/session-door'
import { pageOf, postForm, sessionHeaders } from '../kit/browser'
import { admin, baseUrl, cookieOf, startTestServer, type TestServer } from '../kit/server'

/** Every route of a router but those that only read. */
function changes(router: Router): readonly (readonly [method: string, path: string])[] {
  return router.stack.flatMap((layer) => {
    const within = (layer as unknown as { readonly handle: Partial<Router> }).handle.stack
    if (!layer.route) return within ? changes((layer as unknown as { readonly handle: Router }).handle) : []
    const { path, stack } = layer.route
    return stack.flatMap(({ method }) => (method && !['get', 'head'].includes(method) ? [[method, path] as const] : []))
  })
}

describe('a request that may change something', () => {
  let server: TestServer
  let cookie: string
  beforeAll(async () => {
    server = await startTestServer()
    cookie = await server.signIn()
  })
  afterAll(() => server.stop())

  const routes = changes(sessionDoor({} as SessionDoorDeps))
  const state = () =>
    JSON.stringify(['access_session', 'access_password', 'system_setting', 'audit_line'].map((t) => server.rows('kagami', t)))
  const send = (method: string, path: string, headers: Readonly<Record<string, string>>, form: object = {}) => {
    const agent = request(server.url)
    return agent[method as 'post'](path).set(headers).type('form').send(form)
  }

  it.each(routes)('%s %s without the token of its browser is refused and changes nothing', async (method, path) => {
    const before = state()
    const other = await pageOf(server.url)
    const wanted = { ...admin, current: admin.password, wanted: 'another long password' }
    for (const csrf of [undefined, '', 'guessed', other.csrf]) {
      for (const headers of [{ Cookie: cookie }, { Cookie: cookie, Origin: baseUrl, 'Sec-Fetch-Site': 'same-origin' }, {}]) {
        const answer = await send(method, path, headers, csrf === undefined ? wanted : { ...wanted, csrf })
        expect([answer.status, answer.headers['set-cookie']]).toEqual([403, undefined])
      }
    }
    expect(state()).toBe(before)
  })

  it.each(routes)('%s %s with the token, but from another site, is refused and changes nothing', async (method, path) => {
    const { csrf } = await pageOf(server.url, cookie)
    const before = state()
    for (const from of [
      { Origin: 'https://evil.example' },
      { Origin: 'null' },
      { 'Sec-Fetch-Site': 'cross-site' },
      { 'Sec-Fetch-Site': 'same-site' },
    ]) {
      expect((await send(method, path, { Cookie: cookie, ...from }, { ...admin, csrf })).status).toBe(403)
    }
    expect(state()).toBe(before)
  })

  it('walks over every route that there is', () => {
    expect(routes.map(([method, path]) => `${method} ${path}`)).toEqual(
      expect.arrayContaining(['post /login', 'post /password', 'post /logout', 'post /sessions/end']),
    )
  })

  it('may be one that nobody thought of: a path that does not exist is refused in the same way', async () => {
    expect((await send('put', '/nothing', { Cookie: cookie })).status).toBe(403)
    expect((await send('post', '/saml/anything', { Cookie: cookie })).status).toBe(403)
  })

  it('takes a token of before the sign-in, for another tab; one of a session that is over is refused', async () => {
    const tab = await pageOf(server.url)
    const signedIn = await send('post', '/login', { Cookie: tab.cookie }, { ...admin, csrf: tab.csrf })
    expect(signedIn.status).toBe(303)
    const again = await send('post', '/login', { Cookie: `${tab.cookie}; ${cookieOf(signedIn)}` }, { ...admin, csrf: tab.csrf })
    expect(again.status).toBe(303)
    const old = await sessionHeaders(server.url, cookieOf(again))
    const next = cookieOf(await postForm(server.url, '/login', admin, { Cookie: cookieOf(again) }))
    expect((await send('post', '/logout', { Cookie: next }, { csrf: old['X-CSRF-Token'] })).status).toBe(403)
  })

  it('is offered a token by every form, another one each time', async () => {
    const page = (path: string) => request(server.url).get(path).set('Cookie', cookie)
    const tokens: string[] = []
    for (const path of ['/', '/password', '/sessions', '/login?saml=off']) {
      const { text } = await page(path)
      expect([path, text.split('<form ').length]).toEqual([path, text.split('name="csrf"').length])
      tokens.push(...new Set([...text.matchAll(/name="csrf" value="([^"]+)"/g)].map(([, token]) => token!)))
    }
    expect(new Set(tokens).size).toBe(tokens.length)
  })

  it('answers a form that is too large or not readable with a page', async () => {
    expect((await send('post', '/login', {}, { csrf: 'x'.repeat(20_000) })).status).toBe(413)
  })
})
