import request from 'supertest'
import { postForm, sessionHeaders } from '../../kit/browser'
import { cookieOf, startTestServer, type TestServer } from '../../kit/server'

describe('/api/v1/sign-in-settings and /users/{user}/password (S10–S14, D3, D4)', () => {
  let server: TestServer
  let headers: Readonly<Record<string, string>>
  beforeAll(async () => {
    server = await startTestServer()
    headers = await sessionHeaders(server.url, await server.signIn())
  })
  afterAll(() => server.stop())
  const api = (method: 'get' | 'put' | 'patch', path = '/sign-in-settings') =>
    request(server.url)[method](`/api/v1${path}`).set(headers)
  const login = (form: object) => postForm(server.url, '/login', form, { 'Accept-Language': 'en' })
  const cookieLine = (answer: request.Response) =>
    (answer.headers['set-cookie'] as unknown as readonly string[]).find((line) => line.startsWith(cookieOf(answer)))
  const person = (userName: string, password: string) => server.scim('post', '/Users').send({ userName, password })

  it('begins with the recommended profile, takes back what it gave, and guards by the version', async () => {
    const first = await api('get')
    expect(first.body).toMatchObject({ profile: 'recommended', password: { minLength: 12 }, warnings: [] })
    const same = await api('put').send(first.body)
    expect([same.status, same.headers['etag']]).toEqual([200, first.headers['etag']])
    const manual = await api('put').set('If-Match', first.headers['etag']!).send({ profile: 'manual' })
    expect(manual.body.password).toMatchObject({ minLength: 3, lifetimeDays: 365, complexity: 'lettersAndDigits' })
    const late = await api('put').set('If-Match', first.headers['etag']!).send({})
    expect([late.status, late.body.code]).toEqual([412, 'versionMismatch'])
  })

  it.each([
    [{ password: { minLength: 0 } }, 'password.minLength'],
    [{ password: { shoe: 1 } }, 'shoe'],
    [{ profile: 'easy' }, 'profile'],
    [{ lockout: { failures: 0 } }, 'lockout.failures'],
    [{ session: { lifetimeMinutes: 'long' } }, 'session.lifetimeMinutes'],
  ])('refuses %j and names what is wrong', async (body, field) => {
    const answer = await api('put').send(body)
    expect(answer.status).toBe(400)
    expect(answer.body.errors).toMatchObject([{ field }])
  })

  it('refuses what cannot hold together, and who is nobody', async () => {
    expect((await api('put').send({ password: { usersMayChange: false } })).body.code).toBe('invalidAttribute')
    expect((await request(server.url).get('/api/v1/sign-in-settings')).status).toBe(401)
  })

  it('forms the sign-in page, its message and its cookie', async () => {
    const settings = {
      simplification: { savePassword: false, autoSignIn: true, autoSignInHours: 48 },
      failureMessage: { ja: '<b>総務へ</b>' },
    }
    expect((await api('put').send(settings)).body.warnings).toMatchObject([{ code: 'autoSignIn' }])
    const page = await request(server.url).get('/login').set('Accept-Language', 'en')
    expect(page.text).toContain('Stay signed in when the browser is closed (48 hours)')
    expect(page.text).not.toContain('autocomplete="current-password"')
    expect(page.text).not.toContain('総務')
    expect((await login({ loginName: 'x', password: 'y' })).text).toContain('&lt;b&gt;総務へ&lt;/b&gt;')
    const who = { loginName: 'nokosu', password: 'a password that stays' }
    await person('nokosu', who.password)
    expect(cookieLine(await login(who))).not.toContain('Max-Age')
    expect(cookieLine(await login({ ...who, remember: 'on' }))).toContain('Max-Age=172800')
    await api('put').send({})
  })

  it('makes a temporary password, which leads to the page for a new one and from there to where one wanted to go', async () => {
    await person('kari', 'the first password')
    const { body } = await api('put', '/users/kari/password').send({})
    expect(body).toEqual({ loginName: 'kari', password: expect.stringMatching(/^[\w-]{16}$/) as string })
    expect((await api('get', '/users/kari/password')).body).toMatchObject({ isSet: true, temporary: true, locked: false })
    const answer = await login({ loginName: 'kari', password: body.password as string, returnTo: '/sessions' })
    expect(answer.headers['location']).toBe('/password?returnTo=%2Fsessions')
  })

  it('says whether a password expires, and refuses one that cannot be used', async () => {
    await person('kigen', 'the first password')
    expect((await api('patch', '/users/kigen/password').send({ neverExpires: true })).body).toMatchObject({ neverExpires: true })
    expect((await api('put', '/users/kigen/password').send({ password: '' })).body.code).toBe('passwordRefused')
    expect((await api('get', '/users/nobody/password')).status).toBe(404)
  })
})
