import request from 'supertest'
import { baseUrl, eventually, startTestServer, type TestServer } from '../../kit/server'

const core = 'urn:ietf:params:scim:schemas:core:2.0:User'
const patchOp = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'

describe('/scim/v2/Users', () => {
  let server: TestServer
  beforeAll(async () => void (server = await startTestServer()))
  afterAll(() => server.stop())

  const create = (userName: string, rest: object = {}) =>
    server.scim('post', '/Users').send({ schemas: [core], userName, ...rest })
  const patch = (id: string, ...Operations: readonly object[]) =>
    server.scim('patch', `/Users/${id}`).send({ schemas: [patchOp], Operations })

  it('creates a person, answers where he is and in which version, and mirrors him', async () => {
    const answer = await create('hanako', { name: { familyName: '佐藤', givenName: '花子' }, externalId: 'e-1' })
    expect(answer.status).toBe(201)
    expect(answer.headers['content-type']).toBe('application/scim+json; charset=utf-8')
    expect(answer.headers['location']).toBe(`${baseUrl}/scim/v2/Users/${answer.body.id}`)
    expect(answer.headers['etag']).toBe('W/"1"')
    expect(answer.body).toMatchObject({ userName: 'hanako', externalId: 'e-1', active: true, meta: { resourceType: 'User' } })
    await eventually(() => server.rows('chat', 'chat_account').some((row) => row['display_name'] === '佐藤 花子'))
    await eventually(() => server.rows('mail', 'mail_user').some((row) => row['address'] === 'hanako@example.jp'))
  })

  it('suspends, resumes and deletes a person in chat and mail (C10, C13)', async () => {
    const { body } = await create('kenji')
    const active = (value: number | undefined) =>
      eventually(() =>
        [server.rows('chat', 'chat_account'), server.rows('mail', 'mail_user')].every(
          (rows) => rows.find((row) => (row['username'] ?? row['account']) === 'kenji')?.['active'] === value,
        ),
      )
    await active(1)
    expect((await patch(body.id, { op: 'replace', path: 'active', value: false })).body.active).toBe(false)
    await active(0)
    await patch(body.id, { op: 'replace', path: 'active', value: true })
    await active(1)
    expect((await server.scim('delete', `/Users/${body.id}`)).status).toBe(204)
    expect((await server.scim('get', `/Users/${body.id}`)).status).toBe(404)
    await active(undefined)
  })

  it('finds by userName in any case, by externalId and by what a person is called', async () => {
    const { body } = await create('Ichiro', { displayName: '鈴木 一郎', externalId: 'e-ichiro' })
    for (const filter of ['userName eq "ICHIRO"', 'externalId eq "e-ichiro"', 'displayName sw "鈴木" and active eq true']) {
      const found = await server.scim('get', '/Users').query({ filter })
      expect([filter, found.body.Resources.map((user: { id: string }) => user.id)]).toEqual([filter, [body.id]])
    }
  })

  it('pages with startIndex and count, and tells how many there are', async () => {
    await Promise.all(['page1', 'page2', 'page3'].map((name) => create(name)))
    const page = await server
      .scim('get', '/Users')
      .query({ filter: 'userName sw "page"', sortBy: 'userName', startIndex: 2, count: 1 })
    expect(page.body).toMatchObject({ totalResults: 3, startIndex: 2, itemsPerPage: 1, Resources: [{ userName: 'page2' }] })
  })

  it('answers only the attributes asked for, and not those excluded', async () => {
    const { body } = await create('goro', { displayName: '五郎', title: '部長' })
    const only = await server.scim('get', `/Users/${body.id}`).query({ attributes: 'title' })
    expect(Object.keys(only.body)).toEqual(['schemas', 'id', 'title'])
    const without = await server.scim('get', `/Users/${body.id}`).query({ excludedAttributes: 'title' })
    expect(without.body).toMatchObject({ displayName: '五郎' })
    expect(without.body).not.toHaveProperty('title')
  })

  it('replaces by PUT, and keeps the version when nothing changed', async () => {
    const { body } = await create('saburo', { title: '課長' })
    const put = (rest: object) => server.scim('put', `/Users/${body.id}`).send({ schemas: [core], userName: 'saburo', ...rest })
    expect((await put({ title: '課長' })).headers['etag']).toBe('W/"1"')
    const replaced = await put({})
    expect(replaced.headers['etag']).toBe('W/"2"')
    expect(replaced.body).not.toHaveProperty('title')
  })

  it('refuses a stale If-Match and changes nothing; If-None-Match saves the body', async () => {
    const { body } = await create('shiro')
    const rename = (etag: string, displayName: string) =>
      patch(body.id, { op: 'replace', path: 'displayName', value: displayName }).set('If-Match', etag)
    expect((await rename('W/"1"', '一')).status).toBe(200)
    expect((await rename('W/"1"', '二')).status).toBe(412)
    const now = await server.scim('get', `/Users/${body.id}`)
    expect(now.body.displayName).toBe('一')
    expect((await server.scim('get', `/Users/${body.id}`).set('If-None-Match', now.headers['etag']!)).status).toBe(304)
  })

  it('never answers a password', async () => {
    const { body } = await create('himitsu', { password: 'a-long-enough-password' })
    expect(JSON.stringify(body)).not.toContain('password')
    const got = await server.scim('get', `/Users/${body.id}`).query({ attributes: 'password' })
    expect(got.body).not.toHaveProperty('password')
  })

  describe('refused, with cause and mend, and nothing changed', () => {
    const json = { 'Content-Type': 'application/scim+json' }
    const user = (rest: object) => JSON.stringify({ schemas: [core], userName: 'refused', ...rest })
    it.each<[what: string, status: number, scimType: string | undefined, body: string, headers?: object]>([
      ['malformed JSON', 400, 'invalidSyntax', '{"userName":'],
      ['no object', 400, 'invalidSyntax', '[]'],
      ['another content type', 415, undefined, user({}), { 'Content-Type': 'text/plain' }],
      ['a wrong token', 401, undefined, user({}), { Authorization: 'Bearer wrong' }],
      ['no token', 401, undefined, user({}), { Authorization: '' }],
      ['no userName', 400, 'invalidValue', JSON.stringify({ schemas: [core] })],
      ['a number for a text', 400, 'invalidValue', user({ displayName: 5 })],
      ['an unknown boolean', 400, 'invalidValue', user({ active: 'perhaps' })],
      ['a login name taken, in another case', 409, 'uniqueness', user({ userName: 'HANAKO' })],
      ['a forbidden character in a login name (D2)', 400, 'invalidValue', user({ userName: 'a:b' })],
      ['a login name of 192 characters', 400, 'invalidValue', user({ userName: 'a'.repeat(192) })],
      ['a body over the limit', 413, undefined, user({ displayName: 'x'.repeat(1_100_000) })],
    ])('%s: %i %s', async (_what, status, scimType, body, headers = {}) => {
      const total = async () => (await server.scim('get', '/Users').query({ count: 0 })).body.totalResults as number
      const before = await total()
      const answer = await server
        .scim('post', '/Users')
        .set({ ...json, ...headers })
        .send(body)
      expect([answer.status, answer.body.scimType]).toEqual([status, scimType])
      expect(answer.body).toMatchObject({ schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'], status: String(status) })
      expect(answer.body.detail.length).toBeGreaterThan(20)
      expect(await total()).toBe(before)
    })

    it.each<[string, number, string | undefined]>([
      ['/Users?filter=userName eq', 400, 'invalidFilter'],
      ['/Users?filter=nonsense eq "x"', 400, 'invalidFilter'],
      ['/Users?filter=userName like "x"', 400, 'invalidFilter'],
      ['/Users?count=many', 400, 'invalidValue'],
      ['/Users/not-an-id', 404, undefined],
      ['/Users/01a21184-f6b4-71fa-8718-6a40efab043d', 404, undefined],
      ['/Users/%zz', 400, 'invalidSyntax'],
      ['/Nothing', 404, undefined],
      ['/Bulk', 405, undefined],
      ['/Schemas?filter=id eq "x"', 403, undefined],
    ])('GET %s: %i', async (path, status, scimType) => {
      const answer = await server.scim('get', encodeURI(path).replace('%25zz', '%zz'))
      expect([answer.status, answer.body.scimType]).toEqual([status, scimType])
      expect(answer.body.detail).toBeTruthy()
    })

    it('a method that is not possible names those that are', async () => {
      const answer = await server.scim('put', '/Users').send({})
      expect([answer.status, answer.headers['allow']]).toEqual([405, 'GET, POST'])
    })

    it('a token without the scope', async () => {
      const token = await server.token(['users:read'])
      const answer = await request(server.url)
        .post('/scim/v2/Users')
        .set('Authorization', `Bearer ${token}`)
        .send({ userName: 'x' })
      expect([answer.status, answer.body.detail]).toEqual([403, expect.stringContaining('users:write')])
    })
  })
})

describe('/scim/v2/Users with rate limits', () => {
  it('answers 429 to who tries tokens, and goes on serving who has one', async () => {
    const server = await startTestServer()
    try {
      const guess = () => request(server.url).get('/scim/v2/Users').set('Authorization', 'Bearer wrong')
      for (let i = 0; i < 20; i++) expect((await guess()).status).toBe(401)
      const answer = await guess()
      expect([answer.status, answer.headers['retry-after']]).toEqual([429, expect.stringMatching(/^\d+$/)])
      expect((await server.scim('get', '/Users')).status).toBe(200)
    } finally {
      await server.stop()
    }
  })
})
