import request from 'supertest'
import { postForm } from '../../kit/browser'
import { admin, baseUrl, cookieOf, startTestServer, type TestServer } from '../../kit/server'

describe('the pages of a browser', () => {
  let server: TestServer
  beforeAll(async () => void (server = await startTestServer()))
  afterAll(() => server.stop())

  const post = (path: string, form: object, cookie = '', headers: Readonly<Record<string, string>> = {}) =>
    postForm(server.url, path, form, { Cookie: cookie, ...headers })
  const get = (path: string, cookie = '') => request(server.url).get(path).set('Cookie', cookie)
  const person = async (userName: string, password: string) => {
    await server.scim('post', '/Users').send({ userName, password })
    return { loginName: userName, password }
  }

  it('leads who is not signed in to the sign-in page', async () => {
    const answer = await get('/')
    expect([answer.status, answer.headers['location']]).toEqual([303, '/login'])
    expect((await get('/login?saml=off')).text).toContain('name="password"')
  })

  it('signs in with the local password, in any case of the login name, and out again (S32, S37)', async () => {
    const answer = await post('/login', { ...admin, loginName: 'ADMIN' })
    expect([answer.status, answer.headers['location']]).toEqual([303, '/'])
    const cookie = cookieOf(answer)
    expect((await get('/', cookie)).text).toContain('admin として')
    const out = await post('/logout', {}, cookie)
    expect([out.status, out.headers['location']]).toEqual([303, '/signed-out'])
    expect((await get('/api/v1/me', cookie)).status).toBe(401)
  })

  it('sets a cookie that scripts and other sites do not get; https makes it __Host- and Secure', async () => {
    expect((await post('/login', admin)).headers['set-cookie']![0]).toMatch(/^kagami=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/)
    const https = await startTestServer({ KAGAMI_BASE_URL: 'https://kagami.test' })
    const answer = await postForm(https.url, '/login', admin)
    await https.stop()
    expect(answer.headers['set-cookie']![0]).toMatch(/^__Host-kagami=.*; Secure/)
  })

  it('tells a wrong password, an unknown name and a suspended person nothing apart', async () => {
    const { loginName, password } = await person('yameta', 'long enough it is')
    const [user] = (await server.scim('get', '/Users').query({ filter: 'userName eq "yameta"' })).body.Resources as {
      id: string
    }[]
    await server.scim('patch', `/Users/${user!.id}`).send({
      schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
      Operations: [{ op: 'replace', value: { active: false } }],
    })
    const texts = await Promise.all(
      [{ ...admin, password: 'wrong' }, { loginName: 'nobody', password }, { loginName, password }, {}].map(async (form) => {
        const { status, text } = await post('/login', form)
        // each answer has a nonce and a token of its own
        return [status, text.replace(/(nonce|value)="[^"]+"/g, '')]
      }),
    )
    expect(new Set(texts.map(String)).size).toBe(1)
    expect(texts[0]![0]).toBe(401)
  })

  it('ends the sessions of a person who is suspended', async () => {
    const cookie = cookieOf(await post('/login', await person('teishi', 'long enough it is')))
    const { body } = await get('/api/v1/me', cookie)
    expect(body.loginName).toBe('teishi')
    await server.scim('delete', `/Users/${body.id}`)
    expect((await get('/api/v1/me', cookie)).status).toBe(401)
  })

  it('goes back to where he wanted to go, but never to another site', async () => {
    for (const [wanted, gone] of [
      ['/password', '/password'],
      ['//evil.example', '/'],
      ['/\\evil.example', '/'],
      ['https://evil.example', '/'],
    ] as const) {
      const answer = await post('/login', { ...admin, returnTo: wanted })
      expect([wanted, answer.headers['location']]).toEqual([wanted, gone])
    }
  })

  it('changes the password, ends the other sessions, and refuses a poor one', async () => {
    const who = await person('kaeru', 'the first password')
    const [here, elsewhere] = [cookieOf(await post('/login', who)), cookieOf(await post('/login', who))]
    expect((await post('/password', { current: 'wrong', wanted: 'the second password' }, here)).status).toBe(400)
    expect((await post('/password', { current: who.password, wanted: 'short' }, here)).status).toBe(400)
    expect((await post('/password', { current: who.password, wanted: 'the second password' }, here)).headers['location']).toBe(
      '/',
    )
    expect((await get('/api/v1/me', here)).status).toBe(200)
    expect((await get('/api/v1/me', elsewhere)).status).toBe(401)
    expect((await post('/login', { ...who, password: 'the second password' })).status).toBe(303)
  })

  it('refuses a form of another site', async () => {
    const answer = await post('/login', admin, '', { Origin: 'https://evil.example' })
    expect([answer.status, answer.headers['set-cookie']]).toEqual([403, undefined])
    expect((await post('/login', admin, '', { Origin: baseUrl })).status).toBe(303)
  })

  it('makes who guesses wait, four wrong ones are free', async () => {
    const who = await person('nerawareru', 'long enough it is')
    for (let i = 0; i < 5; i++) expect((await post('/login', { ...who, password: 'guess' })).status).toBe(401)
    const answer = await post('/login', who)
    expect([answer.status, answer.headers['retry-after'], answer.headers['set-cookie']]).toEqual([429, '1', undefined])
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    expect((await post('/login', who)).status).toBe(303)
    expect((await post('/login', { ...who, password: 'guess' })).status).toBe(401)
  })

  it('speaks Japanese or English, escapes what it shows, and lets no script run', async () => {
    const english = await post('/login', { loginName: 'x', password: 'y', returnTo: '/"><script>' }, '', {
      'Accept-Language': 'en-GB,en',
    })
    expect(english.text).toContain('The login name or the password is wrong.')
    expect(english.text).not.toContain('<script>')
    expect(english.headers['content-security-policy']).toContain("default-src 'none'")
    expect((await get('/nothing')).status).toBe(404)
  })
})
