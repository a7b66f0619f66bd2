import request from 'supertest'
import { baseUrl, startTestServer, type TestServer } from '../../kit/server'
import { describeWith } from '../../services/describe-with'
import type { MysqlConfig } from '../../services/mariadb'
import { mariadbDatabases, type Databases } from '../../contracts/store/databases'

const userUrn = 'urn:ietf:params:scim:schemas:core:2.0:User'
const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
const bulkRequest = 'urn:ietf:params:scim:api:messages:2.0:BulkRequest'
const bulkResponse = 'urn:ietf:params:scim:api:messages:2.0:BulkResponse'

type Result = {
  readonly method: string
  readonly bulkId?: string
  readonly location?: string
  readonly version?: string
  readonly status: string
  readonly response?: { readonly status: string; readonly scimType?: string; readonly detail: string }
}

describe('/scim/v2/Bulk (RFC 7644 §3.7) on SQLite', () => bulkSuite(() => startTestServer()))
describeWith(['mariadb'], '/scim/v2/Bulk (RFC 7644 §3.7) on MariaDB', () => {
  let databases: Databases
  beforeAll(async () => void (databases = await mariadbDatabases()))
  bulkSuite(async () => {
    const { host, port, user, password, database } = (await databases.empty()) as MysqlConfig
    return startTestServer({
      KAGAMI_DATABASE_URL: `mysql://${user}:${password}@${host}:${port}/${database}`,
      KAGAMI_SECRET_KEY: '07'.repeat(32),
    })
  })
  afterAll(() => databases.close())
})

function bulkSuite(start: () => Promise<TestServer>): void {
  let server: TestServer
  beforeAll(async () => void (server = await start()))
  afterAll(() => server.stop())

  const send = (body: unknown) =>
    server.scim('post', '/Bulk').set('Content-Type', 'application/scim+json').send(JSON.stringify(body))
  const bulk = async (operations: readonly object[], rest: object = {}): Promise<readonly Result[]> => {
    const answer = await send({ schemas: [bulkRequest], Operations: operations, ...rest })
    expect([answer.status, answer.body.detail, answer.body.schemas]).toEqual([200, undefined, [bulkResponse]])
    return answer.body.Operations as readonly Result[]
  }
  const statuses = (results: readonly Result[]) => results.map(({ status }) => status)
  const post = (bulkId: string, userName: string, rest: object = {}) => ({
    method: 'POST',
    path: '/Users',
    bulkId,
    data: { schemas: [userUrn], userName, ...rest },
  })
  const group = (bulkId: string, displayName: string, ...members: readonly string[]) => ({
    method: 'POST',
    path: '/Groups',
    bulkId,
    data: { displayName, members: members.map((value) => ({ value })) },
  })
  const at = async (location: string | undefined) =>
    (await server.scim('get', location!.slice(`${baseUrl}/scim/v2`.length))).body as Record<string, unknown>
  const idOf = (location: string | undefined) => location!.split('/').at(-1)!
  const memberIds = async (location: string | undefined) =>
    ((await at(location))['members'] as readonly { value: string }[]).map(({ value }) => value).sort()
  const managerOf = async (location: string | undefined) =>
    ((await at(location))[enterprise] as { manager: { value: string } } | undefined)?.manager.value

  it('creates, replaces, changes and deletes, and says where each resource is and in which version', async () => {
    const [a, b] = await bulk([post('a', 'b-taro'), post('b', 'b-jiro')])
    const path = (location: string | undefined) => `/Users/${idOf(location)}`
    const results = await bulk([
      post('c', 'b-saburo'),
      { method: 'put', path: path(a!.location), version: 'W/"1"', data: { userName: 'b-taro', title: '部長' } },
      {
        method: 'PATCH',
        path: path(b!.location),
        bulkId: 'kept',
        data: { Operations: [{ op: 'replace', path: 'active', value: false }] },
      },
      { method: 'DELETE', path: path(b!.location) },
    ])
    expect(results).toEqual([
      {
        method: 'POST',
        bulkId: 'c',
        location: expect.stringContaining(`${baseUrl}/scim/v2/Users/`),
        version: 'W/"1"',
        status: '201',
      },
      { method: 'PUT', location: a!.location, version: 'W/"2"', status: '200' },
      { method: 'PATCH', bulkId: 'kept', location: b!.location, version: 'W/"2"', status: '200' },
      { method: 'DELETE', location: b!.location, status: '204' },
    ])
    expect(await at(a!.location)).toMatchObject({ title: '部長', meta: { version: 'W/"2"' } })
    expect(await at(b!.location)).toMatchObject({ status: '404' })
  })

  it('takes a PATCH as a bare list of operations, as the example of the RFC has it', async () => {
    const [a] = await bulk([post('a', 'b-nick', { nickName: 'N' })])
    const path = `/Users/${idOf(a!.location)}`
    expect(statuses(await bulk([{ method: 'PATCH', path, data: [{ op: 'remove', path: 'nickName' }] }]))).toEqual(['200'])
    expect(await at(a!.location)).not.toHaveProperty('nickName')
  })

  describe('references', () => {
    it('stand for what the request creates, wherever they stand and in any order', async () => {
      const results = await bulk([
        {
          method: 'PATCH',
          path: '/Groups/bulkId:g',
          data: { Operations: [{ op: 'remove', path: 'members[value eq "bulkId:u1"]' }] },
        },
        group('g', 'r-group', 'bulkId:u1', 'bulkId:u2', 'bulkId:inner'),
        group('inner', 'r-inner', 'bulkId:u3'),
        post('u1', 'r-1', { [enterprise]: { manager: { value: 'bulkId:u2' } } }),
        { method: 'PUT', path: 'Users/bulkId:u3/', data: { userName: 'r-3', title: '課長' } },
        post('u2', 'r-2'),
        post('u3', 'r-3'),
      ])
      expect(statuses(results)).toEqual(['200', '201', '201', '201', '200', '201', '201'])
      const [patched, outer, inner, u1, , u2, u3] = results.map(({ location }) => location)
      expect(patched).toBe(outer)
      expect(await memberIds(outer)).toEqual([idOf(u2), idOf(inner)].sort())
      expect(await memberIds(inner)).toEqual([idOf(u3)])
      expect(await managerOf(u1)).toBe(idOf(u2))
      expect(await at(u3)).toMatchObject({ title: '課長', meta: { version: 'W/"2"' } })
    })

    it('that run in a circle are created first and joined after (§3.7.1)', async () => {
      const managedBy = (value: string) => ({ title: '部長', [enterprise]: { department: '総務', manager: { value } } })
      const results = await bulk([
        post('a', 'c-a', managedBy('bulkId:b')),
        post('b', 'c-b', managedBy('bulkId:c')),
        post('c', 'c-c', managedBy('bulkId:a')),
        post('self', 'c-self', managedBy('bulkId:self')),
        group('all', 'c-all', 'bulkId:a', 'bulkId:b'),
      ])
      expect(statuses(results)).toEqual(['201', '201', '201', '201', '201'])
      const [a, b, c, self, all] = results.map(({ location }) => location)
      expect([await managerOf(a), await managerOf(b), await managerOf(c)]).toEqual([b, c, a].map(idOf))
      expect(await managerOf(self)).toBe(idOf(self))
      expect(await at(a)).toMatchObject({
        title: '部長',
        [enterprise]: { department: '総務' },
        meta: { version: results[0]!.version },
      })
      expect(await memberIds(all)).toEqual([idOf(a), idOf(b)].sort())
      expect(results[4]!.version).toBe('W/"1"') // it is in no circle: created whole
    })

    it('between groups that would contain each other: one of them is refused, and said to exist', async () => {
      const results = await bulk([
        group('x', 'x-group', 'bulkId:y', 'bulkId:u'),
        group('y', 'y-group', 'bulkId:x'),
        post('u', 'x-user'),
      ])
      expect(statuses(results).sort()).toEqual(['201', '201', '400'])
      const [x, y, u] = results
      const refused = x!.status === '400' ? x! : y!
      expect(refused.response!.detail).toMatch(/^It was created, but what refers to others was refused: /)
      expect(await at(refused.location)).toMatchObject({ schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'] })
      expect(await memberIds(x!.location)).toContain(idOf(u!.location))
    })

    it('to nothing fail alone; who depends on what failed is told of whom', async () => {
      await bulk([post('first', 'f-taken')])
      const results = await bulk([
        group('g', 'f-group', 'bulkId:taken'),
        group('h', 'f-group-2', 'bulkId:g'),
        post('taken', 'f-taken'),
        group('i', 'f-group-3', 'bulkId:nowhere'),
        post('ok', 'f-ok'),
        { method: 'DELETE', path: '/Users/bulkId:taken' },
        { method: 'POST', path: '/Users', bulkId: 'broken', data: 5 },
        { method: 'PUT', path: '/Users/bulkId:broken', data: { userName: 'f-broken' } },
      ])
      expect(statuses(results)).toEqual(['409', '409', '409', '409', '201', '409', '400', '409'])
      expect(results.map(({ response }) => /bulkId[: ](\w+)/.exec(response?.detail ?? '')?.[1])).toEqual([
        'taken',
        'g',
        undefined,
        'nowhere',
        undefined,
        'taken',
        undefined,
        'broken',
      ])
      expect(results[2]).toMatchObject({ method: 'POST', bulkId: 'taken', response: { scimType: 'uniqueness', status: '409' } })
      expect(results[2]).not.toHaveProperty('location')
    })
  })

  it('keeps the order of what touches the same resource, and of deletions and the rest', async () => {
    const [a, b] = await bulk([post('a', 'o-a'), post('b', 'o-b')])
    const title = (value: string) => ({
      method: 'PATCH',
      path: `/Users/${idOf(a!.location)}`,
      data: { Operations: [{ op: 'replace', path: 'title', value }] },
    })
    const path = `/Users/${idOf(b!.location)}`
    const results = await bulk([
      group('g', 'o-group', idOf(b!.location)),
      title('一'),
      { method: 'DELETE', path },
      post('c', 'o-b'),
      { method: 'GET', path },
      title('二'),
      post('d', 'O-B'),
      { method: 'DELETE', path },
      title('三'),
    ])
    expect(statuses(results)).toEqual(['201', '200', '204', '201', '405', '200', '409', '404', '200'])
    expect(await at(a!.location)).toMatchObject({ title: '三', meta: { version: 'W/"4"' } })
  })

  it('gives a name on within one request: renames run in their order', async () => {
    const [a, b] = await bulk([post('a', 'n-a'), post('b', 'n-b')])
    const rename = (location: string | undefined, userName: string) => ({
      method: 'PATCH',
      path: `/Users/${idOf(location)}`,
      data: { Operations: [{ op: 'replace', value: { userName } }] },
    })
    const results = await bulk([rename(a!.location, 'n-c'), rename(b!.location, 'n-a'), post('c', 'n-b')])
    expect(statuses(results)).toEqual(['200', '200', '201'])
  })

  describe('failOnErrors', () => {
    it('ends the request at the failure that it names; nothing behind it was tried', async () => {
      await bulk([post('x', 'e-taken')])
      const wrong = (bulkId: string) => post(bulkId, 'e-taken')
      const operations = [post('1', 'e-1'), wrong('2'), post('3', 'e-3'), wrong('4'), post('5', 'e-5')]
      expect(statuses(await bulk(operations, { failOnErrors: 2 }))).toEqual(['201', '409', '201', '409'])
      expect(statuses(await bulk([post('5', 'e-5'), ...operations], { failOnErrors: 1 }))).toEqual(['201', '409'])
      expect(statuses(await bulk(operations, { failOnErrors: 0 }))).toEqual(['409', '409', '409', '409', '409'])
    })

    it('between the two steps of a circle: what was created is said to be there', async () => {
      const manager = (value: string) => ({ [enterprise]: { manager: { value } } })
      const operations = [post('a', 'h-a', manager('bulkId:b')), post('b', 'h-b', manager('bulkId:a')), post('c', 'f-taken')]
      const results = await bulk([operations[2]!, operations[0]!, operations[1]!], { failOnErrors: 1 })
      expect(statuses(results)).toEqual(['409'])
      const ended = await bulk([post('a', 'h-a', manager('bulkId:b')), post('b', 'f-taken', manager('bulkId:a'))], {
        failOnErrors: 1,
      })
      expect(statuses(ended)).toEqual(['409', '409'])
      expect(ended[0]!.response!.detail).toContain('failOnErrors ended the request')
      expect(await at(ended[0]!.location)).toMatchObject({ userName: 'h-a' })
    })

    it.each([-1, 1.5, 'one', true])('%j is refused', async (failOnErrors) => {
      const answer = await send({ Operations: [post('z', 'z')], failOnErrors })
      expect([answer.status, answer.body.scimType]).toEqual([400, 'invalidValue'])
    })
  })

  it('refuses what is no operation on a user or group, one by one', async () => {
    const id = '01a21184-f6b4-71fa-8718-6a40efab043d'
    const results = await bulk([
      { method: 'POST', path: '/Bulk', bulkId: '1', data: { Operations: [] } },
      { method: 'GET', path: '/Users' },
      { method: 'PATCH', path: '/Me', data: {} },
      { method: 'POST', path: '/Users/.search', bulkId: '2', data: {} },
      { method: 'POST', path: '/Users', data: { userName: 'no-bulk-id' } },
      { method: 'POST', path: `/Users/${id}`, bulkId: '3', data: {} },
      { method: 'PUT', path: '/Users', data: {} },
      { method: 'PATCH', path: `/Users/${id}`, data: { Operations: [{ op: 'replace', value: { active: true } }] } },
      { method: 'DELETE', path: '/Users/not-an-id' },
      { method: 'DELETE', path: `/Groups/${id}`, version: 5 },
      post('twice', 'twice-1'),
      post('twice', 'twice-2'),
      5 as unknown as object,
      {},
    ])
    expect(statuses(results)).toEqual([
      '400',
      '405',
      '400',
      '400',
      '400',
      '400',
      '400',
      '404',
      '404',
      '400',
      '201',
      '400',
      '400',
      '405',
    ])
    for (const { response, status } of results) {
      if (response) expect([response.status, response.detail.length > 20]).toEqual([status, true])
    }
    expect(results[7]!.location).toBe(`${baseUrl}/scim/v2/Users/${id}`)
  })

  it('takes version as If-Match', async () => {
    const [a] = await bulk([post('a', 'v-a')])
    const path = `/Users/${idOf(a!.location)}`
    const results = await bulk([
      { method: 'PUT', path, version: 'W/"1"', data: { userName: 'v-a', title: '新' } },
      { method: 'PUT', path, version: 'W/"1"', data: { userName: 'v-a' } },
      { method: 'DELETE', path, version: 'W/"1"' },
    ])
    expect(statuses(results)).toEqual(['200', '412', '412'])
    expect(await at(a!.location)).toMatchObject({ title: '新' })
  })

  describe('as a whole', () => {
    const many = (n: number) => Array.from({ length: n }, (_, i) => post(`m${i}`, `many-${i}`))

    it('takes as many operations as ServiceProviderConfig says, fast, and holds nobody up', async () => {
      const config = (await server.scim('get', '/ServiceProviderConfig')).body
      expect(config.bulk).toEqual({ supported: true, maxOperations: 1_000, maxPayloadSize: 4_194_304 })
      let longest = 0
      let last = performance.now()
      const watch = setInterval(() => {
        longest = Math.max(longest, performance.now() - last)
        last = performance.now()
      }, 5)
      const results = await bulk(many(1_000))
      clearInterval(watch)
      expect(results.every(({ status }) => status === '201')).toBe(true)
      expect(results.map(({ bulkId }) => bulkId)).toEqual(many(1_000).map(({ bulkId }) => bulkId))
      expect(longest).toBeLessThan(1_000)
    })

    it.each<[string, number, string | undefined, unknown, string]>([
      ['one operation too many', 413, undefined, { Operations: many(1_001) }, '1000 operations'],
      ['too many bytes', 413, undefined, { Operations: [post('b', 'x'.repeat(4_200_000))] }, '4194304 bytes'],
      ['no operations', 400, 'invalidSyntax', { Operations: [] }, 'Operations'],
      ['no list', 400, 'invalidSyntax', { Operations: {} }, 'Operations'],
      ['no object', 400, 'invalidSyntax', [], 'BulkRequest'],
    ])('%s: %i', async (_what, status, scimType, body, told) => {
      const answer = await send(body)
      expect([answer.status, answer.body.scimType, answer.body.status]).toEqual([status, scimType, String(status)])
      expect(answer.body.detail).toContain(told)
    })

    it('asks for the scopes that each operation needs', async () => {
      const token = await server.token(['users:write'])
      const answer = await request(server.url)
        .post('/scim/v2/Bulk')
        .set('Authorization', `Bearer ${token}`)
        .send({ Operations: [post('s', 's-user'), group('g', 's-group')] })
      expect(statuses(answer.body.Operations)).toEqual(['201', '403'])
    })

    it('is no stall for a circle of 300 or a chain in reverse', async () => {
      const manager = (i: number) => ({ [enterprise]: { manager: { value: `bulkId:${i}` } } })
      const circle = Array.from({ length: 300 }, (_, i) => post(`${i}`, `circle-${i}`, manager((i + 1) % 300)))
      const results = await bulk(circle)
      expect(new Set(statuses(results))).toEqual(new Set(['201']))
      expect(await managerOf(results[299]!.location)).toBe(idOf(results[0]!.location))
      const chain = Array.from({ length: 60 }, (_, i) => post(`${i}`, `chain-${i}`, i < 59 ? manager(i + 1) : {}))
      expect(new Set(statuses(await bulk(chain)))).toEqual(new Set(['201']))
    })
  })
}
