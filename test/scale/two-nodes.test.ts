import { mariadbDatabases, type Databases } from '../contracts/store/databases'
import { randomFrom } from '../kit/random'
import { startTestServer, type TestServer } from '../kit/server'
import { describeWith } from '../services/describe-with'
import type { MysqlConfig } from '../services/mariadb'
import { hookTimeoutMs } from '../services/service'
import { seedPeople } from './seeded'

const patchOp = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'

describeWith(['mariadb'], 'two nodes on one MariaDB', () => {
  let databases: Databases
  let nodes: readonly TestServer[]
  let people: readonly string[]
  beforeAll(async () => {
    databases = await mariadbDatabases()
    const config = (await databases.empty()) as MysqlConfig
    const { user, password, host, port, database } = config
    const settings = {
      KAGAMI_DATABASE_URL: `mysql://${user}:${password}@${host}:${port}/${database}`,
      KAGAMI_SECRET_KEY: '5e'.repeat(32),
      KAGAMI_ROLE: 'web',
    }
    nodes = [await startTestServer(settings), await startTestServer(settings)]
    people = await seedPeople(databases, config, 9_000)
  }, hookTimeoutMs)
  afterAll(async () => {
    for (const node of nodes) await node.stop()
    await databases.close()
  }, hookTimeoutMs)

  const values = (ids: readonly string[]) => ids.map((value) => ({ value }))
  const create = async (displayName: string, ids: readonly string[]) => {
    const answer = await nodes[0]!
      .scim('post', '/Groups')
      .query({ attributes: 'id' })
      .send({ displayName, members: values(ids) })
    expect(answer.status).toBe(201)
    return (answer.body as { readonly id: string }).id
  }
  const patch = async (node: TestServer, id: string, op: 'add' | 'remove', ids: readonly string[]) => {
    const Operations = [{ op, path: 'members', value: values(ids) }]
    return (await node.scim('patch', `/Groups/${id}`).send({ schemas: [patchOp], Operations })).status
  }
  const membersAt = async (node: TestServer, id: string) => {
    const { body } = await node.scim('get', `/Groups/${id}`)
    return ((body as { readonly members?: readonly { readonly value: string }[] }).members ?? []).map(({ value }) => value)
  }

  it('64 clients add and remove members of one group by PATCHes at either: none fails, none is lost', async () => {
    const id = await create('patched at two nodes', people.slice(0, 100))
    const expected = new Set(people.slice(0, 100))
    const random = randomFrom(64)
    const statuses = await Promise.all(
      Array.from({ length: 64 }, async (_, i) => {
        const own = people.slice(100 + i * 10, 110 + i * 10)
        const answers: number[] = []
        for (let round = 0; round < 5; round++) {
          const some = own.filter(() => random() < 0.6)
          const op = round === 0 || random() < 0.5 ? 'add' : 'remove'
          answers.push(await patch(nodes[(i + round) % 2]!, id, op, some))
          for (const one of some) expected[op === 'add' ? 'add' : 'delete'](one)
        }
        return answers
      }),
    )
    expect(new Set(statuses.flat())).toEqual(new Set([204]))
    for (const node of nodes) expect(await membersAt(node, id)).toEqual([...expected].sort())
  }, 60_000)

  it('PATCHes of the same users and of their group at either, at once: every one is there, once, at both', async () => {
    const id = await create('beside changed users', [])
    const some = people.slice(0, 8)
    const addresses = Array.from({ length: 24 }, (_, i) => `${i}@example.jp`)
    const toUser = (i: number, user: string, operation: object) =>
      nodes[i % 2]!.scim('patch', `/Users/${user}`).send({ schemas: [patchOp], Operations: [operation] })
    const statuses = await Promise.all(
      addresses.flatMap((value, i) =>
        some.map(async (user, j) => {
          const added = await toUser(i + j, user, { op: 'add', path: 'emails', value: [{ value }] })
          const joined = await patch(nodes[(i + j) % 2]!, id, i % 3 === 1 ? 'remove' : 'add', [people[100 + i * 8 + j]!])
          if (i % 2 === 0) return [added.status, joined]
          const removed = await toUser(i + j + 1, user, { op: 'remove', path: `emails[value eq "${value}"]` })
          return [added.status, joined, removed.status]
        }),
      ),
    )
    expect(new Set(statuses.flat())).toEqual(new Set([200, 204]))
    const left = addresses.filter((_, i) => i % 2 === 0).sort()
    const members = addresses.flatMap((_, i) => (i % 3 === 1 ? [] : some.map((_user, j) => people[100 + i * 8 + j]!))).sort()
    for (const node of nodes) {
      expect(await membersAt(node, id)).toEqual(members)
      for (const user of some) {
        const { body } = await node.scim('get', `/Users/${user}`)
        expect((body.emails as readonly { readonly value: string }[]).map(({ value }) => value).sort()).toEqual(left)
        expect(body.meta.version).toBe(`W/"${1 + 24 + 12}"`)
      }
    }
  }, 60_000)

  it('large changes at both and small ones between them end as one after the other would', async () => {
    const id = await create('exchanged at two nodes', people.slice(0, 3_000))
    const [first, second] = nodes as [TestServer, TestServer]
    const answers = await Promise.all([
      patch(first, id, 'add', people.slice(3_000, 6_000)),
      patch(second, id, 'remove', people.slice(0, 2_500)),
      patch(first, id, 'add', people.slice(6_000, 9_000)),
      ...Array.from({ length: 20 }, (_, i) => patch(nodes[i % 2]!, id, 'remove', [people[2_600 + i]!])),
    ])
    expect(new Set(answers)).toEqual(new Set([204]))
    const expected = [...people.slice(2_500, 2_600), ...people.slice(2_620)]
    for (const node of nodes) expect(await membersAt(node, id)).toEqual(expected)
  }, 60_000)

  it('two whole memberships that are put at the same time: one of them is there in the end, at both', async () => {
    const id = await create('put at two nodes', people.slice(0, 2_000))
    const wholes = [people.slice(1_000, 5_000), people.slice(4_000, 8_500)]
    const put = (node: TestServer, ids: readonly string[]) =>
      node
        .scim('put', `/Groups/${id}`)
        .query({ attributes: 'id' })
        .send({ displayName: 'put at two nodes', members: values(ids) })
    const answers = await Promise.all(nodes.map((node, i) => put(node, wholes[i]!)))
    expect(answers.map(({ status }) => status)).toEqual([200, 200])
    const now = await membersAt(nodes[0]!, id)
    expect(wholes).toContainEqual(now)
    expect(await membersAt(nodes[1]!, id)).toEqual(now)
  }, 60_000)
})
