import request from 'supertest'
import { totpAt } from '../../../src/domain/access/totp'
import { postForm, sessionHeaders } from '../../kit/browser'
import { admin, cookieOf, startTestServer, type TestServer } from '../../kit/server'

describe('/api/v1/users/{user}/two-step and /two-step-settings (S15)', () => {
  let server: TestServer
  let token: string
  const who = { loginName: 'taro', password: 'a password for taro' }
  let id: string
  beforeAll(async () => {
    server = await startTestServer()
    token = await server.token(['admin'])
    const { body } = await server.scim('post', '/Users').send({ userName: who.loginName, password: who.password })
    id = (body as { id: string }).id
  })
  afterAll(() => server.stop())

  const api = (method: 'get' | 'put' | 'post' | 'delete', path: string, bearer = token) =>
    request(server.url)[method](`/api/v1${path}`).set('Authorization', `Bearer ${bearer}`)
  const signIn = async (form: typeof who) => cookieOf(await postForm(server.url, '/login', form))
  const useApp = async (form: typeof who) => {
    const cookie = await signIn(form)
    const post = (path: string, fields: object) => postForm(server.url, path, fields, { Cookie: cookie })
    const page = (await post('/two-step/totp', { current: form.password })).text.replaceAll('&amp;', '&')
    const secret = /secret=([A-Z2-7]{32})&/.exec(page)![1]!
    const draft = /name="draft" value="([^"]+)"/.exec(page)![1]!
    const code = totpAt(secret, Math.floor(Date.now() / 30_000))
    expect((await post('/two-step/totp/confirm', { draft, code })).status).toBe(200)
    return { cookie, secret }
  }
  const audit = (action: string) => server.rows('kagami', 'audit_line').filter((line) => line['action'] === action)

  it('tells what somebody has, by id and by name, without its secret, and takes it away', async () => {
    expect((await api('get', '/users/taro/two-step')).body).toEqual({ userId: id, loginName: 'taro', isSet: false })
    const { secret } = await useApp(who)
    const shown = await api('get', `/users/${id}/two-step`)
    expect(shown.body).toEqual({
      userId: id,
      loginName: 'taro',
      isSet: true,
      method: 'totp',
      since: expect.stringMatching(/^\d{4}-.*Z$/) as string,
      recoveryCodesLeft: 10,
    })
    expect(shown.text).not.toContain(secret)
    expect(await signIn(who)).toBe('')
    expect((await api('delete', '/users/taro/two-step')).status).toBe(204)
    expect(await signIn(who)).not.toBe('')
    expect((await api('delete', `/users/${id}/two-step`)).status).toBe(204)
    expect(audit('reset two-step sign-in')).toHaveLength(1)
  })

  it('refuses who may not, whom nobody knows, and other methods', async () => {
    const reader = await server.token(['users:read', 'users:write'])
    for (const [method, path] of [
      ['get', '/users/taro/two-step'],
      ['delete', '/users/taro/two-step'],
      ['get', '/two-step-settings'],
    ] as const) {
      expect((await api(method, path, reader)).body).toMatchObject({ status: 403 })
      expect((await request(server.url)[method](`/api/v1${path}`)).status).toBe(401)
    }
    expect((await api('put', '/two-step-settings', reader).send({ administratorsMust: true })).status).toBe(403)
    expect((await api('get', '/users/nobody/two-step')).body).toMatchObject({ status: 404, code: 'userNotFound' })
    expect((await api('delete', '/users/nobody/two-step')).status).toBe(404)
    const post = await api('post', '/users/taro/two-step')
    expect([post.status, post.headers['allow']]).toEqual([405, 'GET, DELETE'])
    expect((await api('delete', '/two-step-settings')).headers['allow']).toBe('GET, PUT')
  })

  it('makes administrators use two steps, guarded by the version, with a line for each change', async () => {
    const first = await api('get', '/two-step-settings')
    expect([first.body, first.headers['etag']]).toEqual([{ administratorsMust: false }, '"0"'])
    for (const body of [{}, { administratorsMust: 'yes' }, { administratorsMust: true, shoe: 1 }, []]) {
      expect((await api('put', '/two-step-settings').send(body)).status).toBe(400)
    }
    const on = await api('put', '/two-step-settings').set('If-Match', '"0"').send({ administratorsMust: true })
    expect([on.status, on.body, on.headers['etag']]).toEqual([200, { administratorsMust: true }, '"1"'])
    const late = await api('put', '/two-step-settings').set('If-Match', '"0"').send({ administratorsMust: false })
    expect([late.status, late.body.code]).toEqual([412, 'versionMismatch'])
    const same = await api('put', '/two-step-settings').set('If-Match', '"1"').send({ administratorsMust: true })
    expect(same.headers['etag']).toBe('"1"')
    expect(audit('configure security settings').filter((line) => line['object_id'] === 'twoStep')).toHaveLength(1)

    const cookie = await server.signIn()
    expect((await request(server.url).get('/api/v1/two-step-settings').set('Cookie', cookie)).body.code).toBe('twoStepDue')
    const own = await useApp(admin)
    const headers = await sessionHeaders(server.url, own.cookie)
    const self = await request(server.url).delete('/api/v1/users/admin/two-step').set(headers)
    expect([self.status, self.body.code]).toEqual([403, 'notAllowed'])
    const off = await request(server.url).put('/api/v1/two-step-settings').set(headers).send({ administratorsMust: false })
    expect([off.status, off.headers['etag']]).toEqual([200, '"2"'])
  })
})
