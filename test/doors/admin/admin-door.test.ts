import request from 'supertest'
import { sessionHeaders } from '../../kit/browser'
import { eventually, startTestServer, type TestServer } from '../../kit/server'

describe('/api/v1', () => {
  let server: TestServer
  let cookie: string
  let headers: Readonly<Record<string, string>>
  beforeAll(async () => {
    server = await startTestServer()
    cookie = await server.signIn()
    headers = await sessionHeaders(server.url, cookie)
  })
  afterAll(() => server.stop())

  it('GET /me tells who is signed in, and 401 to who is not', async () => {
    expect((await request(server.url).get('/api/v1/me').set('Cookie', cookie)).body).toMatchObject({
      loginName: 'admin',
      administrator: true,
      method: 'password',
    })
    const stranger = await request(server.url).get('/api/v1/me')
    expect([stranger.status, stranger.headers['content-type']]).toEqual([
      401,
      expect.stringContaining('application/problem+json'),
    ])
    expect(stranger.body).toMatchObject({ status: 401, code: 'notSignedIn', requestId: stranger.headers['x-request-id'] })
    const withToken = await request(server.url).get('/api/v1/me').set('Authorization', 'Bearer kgm_x')
    expect([withToken.status, withToken.body.detail]).toEqual([401, 'Sign in at /login. A token stands for no person.'])
    const { body } = await request(server.url).get('/api/v1/openapi.json')
    expect(body.paths['/me'].get.security).toEqual([{ session: [] }])
  })

  it('group sync brings the groups into chat only when it is asked for, and shows time and result (C20, C21)', async () => {
    const asAdmin = (test: request.Test) => test.set(headers)
    const show = async () => (await asAdmin(request(server.url).get('/api/v1/chat/group-sync'))).body as Record<string, unknown>
    expect(await show()).toEqual({ state: 'never', lastSyncResult: 'never' })
    const { body: user } = await server.scim('post', '/Users').send({ userName: 'taro' })
    const { body: group } = await server.scim('post', '/Groups').send({ displayName: '営業部', members: [{ value: user.id }] })
    await eventually(() => server.rows('chat', 'chat_account').length === 1)
    expect(server.rows('chat', 'chat_group')).toEqual([])
    const started = await asAdmin(request(server.url).post('/api/v1/chat/group-sync'))
    expect([started.status, started.body.started]).toEqual([202, true])
    await eventually(async () => (await show())['state'] === 'succeeded')
    expect(await show()).toMatchObject({
      lastSyncResult: 'succeeded',
      lastSyncTime: expect.stringMatching(/^\d{4}-.*Z$/) as string,
    })
    expect(server.rows('chat', 'chat_group')).toEqual([expect.objectContaining({ id: group.id, label: '営業部' })])
    expect(server.rows('chat', 'chat_group_member')).toEqual([expect.objectContaining({ username: 'taro' })])
  })

  it('takes a token with the scope admin, and no other', async () => {
    const withToken = async (scopes: Parameters<TestServer['token']>[0]) =>
      request(server.url)
        .get('/api/v1/mirror')
        .set('Authorization', `Bearer ${await server.token(scopes)}`)
    expect((await withToken(['admin'])).status).toBe(200)
    const refused = await withToken(['users:read', 'users:write'])
    expect([refused.status, refused.body.code]).toEqual([403, 'notAllowed'])
    const unknown = await request(server.url).get('/api/v1/mirror').set('Authorization', 'Bearer kgm_unknown')
    expect([unknown.status, unknown.body.code]).toEqual([401, 'unknownToken'])
  })

  it('refuses what another site makes a browser send', async () => {
    for (const header of [{ 'Sec-Fetch-Site': 'cross-site' }, { Origin: 'https://evil.example' }]) {
      const answer = await request(server.url).post('/api/v1/chat/group-sync').set(headers).set(header)
      expect([answer.status, answer.body.code]).toEqual([403, 'crossSite'])
    }
  })

  it('changes nothing in a session without its token; a bearer token needs none', async () => {
    const { body } = await request(server.url).get('/api/v1/openapi.json')
    const nobody = (path: string) => `/api/v1${path.replaceAll(/\{\w+\}/g, '00000000-0000-7000-8000-000000000000')}`
    const changes = Object.entries(body.paths as Record<string, object>).flatMap(([path, methods]) =>
      Object.keys(methods).flatMap((method) =>
        ['get', 'parameters'].includes(method) ? [] : ([[method, nobody(path)]] as const),
      ),
    )
    expect(changes.length).toBeGreaterThan(5)
    const other = await sessionHeaders(server.url, await server.signIn())
    for (const sent of [{}, { 'X-CSRF-Token': 'guessed' }, { 'X-CSRF-Token': other['X-CSRF-Token'] }]) {
      for (const [method, path] of changes) {
        const agent = request(server.url)
        const answer = await agent[method as 'post'](path).set('Cookie', cookie).set(sent).send({ name: 'by another site' })
        expect([method, path, answer.status, answer.body.code]).toEqual([method, path, 403, 'noCsrfToken'])
      }
    }
    const token = await server.token(['admin'])
    const made = await request(server.url)
      .post('/api/v1/clients')
      .set({ Authorization: `Bearer ${token}`, Cookie: cookie })
      .send({ name: 'by a token' })
    expect(made.status).toBe(201)
    const names = server.rows('kagami', 'access_client').map((row) => row['name'])
    expect([names.includes('by a token'), names.includes('by another site')]).toEqual([true, false])
  })

  it('describes itself, and every path it describes is there', async () => {
    const { body } = await request(server.url).get('/api/v1/openapi.json')
    for (const [path, methods] of Object.entries(body.paths as Record<string, object>)) {
      for (const method of Object.keys(methods).filter((name) => name !== 'parameters') as ('get' | 'post')[]) {
        const nobody = path.replaceAll(/\{\w+\}/g, '00000000-0000-7000-8000-000000000000')
        const answer = await request(server.url)[method](`/api/v1${nobody}`).set(headers)
        // what is asked of nobody, or without a body, is refused by the endpoint itself
        const isThere = answer.status < 500 && !['noSuchEndpoint', 'methodNotAllowed'].includes(answer.body.code)
        expect({ path, method, isThere }).toEqual({ path, method, isThere: true })
      }
    }
  })

  it('describes every shape that it refers to', async () => {
    const { body, text } = await request(server.url).get('/api/v1/openapi.json')
    const follow = (ref: string) => ref.split('/').reduce((at, key) => at?.[key], body)
    for (const [, ref] of text.matchAll(/"\$ref":"#\/([^"]+)"/g))
      expect({ ref, shape: follow(ref!) }).toEqual({ ref, shape: expect.any(Object) })
  })

  it('tells who cannot be mirrored, and why', async () => {
    await server.scim('post', '/Users').send({ userName: 'who@elsewhere.example' })
    const mirror = async () =>
      (await request(server.url).get('/api/v1/mirror').set('Cookie', cookie)).body as { deadLetters: object[]; leavers: number }
    await eventually(async () => (await mirror()).deadLetters.length === 2)
    expect((await mirror()).leavers).toBe(0)
    expect((await mirror()).deadLetters).toContainEqual(
      expect.objectContaining({
        target: 'chat',
        loginName: 'who@elsewhere.example',
        reason: expect.stringMatching(/example\.jp/) as string,
      }),
    )
  })

  it.each([
    ['get', '/nothing', 404],
    ['delete', '/me', 405],
  ] as const)('%s %s: %i as problem+json', async (method, path, status) => {
    const answer = await request(server.url)[method](`/api/v1${path}`).set(headers)
    expect([answer.status, answer.body.status]).toEqual([status, status])
  })
})
