import { startTestServer, type TestServer } from '../../../kit/server'

const patchOp = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'
const many = 240

describe('members in every shape that identity providers send', () => {
  let server: TestServer
  let people: readonly string[]
  beforeAll(async () => {
    server = await startTestServer()
    const created = await Promise.all(
      Array.from({ length: many }, (_, i) =>
        server.scim('post', '/Users').send({ schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], userName: `member${i}` }),
      ),
    )
    people = created.map(({ body }) => (body as { id: string }).id).sort()
  })
  afterAll(() => server.stop())

  const group = async (displayName: string, ...ids: readonly string[]) => {
    const body = {
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'],
      displayName,
      members: ids.map((value) => ({ value })),
    }
    return ((await server.scim('post', '/Groups').send(body)).body as { id: string }).id
  }
  const patch = (id: string, Operations: readonly object[], schemas: readonly string[] = [patchOp]) =>
    server.scim('patch', `/Groups/${id}`).send({ schemas, Operations })
  const membersOf = async (id: string) =>
    ((await server.scim('get', `/Groups/${id}`)).body.members as { value: string }[]).map(({ value }) => value).sort()

  const [out, left] = [(_: string, i: number) => i % 3 === 0, (_: string, i: number) => i % 3 !== 0]
  const value = (id: string) => ({ $ref: null, value: id })
  it.each<
    [shape: string, add: (ids: readonly string[]) => readonly object[], remove: (ids: readonly string[]) => readonly object[]]
  >([
    [
      'all in one step (Entra ID)',
      (ids) => [{ op: 'Add', path: 'members', value: ids.map(value) }],
      (ids) => [{ op: 'Remove', path: 'members', value: ids.map(value) }],
    ],
    [
      'a step a member with its value (authentik)',
      (ids) => ids.map((id) => ({ op: 'add', path: 'members', value: [{ value: id }] })),
      (ids) => ids.map((id) => ({ op: 'remove', path: 'members', value: [{ value: id }] })),
    ],
    [
      'a step a member with a filter (Entra ID with aadOptscim062020, Okta)',
      (ids) => ids.map((id) => ({ op: 'add', path: 'members', value: [{ value: id, display: id }] })),
      (ids) => ids.map((id) => ({ op: 'remove', path: `members[value eq "${id}"]` })),
    ],
    [
      'several in one filter',
      (ids) => [{ op: 'add', value: { members: ids.map(value) } }],
      (ids) => [{ op: 'remove', path: `members[${ids.map((id) => `value eq "${id}"`).join(' or ')}]` }],
    ],
    [
      'wrapped once more (Salesforce)',
      (ids) => [{ op: 'add', path: 'members', value: { members: ids.map(value) } }],
      (ids) => [{ op: 'remove', path: 'members', value: { members: ids.map(value) } }],
    ],
    [
      'with parts that a member does not have',
      (ids) => [{ op: 'Add', path: 'members', value: ids.map((id) => ({ value: id, displayName: 'x', id, active: 'True' })) }],
      (ids) => [{ op: 'Remove', path: 'members', value: ids.map((id) => ({ value: id, displayName: 'x' })) }],
    ],
    [
      'the whole membership (Keycloak, Okta)',
      (ids) => [{ op: 'replace', path: 'members', value: ids.map(value) }],
      (ids) => [{ op: 'replace', path: 'members', value: people.filter((id) => !ids.includes(id)).map(value) }],
    ],
  ])('%s', async (shape, add, remove) => {
    const id = await group(shape)
    expect((await patch(id, add(people))).status).toBe(204)
    expect(await membersOf(id)).toEqual(people)
    const leaving = people.filter(out).slice(0, 80)
    const removed = await patch(id, remove(leaving))
    expect([removed.status, removed.headers['etag']]).toEqual([204, 'W/"3"'])
    const staying = people.filter((one) => !leaving.includes(one))
    expect(await membersOf(id)).toEqual(staying)
    // again: no error, and nothing has changed
    expect((await patch(id, remove(leaving))).headers['etag']).toBe('W/"3"')
    expect((await patch(id, add(staying))).headers['etag']).toBe('W/"3"')
  })

  it('changes nobody when one step of many cannot be', async () => {
    const id = await group('all or nothing', ...people.filter(left))
    const steps = [
      ...people.filter(out).map((one) => ({ op: 'Add', path: 'members', value: [value(one)] })),
      { op: 'Remove', path: 'members', value: [value(people[1]!)] },
      { op: 'Add', path: 'members', value: [value('00000000-0000-7000-8000-00000000dead')] },
    ]
    const answer = await patch(id, steps)
    expect([answer.status, answer.body]).toEqual([400, expect.objectContaining({ scimType: 'invalidValue' })])
    expect(await membersOf(id)).toEqual(people.filter(left))
  })

  it('takes a PatchOp whose names are written in small letters and without schemas', async () => {
    const id = await group('small letters')
    const body = { operations: [{ OP: 'add', Path: 'members', VALUE: [value(people[0]!)] }] }
    expect((await server.scim('patch', `/Groups/${id}`).send(body)).status).toBe(204)
    expect(await membersOf(id)).toEqual([people[0]])
  })
})
