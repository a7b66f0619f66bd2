import BetterSqlite3 from 'better-sqlite3'
import fc from 'fast-check'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { Agent, request as httpRequest, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import path from 'node:path'
import { errorUrn } from '../../src/wire/scim/urns'
import { seed } from '../kit/seed'
import { startTestServer, type TestServer } from '../kit/server'
import { aBulk, aFilter, aPatch, aResource, attributesText, broken, listParameters } from './grammar'

type Sent = {
  readonly method: string
  readonly path: string
  readonly body?: string | Buffer
  readonly headers?: Readonly<Record<string, string>>
}
type Answer = { readonly status: number; readonly text: string }

const maxCpuMs = 200

describe('a server that is sent anything', () => {
  let server: TestServer
  let token: string
  let database: BetterSqlite3.Database
  let digest: () => string
  const users: string[] = []
  const groups: string[] = []
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })

  beforeAll(async () => {
    server = await startTestServer({ KAGAMI_RATE_LIMITS: 'off' })
    token = await server.token(['users:read', 'users:write', 'groups:read', 'groups:write'])
    database = new BetterSqlite3(path.join(server.folder, 'kagami.db'), { readonly: true })
    digest = digestOf(database)
    for (let i = 0; i < 5; i++) {
      const emails = [
        { value: `a${i}@example.jp`, type: 'work', primary: true },
        { value: `b${i}@example.jp`, type: 'home' },
      ]
      const person = await sent({
        method: 'POST',
        path: '/Users',
        body: JSON.stringify({ userName: `somebody${i}`, externalId: `E${i}`, emails }),
      })
      users.push((JSON.parse(person.text) as { readonly id: string }).id)
      const group = await sent({
        method: 'POST',
        path: '/Groups',
        body: JSON.stringify({ displayName: `group${i}`, members: [{ value: users[0] }] }),
      })
      groups.push((JSON.parse(group.text) as { readonly id: string }).id)
    }
  })
  afterAll(async () => {
    agent.destroy()
    database.close()
    await server.stop()
  })

  const sent = (what: Sent) => answerTo(server, agent, token, what)

  /** 2xx or 4xx, told as SCIM tells it, at once; who is refused has changed nothing. */
  async function isJudged(what: Sent): Promise<number> {
    const before = digest()
    const { answer, cpuMs } = await timed(what)
    if (cpuMs > maxCpuMs) expect(Math.min((await timed(what)).cpuMs, (await timed(what)).cpuMs)).toBeLessThan(maxCpuMs)
    requireScim(what, answer)
    if (answer.status >= 400) expect({ what, digest: digest() }).toEqual({ what, digest: before })
    return answer.status
  }

  async function timed(what: Sent): Promise<{ readonly answer: Answer; readonly cpuMs: number }> {
    const before = process.cpuUsage()
    const answer = await sent(what)
    const { user, system } = process.cpuUsage(before)
    return { answer, cpuMs: (user + system) / 1_000 }
  }

  const ids = () => [...users, ...groups]
  const aUserId = fc.nat({ max: 5 }).map((i) => users[i] ?? 'nobody')
  const aGroupId = fc.nat({ max: 5 }).map((i) => groups[i] ?? '018f0000-0000-7000-8000-00000000000a')
  const lists = (at: string, kind: 'User' | 'Group') =>
    listParameters(kind).map((query) => ({ method: 'GET', path: `${at}?${queryOf(query)}` }))
  const searches = (at: string, kind: 'User' | 'Group') =>
    broken(listParameters(kind).map((query) => JSON.stringify(query))).map((body) => ({
      method: 'POST',
      path: `${at}/.search`,
      body,
    }))
  const writes = (method: string, at: fc.Arbitrary<string>, body: fc.Arbitrary<string>) =>
    fc.record({ method: fc.constant(method), path: at, body: broken(body) })

  it.each<[what: string, numRuns: number, made: () => fc.Arbitrary<Sent>]>([
    ['filters of users', 300, () => aFilter('User').map((filter) => ({ method: 'GET', path: `/Users?${queryOf({ filter })}` }))],
    [
      'filters of groups',
      150,
      () => aFilter('Group').map((filter) => ({ method: 'GET', path: `/Groups?${queryOf({ filter })}` })),
    ],
    ['lists of users', 150, () => lists('/Users', 'User')],
    ['lists of groups', 100, () => lists('/Groups', 'Group')],
    ['searches', 100, () => fc.oneof(searches('/Users', 'User'), searches('/Groups', 'Group'), searches('', 'User'))],
    ['new users', 300, () => writes('POST', fc.constant('/Users'), aResource('User', ids()))],
    ['new groups', 150, () => writes('POST', fc.constant('/Groups'), aResource('Group', ids()))],
    [
      'replaced users',
      200,
      () =>
        writes(
          'PUT',
          aUserId.map((id) => `/Users/${id}`),
          aResource('User', ids()),
        ),
    ],
    [
      'replaced groups',
      100,
      () =>
        writes(
          'PUT',
          aGroupId.map((id) => `/Groups/${id}`),
          aResource('Group', ids()),
        ),
    ],
    [
      'PATCHes of users',
      350,
      () =>
        writes(
          'PATCH',
          aUserId.map((id) => `/Users/${id}`),
          aPatch('User', ids()),
        ),
    ],
    [
      'PATCHes of groups',
      150,
      () =>
        writes(
          'PATCH',
          aGroupId.map((id) => `/Groups/${id}`),
          aPatch('Group', ids()),
        ),
    ],
    ['Bulk messages', 100, () => writes('POST', fc.constant('/Bulk'), aBulk(ids()))],
    [
      'queries as they never should be',
      100,
      () =>
        broken(fc.constantFrom('filter=userName%20pr', 'count=1&count=2', 'filter[a]=b', '%E0%A4%A', '&&=&', 'filter=%00')).map(
          (query) => ({ method: 'GET', path: `/Users?${printable(query)}` }),
        ),
    ],
    [
      'addresses as they never should be',
      100,
      () =>
        broken(fc.constantFrom('/Users/x', '/Groups//', '/Users/..%2f..', '/Schemas/x', '/Users/%00', '/Bulk/1', '/Me/x')).map(
          (at) => ({ method: 'GET', path: `/${printable(at)}` }),
        ),
    ],
    [
      'headers as they never should be',
      100,
      () =>
        broken(fc.constantFrom('W/"1"', '"1", W/"2"', '*')).map((tag) => ({
          method: 'PATCH',
          path: `/Users/${users[0]}`,
          body: '{"Operations":[]}',
          headers: { 'if-match': printable(tag) },
        })),
    ],
    [
      'attributes that are no message',
      50,
      () => writes('POST', fc.constantFrom('/Users', '/Groups', '/Bulk', '/.search'), attributesText('User', ids())),
    ],
  ])(
    `answers %s: %i of them (seed ${seed})`,
    async (_what, numRuns, made) => {
      const statuses = new Map<number, number>()
      await fc.assert(
        fc.asyncProperty(made(), async (what) => {
          const status = await isJudged(what)
          statuses.set(status, (statuses.get(status) ?? 0) + 1)
        }),
        { seed, numRuns, endOnFailure: true },
      )
      expect([...statuses.keys()].every((status) => status < 500)).toBe(true)
    },
    120_000,
  )

  const filter = (text: string): Sent => ({ method: 'GET', path: `/Users?${queryOf({ filter: text })}` })
  const post = (body: string | Buffer, headers: Readonly<Record<string, string>> = {}): Sent => ({
    method: 'POST',
    path: '/Users',
    body,
    headers,
  })
  const patch = (body: string): Sent => ({ method: 'PATCH', path: `/Users/${users[0]}`, body })
  const operation = (path: string, value: unknown) => patch(JSON.stringify({ Operations: [{ op: 'replace', path, value }] }))

  it.each<[what: string, status: number, made: () => Sent]>([
    ['a filter of 10,000 characters', 400, () => filter(`userName eq "${'a'.repeat(10_000)}"`)],
    ['a filter of 8,000 characters', 200, () => filter(`displayName co "${'ﷺ'.repeat(1_300)}"`)],
    ['8 KB of (', 400, () => filter('('.repeat(8_192))],
    ['thousands of backslashes', 400, () => filter(`userName eq "${'\\'.repeat(5_001)}`)],
    [
      '16 pairs, which are 65,536 in normal form',
      200,
      () => filter(Array.from({ length: 16 }, (_, i) => `(title eq "${i}" or roles co "x")`).join(' and ')),
    ],
    [
      '200 terms on lists',
      200,
      () => filter(Array.from({ length: 100 }, (_, i) => `roles[value eq "${i}" and not (type pr)]`).join(' or ')),
    ],
    ['30 levels', 200, () => filter(`${'not ('.repeat(30)}roles.value pr${')'.repeat(30)}`)],
    ['NUL in a filter', 200, () => filter('userName co "\\u0000"')],
    ['half a surrogate pair in a filter', 400, () => filter('userName eq "\\ud83d"')],
    ['__proto__ in a filter', 400, () => filter('__proto__.x eq "a"')],
    ['a body that ends early', 400, () => post('{"userName":"cut')],
    ['a body of nothing', 400, () => post('')],
    ['a body that is null', 400, () => post('null')],
    ['a body that is a list', 400, () => post('[{"userName":"x"}]')],
    ['a body that is a string', 400, () => post('"userName"')],
    ['a body with a byte order mark', 201, () => post('\ufeff{"userName":"mark"}')],
    [
      'broken UTF-8',
      400,
      () => post(Buffer.concat([Buffer.from('{"userName":"'), Buffer.from([0xc3, 0x28, 0xff]), Buffer.from('"}')])),
    ],
    [
      'UTF-8 cut in a character',
      400,
      () => post(Buffer.concat([Buffer.from('{"userName":"a'), Buffer.from([0xe3, 0x81]), Buffer.from('"}')])),
    ],
    ['NUL', 400, () => post('{"userName":"a\\u0000b"}')],
    ['half a surrogate pair', 400, () => post('{"userName":"a\\ud83d"}')],
    ['a number past all numbers', 400, () => post('{"userName":1e999}')],
    ['a huge number of no use', 201, () => post('{"userName":"huge","shoeSize":1e999}')],
    ['a key twice', 201, () => post('{"userName":"first","userName":"second"}')],
    ['a key twice in two cases, of which one is no name', 400, () => post('{"userName":"","USERNAME":""}')],
    [
      'the names that JavaScript knows',
      201,
      () => post('{"__proto__":{"userName":"x"},"constructor":{"prototype":{}},"userName":"poison"}'),
    ],
    ['a name of 10,000 characters', 400, () => post(JSON.stringify({ userName: 'a'.repeat(10_000) }))],
    ['a body 10,000 deep', 400, () => post(`{"userName":"deep","emails":${'['.repeat(10_000)}${']'.repeat(10_000)}}`)],
    ['60,000 keys', 400, () => post(JSON.stringify(Object.fromEntries(Array.from({ length: 60_000 }, (_, i) => [`k${i}`, i]))))],
    ['more than 1 MB', 413, () => post(JSON.stringify({ userName: 'big', title: 'x'.repeat(1_100_000) }))],
    ['text', 415, () => post('userName=x', { 'content-type': 'text/plain' })],
    ['a form', 415, () => post('userName=x', { 'content-type': 'application/x-www-form-urlencoded' })],
    ['no content type', 415, () => post('{"userName":"x"}', { 'content-type': '' })],
    ['a charset that nobody knows', 415, () => post('{"userName":"x"}', { 'content-type': 'application/json; charset=klingon' })],
    ['an encoding that nobody knows', 415, () => post('{"userName":"x"}', { 'content-encoding': 'klingon' })],
    ['an encoding that it is not in', 400, () => post('{"userName":"x"}', { 'content-encoding': 'gzip' })],
    ['__proto__ as a path', 400, () => operation('__proto__.polluted', 'x')],
    ['constructor as a path', 400, () => operation('constructor.prototype.polluted', 'x')],
    ['a path of 10,000 characters', 400, () => operation('x'.repeat(10_000), 'x')],
    ['a path of thousands of backslashes', 400, () => operation(`emails[value eq "${'\\'.repeat(5_001)}"].type`, 'x')],
    ['a path that does not end', 400, () => operation('emails[type eq "work"', 'x')],
    ['a path of brackets', 400, () => operation('['.repeat(5_000), 'x')],
  ])('answers %s with %i', async (_what, status, made) => {
    expect(await isJudged(made())).toBe(status)
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })

  it('goes on after requests that say another length than they have', async () => {
    const { hostname, port } = new URL(server.url)
    const head = `POST /scim/v2/Users HTTP/1.1\r\nHost: kagami.test\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\n`
    const before = digest()
    for (const rest of [
      'Content-Length: 500\r\n\r\n{"userName":"short"}',
      'Content-Length: -1\r\n\r\n{}',
      'Content-Length: 5\r\nContent-Length: 6\r\n\r\n{"a":1}',
      'Content-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      'Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n',
      'Content-Length: 99999999999\r\n\r\n{}',
    ]) {
      const socket = connect(Number(port), hostname)
      socket.on('error', () => undefined)
      socket.end(head + rest)
      socket.resume()
      await once(socket, 'close')
    }
    expect(digest()).toBe(before)
    expect((await sent(filter('userName pr'))).status).toBe(200)
  })
})

/** As it goes over the wire: what is no text becomes U+FFFD. */
const queryOf = (query: Readonly<Record<string, string>>) =>
  Object.entries(query)
    .map(([name, value]) => `${name}=${encodeURIComponent(value.replace(/\p{Surrogate}/gu, '\ufffd'))}`)
    .join('&')

/** What Node lets into an address or a header. */
const printable = (text: string) => text.replace(/[^\x21-\x7e]/g, '_')

async function answerTo(
  server: TestServer,
  agent: Agent,
  token: string,
  { method, path: at, body, headers }: Sent,
): Promise<Answer> {
  const bytes = body === undefined ? undefined : Buffer.from(body)
  const request = httpRequest(`${server.url}/scim/v2${at}`, {
    method,
    agent,
    headers: {
      authorization: `Bearer ${token}`,
      ...(bytes ? { 'content-type': 'application/scim+json', 'content-length': bytes.length } : {}),
      ...headers,
    },
  })
  request.end(bytes)
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  const parts: Buffer[] = []
  for await (const part of response) parts.push(part as Buffer)
  return { status: response.statusCode!, text: Buffer.concat(parts).toString() }
}

function requireScim(what: Sent, { status, text }: Answer): void {
  const told = (status >= 200 && status < 300) || (status >= 400 && status < 500)
  if (!told) throw new Error(`${status} to ${JSON.stringify(what)}: ${text}`)
  if (status < 400) return void (text === '' || JSON.parse(text))
  expect(JSON.parse(text)).toMatchObject({
    schemas: [errorUrn],
    status: String(status),
    detail: expect.stringMatching(/\S/) as string,
  })
  if (status === 400) expect((JSON.parse(text) as { readonly scimType?: string }).scimType).toBeDefined()
}

/** A fingerprint of the whole directory; made anew only when somebody has written. */
function digestOf(database: BetterSqlite3.Database): () => string {
  const tables = database
    .prepare(`SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'directory%' ORDER BY name`)
    .pluck()
    .all() as string[]
  const statements = tables.map((table) => database.prepare(`SELECT * FROM ${table}`).raw())
  let [version, last]: [unknown, string] = [undefined, '']
  return () => {
    const now = database.pragma('data_version', { simple: true })
    if (now === version) return last
    const hash = createHash('sha256')
    for (const statement of statements) for (const row of statement.iterate()) hash.update(JSON.stringify(row))
    version = now
    return (last = hash.digest('hex'))
  }
}
