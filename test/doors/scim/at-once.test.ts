import { mariadbDatabases, type Databases } from '../../contracts/store/databases'
import { startTestServer, type TestServer } from '../../kit/server'
import { describeWith } from '../../services/describe-with'
import type { MysqlConfig } from '../../services/mariadb'
import { hookTimeoutMs } from '../../services/service'

type Body = Readonly<Record<string, unknown>>
type Answer = { readonly status: number; readonly body: Readonly<Record<string, unknown>> }

/** Who asks for a name in the moment in which another does gets it, or is told that it is taken. */
function requestsAtOnce(start: () => Promise<TestServer>): void {
  let server: TestServer
  let made = 0
  beforeAll(async () => void (server = await start()), hookTimeoutMs)
  afterAll(() => server.stop(), hookTimeoutMs)

  const name = () => `name${++made}`
  const send = async (method: 'post' | 'put' | 'patch', at: string, body: Body): Promise<Answer> => {
    const { status, body: answer } = await server.scim(method, at).send(JSON.stringify(body))
    return { status, body: answer as Answer['body'] }
  }
  const create = async (at: string, body: Body) => {
    const { status, body: resource } = await send('post', at, body)
    expect(status).toBe(201)
    return resource['id'] as string
  }
  const total = async (at: string, filter: string) => {
    const answer = await server.scim('get', `${at}?count=0&filter=${encodeURIComponent(filter)}`)
    return (answer.body as { readonly totalResults: number }).totalResults
  }
  /** One has it, all others are told why they have it not. */
  const oneWins = (answers: readonly Answer[], won: number) => {
    const [winner, ...others] = [...answers].sort((a, b) => a.status - b.status)
    expect([winner!.status, ...others.map(({ status }) => status)]).toEqual([won, ...others.map(() => 409)])
    for (const { body } of others)
      expect(body).toMatchObject({ status: '409', scimType: 'uniqueness', detail: expect.stringMatching(/already/) as string })
  }
  const replace = (path: string, value: string) => ({ Operations: [{ op: 'replace', path, value }] })

  it.each([2, 8])('creates one of %i users of one userName, case aside', async (count) => {
    const userName = name()
    const bodies = Array.from({ length: count }, (_, i) => ({ userName: i % 2 === 0 ? userName : userName.toUpperCase() }))
    oneWins(await Promise.all(bodies.map((body) => send('post', '/Users', body))), 201)
    expect(await total('/Users', `userName eq "${userName}"`)).toBe(1)
  })

  it.each(['/Users', '/Groups'])('creates one of two %s of one externalId', async (at) => {
    const externalId = name()
    const bodies = [name(), name()].map((one) => ({ userName: one, displayName: one, externalId }))
    oneWins(await Promise.all(bodies.map((body) => send('post', at, body))), 201)
    expect(await total(at, `externalId eq "${externalId}"`)).toBe(1)
    expect(await total(at, bodies.map(({ displayName }) => `displayName eq "${displayName}"`).join(' or '))).toBe(1)
  })

  it.each([2, 8])('creates one of %i groups of one displayName', async (count) => {
    const displayName = name()
    oneWins(await Promise.all(Array.from({ length: count }, () => send('post', '/Groups', { displayName }))), 201)
    expect(await total('/Groups', `displayName eq "${displayName}"`)).toBe(1)
  })

  it.each<[what: string, at: string, won: number, change: (one: string, taken: string) => readonly ['put' | 'patch', Body]]>([
    ['PUT of a user to a userName', '/Users', 200, (_, taken) => ['put', { userName: taken }]],
    ['PATCH of a user to a userName', '/Users', 200, (_, taken) => ['patch', replace('userName', taken)]],
    ['PUT of a user to an externalId', '/Users', 200, (one, taken) => ['put', { userName: one, externalId: taken }]],
    ['PATCH of a user to an externalId', '/Users', 200, (_, taken) => ['patch', replace('externalId', taken)]],
    ['PUT of a group to a displayName', '/Groups', 200, (_, taken) => ['put', { displayName: taken }]],
    ['PATCH of a group to a displayName', '/Groups', 204, (_, taken) => ['patch', replace('displayName', taken)]],
    ['PUT of a group to an externalId', '/Groups', 200, (one, taken) => ['put', { displayName: one, externalId: taken }]],
    ['PATCH of a group to an externalId', '/Groups', 204, (_, taken) => ['patch', replace('externalId', taken)]],
  ])('lets one %s win of two at once, and none when it is taken', async (_what, at, won, change) => {
    const [first, second, third, taken] = [name(), name(), name(), name()]
    const ids = await Promise.all([first, second, third].map((one) => create(at, { userName: one, displayName: one })))
    const attempt = (i: number) => {
      const [method, body] = change([first, second, third][i]!, taken)
      return send(method, `${at}/${ids[i]}`, body)
    }
    oneWins(await Promise.all([attempt(0), attempt(1)]), won)
    expect((await attempt(2)).status).toBe(409)
    const field = at === '/Users' ? 'userName' : 'displayName'
    expect(await total(at, `(${field} eq "${taken}" or externalId eq "${taken}")`)).toBe(1)
    const one = await server.scim('get', `${at}/${ids[2]}`)
    expect((one.body as Body)[field]).toBe(third)
  })
}

describe('requests at once, on SQLite', () => requestsAtOnce(() => startTestServer()))

describeWith(['mariadb'], 'requests at once, on MariaDB', () => {
  let databases: Databases
  beforeAll(async () => void (databases = await mariadbDatabases()), hookTimeoutMs)
  afterAll(() => databases.close(), hookTimeoutMs)

  const start = async () => {
    const { user, password, host, port, database } = (await databases.empty()) as MysqlConfig
    return startTestServer({
      KAGAMI_DATABASE_URL: `mysql://${user}:${password}@${host}:${port}/${database}`,
      KAGAMI_SECRET_KEY: '5e'.repeat(32),
    })
  }
  describe('a node', () => requestsAtOnce(start)) // its hooks end it before the database
})
