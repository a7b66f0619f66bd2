import { startTestServer, type TestServer } from '../../kit/server'

const core = 'urn:ietf:params:scim:schemas:core:2.0:Group'
const patchOp = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'

describe('/scim/v2/Groups', () => {
  let server: TestServer
  let [taro, hanako]: readonly string[] = []
  const person = async (userName: string) =>
    (await server.scim('post', '/Users').send({ schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], userName })).body
      .id as string
  beforeAll(async () => {
    server = await startTestServer()
    ;[taro, hanako] = [await person('taro'), await person('hanako')]
  })
  afterAll(() => server.stop())

  const create = (displayName: string, ...ids: readonly (string | undefined)[]) =>
    server.scim('post', '/Groups').send({ schemas: [core], displayName, members: ids.map((value) => ({ value })) })
  const patch = (id: string, ...Operations: readonly object[]) =>
    server.scim('patch', `/Groups/${id}`).send({ schemas: [patchOp], Operations })
  const membersOf = async (id: string) =>
    ((await server.scim('get', `/Groups/${id}`)).body.members as { value: string }[]).map(({ value }) => value).sort()

  it('creates a group with people and groups, and shows a person his groups, nested ones too', async () => {
    const sales = await create('営業部', taro)
    expect([sales.status, sales.headers['etag']]).toEqual([201, 'W/"1"'])
    expect(sales.body.members).toEqual([expect.objectContaining({ value: taro, type: 'User', display: 'taro' })])
    const company = await create('全社', sales.body.id as string, hanako)
    expect(await membersOf(company.body.id)).toEqual([sales.body.id as string, hanako!].sort())
    const { body } = await server.scim('get', `/Users/${taro}`)
    expect(body.groups).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ display: '営業部', type: 'direct' }),
        expect.objectContaining({ display: '全社', type: 'indirect' }),
      ]),
    )
  })

  it('adds and removes members by PATCH without a body, and raises the version only when something changed', async () => {
    const { body } = await create('開発部')
    const add = { op: 'add', path: 'members', value: [{ value: taro }, { value: hanako }] }
    const added = await patch(body.id, add)
    expect([added.status, added.headers['etag'], added.text]).toEqual([204, 'W/"2"', ''])
    expect((await patch(body.id, add)).headers['etag']).toBe('W/"2"')
    await patch(body.id, { op: 'remove', path: `members[value eq "${taro}"]` })
    expect(await membersOf(body.id)).toEqual([hanako])
  })

  it('shows all members where they fill its slices to the last', async () => {
    const Operations = Array.from({ length: 1_000 }, (_, i) => {
      const data = { schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], userName: `slice${i}` }
      return { method: 'POST', path: '/Users', bulkId: String(i), data }
    })
    const made = await server
      .scim('post', '/Bulk')
      .send({ schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'], Operations })
    const ids = (made.body.Operations as { location: string }[]).map(({ location }) => location.split('/').at(-1))
    const { body } = await create('千人', ...ids)
    expect(await membersOf(body.id)).toEqual([...ids].sort())
  })

  it('loses none of the members that are added at the same time', async () => {
    const { body } = await create('同時')
    const ids = await Promise.all(Array.from({ length: 20 }, (_, i) => person(`together${i}`)))
    const answers = await Promise.all(ids.map((value) => patch(body.id, { op: 'add', path: 'members', value: [{ value }] })))
    expect(answers.map(({ status }) => status)).toEqual(ids.map(() => 204))
    expect(await membersOf(body.id)).toEqual([...ids].sort())
  })

  it('replaces by PUT, lists without members on demand, deletes', async () => {
    const { body } = await create('旧名', taro)
    const put = await server
      .scim('put', `/Groups/${body.id}`)
      .send({ schemas: [core], displayName: '新名', members: [{ value: hanako }] })
    expect(put.body).toMatchObject({ displayName: '新名', members: [{ value: hanako }] })
    const list = await server.scim('get', '/Groups').query({ filter: 'displayName eq "新名"', excludedAttributes: 'members' })
    expect(list.body).toMatchObject({ totalResults: 1, Resources: [{ id: body.id }] })
    expect(list.body.Resources[0]).not.toHaveProperty('members')
    expect((await server.scim('delete', `/Groups/${body.id}`)).status).toBe(204)
    expect((await server.scim('get', `/Groups/${body.id}`)).status).toBe(404)
  })

  it('refuses what cannot be, and changes nothing', async () => {
    const { body } = await create('部', taro)
    const stranger = '01a21184-f6b4-71fa-8718-6a40efab043d'
    const answers = [
      await patch(body.id, { op: 'add', path: 'members', value: [{ value: hanako }, { value: stranger }] }),
      await patch(body.id, { op: 'add', path: 'members', value: [{ value: body.id as string }] }),
      await patch(body.id, { op: 'explode', path: 'members' }),
      await patch(body.id, { op: 'replace', path: 'displayName', value: '別' }).set('If-Match', 'W/"7"'),
      await create('部'),
      await create('未作成', stranger),
    ]
    expect(answers.map(({ status, body: { scimType } }) => [status, scimType])).toEqual([
      [400, 'invalidValue'],
      [400, 'invalidValue'],
      [400, 'invalidSyntax'],
      [412, undefined],
      [409, 'uniqueness'],
      [400, 'invalidValue'],
    ])
    expect(answers[0]!.body.detail).toContain(stranger)
    expect(await membersOf(body.id)).toEqual([taro])
    expect((await server.scim('get', '/Groups').query({ filter: 'displayName eq "未作成"' })).body.totalResults).toBe(0)
  })
})
