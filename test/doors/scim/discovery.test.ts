import { baseUrl, startTestServer, type TestServer } from '../../kit/server'

type Attribute = {
  readonly name: string
  readonly type: string
  readonly multiValued: boolean
  readonly mutability: string
  readonly returned: string
  readonly required: boolean
  readonly canonicalValues?: readonly string[]
  readonly referenceTypes?: readonly string[]
  readonly subAttributes?: readonly Attribute[]
}
type Schema = { readonly id: string; readonly name: string; readonly attributes: readonly Attribute[] }
type Body = Readonly<Record<string, unknown>>

const [user, group, enterprise] = [
  'urn:ietf:params:scim:schemas:core:2.0:User',
  'urn:ietf:params:scim:schemas:core:2.0:Group',
  'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User',
] as const

describe('discovery (RFC 7644 §4, RFC 7643 §5–7)', () => {
  let server: TestServer
  let schemas: readonly Schema[]
  beforeAll(async () => {
    server = await startTestServer()
    schemas = (await server.scim('get', '/Schemas')).body.Resources as readonly Schema[]
  })
  afterAll(() => server.stop())

  const schema = (id: string | undefined) => schemas.find((one) => one.id === id)!

  it('each resource is in its list, at its own location, and found in any case', async () => {
    for (const endpoint of ['/Schemas', '/ResourceTypes']) {
      const { body } = await server.scim('get', endpoint)
      expect(body).toMatchObject({
        schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
        totalResults: body.Resources.length,
        startIndex: 1,
      })
      for (const one of body.Resources) {
        const path = `${endpoint}/${one.id}`
        expect(one.meta).toEqual({ resourceType: endpoint.slice(1, -1), location: `${baseUrl}/scim/v2${path}` })
        expect((await server.scim('get', path)).body).toEqual(one)
        expect((await server.scim('get', path.toLowerCase())).body).toEqual(one)
      }
      const nothing = await server.scim('get', `${endpoint}/Nothing`)
      expect([nothing.status, nothing.body.detail]).toEqual([
        404,
        expect.stringContaining(`There are: ${body.Resources[0].id}, `),
      ])
    }
    expect(schemas.map(({ id }) => id)).toEqual([user, group, enterprise])
  })

  it('names the endpoints of both types, and they are there', async () => {
    const { body } = await server.scim('get', '/ResourceTypes')
    expect(body.Resources).toMatchObject([
      { id: 'User', name: 'User', endpoint: '/Users', schema: user, schemaExtensions: [{ schema: enterprise, required: false }] },
      { id: 'Group', name: 'Group', endpoint: '/Groups', schema: group },
    ])
    for (const { endpoint } of body.Resources) expect((await server.scim('get', endpoint)).status).toBe(200)
  })

  it.each(['/ServiceProviderConfig', '/Schemas', '/ResourceTypes', '/Schemas/x', '/ResourceTypes/User'])(
    '%s is only read, and takes no filter',
    async (path) => {
      for (const method of ['post', 'put', 'patch', 'delete'] as const) {
        const answer = await server.scim(method, path)
        expect([answer.status, answer.headers['allow'], answer.body.status]).toEqual([405, 'GET', '405'])
      }
      expect((await server.scim('get', path).query({ filter: 'id pr' })).status).toBe(403)
    },
  )

  /** A value of every attribute that can be written, as the schema describes it. */
  const sample = (attributes: readonly Attribute[]): Body =>
    Object.fromEntries(
      attributes
        .filter(({ mutability, name }) => mutability !== 'readOnly' && name !== 'members' && name !== '$ref')
        .map((attribute) => [attribute.name, attribute.multiValued ? [valueOf(attribute)] : valueOf(attribute)]),
    )
  const valueOf = ({ name, type, subAttributes, canonicalValues }: Attribute): unknown => {
    if (subAttributes) return sample(subAttributes)
    if (type === 'boolean') return true
    return canonicalValues?.[0] ?? `a-value-of-${name}`
  }
  /** What an answer may hold beside the attributes of its schemas. */
  const common = ['schemas', 'id', 'externalId', 'meta', enterprise]
  const namesIn = (body: Body): readonly string[] =>
    Object.entries(body).flatMap(([name, value]) => {
      const parts = (Array.isArray(value) ? value : [value]) as readonly unknown[]
      const inner = parts.filter((part): part is Body => typeof part === 'object' && part !== null)
      return [name, ...inner.flatMap((part) => Object.keys(part).map((sub) => `${name}.${sub}`))]
    })

  it('every attribute that Schemas describes is taken and served as it says, and no other is served', async () => {
    const { password, ...core } = sample(schema(user).attributes)
    const { manager: _manager, ...extension } = sample(schema(enterprise).attributes)
    const boss = (await server.scim('post', '/Users').send({ userName: 'boss' })).body.id as string
    const sent = { ...core, password, [enterprise]: { ...extension, manager: { value: boss } } }
    const { body, status } = await server.scim('post', '/Users').send(sent)
    expect([status, body.detail]).toEqual([201, undefined])
    await server.scim('post', '/Groups').send({ displayName: 'one', members: [{ value: body.id }] })
    const served = (await server.scim('get', `/Users/${body.id}`)).body as Body
    expect(served).toMatchObject({ ...core, [enterprise]: { ...extension, manager: { value: boss } } })
    expect(served).not.toHaveProperty('password')
    expect(served['schemas']).toEqual([user, enterprise])

    const described = (id: string | undefined, prefix = '') =>
      schema(id).attributes.flatMap(({ name, subAttributes = [] }) => [
        `${prefix}${name}`,
        ...subAttributes.map((sub) => `${prefix}${name}.${sub.name}`),
      ])
    const { [enterprise]: served_extension, schemas: _schemas, meta: _meta, ...served_core } = served
    const known = new Set([...described(user), ...described(enterprise), ...common])
    const shown = [...namesIn(served_core), ...namesIn(served_extension as Body)]
    expect(shown.filter((name) => !known.has(name))).toEqual([])
    const silent = [...described(user), ...described(enterprise)].filter((name) => name !== 'password' && !shown.includes(name))
    expect(silent).toEqual([])
  })

  it('an attribute is described in full (RFC 7643 §7)', () => {
    const all = (attributes: readonly Attribute[]): readonly Attribute[] =>
      attributes.flatMap((one) => [one, ...all(one.subAttributes ?? [])])
    for (const attribute of schemas.flatMap(({ attributes }) => all(attributes))) {
      expect(attribute.type === 'complex').toBe(attribute.subAttributes !== undefined)
      if (attribute.type === 'reference') expect(attribute.referenceTypes!.length).toBeGreaterThan(0)
    }
  })
})
