import request from 'supertest'
import { postForm, sessionHeaders } from '../../kit/browser'
import { admin, cookieOf, startTestServer, type TestServer } from '../../kit/server'

const windows = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0'

describe('sessions', () => {
  let server: TestServer
  beforeAll(async () => void (server = await startTestServer()))
  afterAll(() => server.stop())

  const get = (path: string, cookie: string) => request(server.url).get(path).set('Cookie', cookie)
  const isIn = async (cookie: string) => (await get('/api/v1/me', cookie)).status === 200
  const signIn = async (who: object, headers: Readonly<Record<string, string>> = {}) =>
    cookieOf(await postForm(server.url, '/login', who, headers))
  let people = 0
  const person = async () => {
    const who = { loginName: `person${++people}`, password: 'long enough it is' }
    const { body } = await server.scim('post', '/Users').send({ userName: who.loginName, password: who.password })
    return { ...who, id: body.id as string }
  }
  const audit = () => server.rows('kagami', 'audit_line').filter((row) => row['action'] === 'logout sessions')

  it('are new at each sign-in, which ends the one that this browser had', async () => {
    const who = await person()
    const first = await signIn(who)
    const second = await signIn(who, { Cookie: first })
    expect(second).not.toBe(first)
    expect([await isIn(first), await isIn(second)]).toEqual([false, true])
  })

  it('take no id that a stranger chose', async () => {
    const fixed = await signIn(await person(), { Cookie: 'kagami=chosen-by-a-stranger' })
    expect(fixed).not.toContain('chosen')
    expect(await isIn('kagami=chosen-by-a-stranger')).toBe(false)
  })

  it('GET /sessions tells one’s own by browser, address and times; the others can be ended, one or all', async () => {
    const [who, other] = [await person(), await person()]
    const [here, there, third] = [await signIn(who), await signIn(who, { 'User-Agent': windows }), await signIn(who)]
    const stranger = await signIn(other)
    const page = (await get('/sessions', here).set('Accept-Language', 'en')).text
    expect(page).toContain('Firefox 128, Windows')
    expect(page).toMatch(/127\.0\.0\.1/)
    expect(page.split('This browser')).toHaveLength(2)
    const id = /Firefox 128, Windows[\s\S]*?name="id" value="(\w+)"/.exec(page)![1]!
    expect((await postForm(server.url, '/sessions/end', { id }, { Cookie: stranger })).status).toBe(404)
    expect(await isIn(there)).toBe(true)
    expect((await postForm(server.url, '/sessions/end', { id }, { Cookie: here })).headers['location']).toBe('/sessions')
    expect([await isIn(here), await isIn(there), await isIn(third)]).toEqual([true, false, true])
    expect((await postForm(server.url, '/sessions/end', { id }, { Cookie: here })).status).toBe(404)
    await postForm(server.url, '/sessions/end', {}, { Cookie: here })
    expect([await isIn(here), await isIn(third), await isIn(stranger)]).toEqual([true, false, true])
    expect(audit().filter((row) => row['label'] === who.loginName)).toHaveLength(2)
    expect((await request(server.url).get('/sessions')).headers['location']).toBe('/login?returnTo=/sessions')
  })

  it('POST /sessions/end without a body, with the token as a header, ends all others', async () => {
    const who = await person()
    const [here, there] = [await signIn(who), await signIn(who)]
    const answer = await request(server.url)
      .post('/sessions/end')
      .set(await sessionHeaders(server.url, here))
    expect([answer.status, await isIn(here), await isIn(there)]).toEqual([303, true, false])
  })

  it('of a user are listed and ended by an administrator, by nobody else', async () => {
    const who = await person()
    const [one, two] = [await signIn(who, { 'User-Agent': windows }), await signIn(who)]
    const headers = await sessionHeaders(server.url, await signIn(admin))
    const at = `/api/v1/users/${who.id}/sessions`
    const { body } = await request(server.url).get(at).set(headers)
    expect(body.sessions).toHaveLength(2)
    const firefox = (body.sessions as { id: string; browser: string }[]).find(
      ({ browser }) => browser === 'Firefox 128, Windows',
    )!
    expect(firefox).toMatchObject({ method: 'password', address: expect.stringContaining('127.0.0.1') as string })
    const del = (path: string) => request(server.url).delete(path).set(headers)
    expect((await del(`${at}/${firefox.id}`)).status).toBe(204)
    expect([await isIn(one), await isIn(two)]).toEqual([false, true])
    expect((await del(`${at}/${firefox.id}`)).body.code).toBe('sessionNotFound')
    const own = await sessionHeaders(server.url, two)
    expect((await request(server.url).delete(at).set(own)).status).toBe(403)
    expect((await del(at)).status).toBe(204)
    expect(await isIn(two)).toBe(false)
    expect((await del('/api/v1/users/nobody/sessions')).body.code).toBe('userNotFound')
    expect(audit().filter((row) => row['label'] === who.loginName && row['actor_name'] === 'admin')).toHaveLength(2)
  })

  const patchOp = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'
  const suspend = { schemas: [patchOp], Operations: [{ op: 'replace', path: 'active', value: false }] }
  const bulk = (operation: object) =>
    server.scim('post', '/Bulk').send({ schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'], Operations: [operation] })
  it.each<[string, (id: string) => PromiseLike<unknown>]>([
    ['a PATCH that suspends', (id) => server.scim('patch', `/Users/${id}`).send(suspend)],
    ['a Bulk that suspends', (id) => bulk({ method: 'PATCH', path: `/Users/${id}`, data: suspend })],
    ['a Bulk that deletes', (id) => bulk({ method: 'DELETE', path: `/Users/${id}` })],
    ['a DELETE', (id) => server.scim('delete', `/Users/${id}`)],
    [
      'a new password',
      (id) =>
        server.scim('patch', `/Users/${id}`).send({
          schemas: [patchOp],
          Operations: [{ op: 'replace', path: 'password', value: 'another long one' }],
        }),
    ],
  ])('end at once with %s', async (_what, change) => {
    const who = await person()
    const cookie = await signIn(who)
    expect(await isIn(cookie)).toBe(true)
    await change(who.id)
    expect(await isIn(cookie)).toBe(false)
    expect((await get('/', cookie)).headers['location']).toBe('/login')
  })
})
