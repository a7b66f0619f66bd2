import type { Version } from '../../../src/domain/brand'
import { DomainError } from '../../../src/domain/errors'
import type { GroupId, UserId } from '../../../src/domain/ids'
import { resourceTypes, schemas, serviceProviderConfig } from '../../../src/wire/scim/discovery'
import { parseUser } from '../../../src/wire/scim/parse-user'
import { presentError } from '../../../src/wire/scim/present-error'
import { memberText, presentGroup, presentMember } from '../../../src/wire/scim/present-group'
import { presentUser } from '../../../src/wire/scim/present-user'
import { parseProjection } from '../../../src/wire/scim/projection'
import { invalidFilter } from '../../../src/wire/scim/scim-error'
import { aGroup, aUser } from '../../kit/builders'

const base = 'https://id.example.jp/scim/v2'
const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
const user = aUser({
  id: 'u-1' as UserId,
  loginName: 'Taro',
  familyName: '山田',
  externalId: 'e-1',
  version: 3 as Version,
  profile: { emails: [{ value: 'a@x', type: 'work' }], department: '営業', managerId: 'm-1' },
})
const groups = [
  { id: 'g-1' as GroupId, name: '営業部', direct: true },
  { id: 'g-2' as GroupId, name: '全社', direct: false },
]
const shown = (attributes?: string, excluded?: string) =>
  presentUser({ user, groups }, base, parseProjection('User', attributes, excluded))

describe('presentUser', () => {
  it('shows what RFC 7643 asks for', () => {
    expect(presentUser({ user, groups }, base)).toEqual({
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:User', enterprise],
      id: 'u-1',
      externalId: 'e-1',
      userName: 'Taro',
      active: true,
      name: { familyName: '山田' },
      emails: [{ value: 'a@x', type: 'work' }],
      groups: [
        { value: 'g-1', $ref: `${base}/Groups/g-1`, display: '営業部', type: 'direct' },
        { value: 'g-2', $ref: `${base}/Groups/g-2`, display: '全社', type: 'indirect' },
      ],
      [enterprise]: { department: '営業', manager: { value: 'm-1', $ref: `${base}/Users/m-1` } },
      meta: {
        resourceType: 'User',
        created: '2026-04-01T09:00:00.000Z',
        lastModified: '2026-04-01T09:00:00.000Z',
        location: `${base}/Users/u-1`,
        version: 'W/"3"',
      },
    })
  })

  it('names the enterprise schema only where it says something', () => {
    expect(presentUser({ user: aUser(), groups: [] }, base)).toMatchObject({
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
    })
  })

  it('can be sent back as it is', () => {
    const { id: _id, kind: _kind, version: _version, createdAt: _createdAt, updatedAt: _updatedAt, ...attributes } = user
    expect(parseUser(presentUser({ user, groups }, base)).attributes).toEqual(attributes)
  })

  it.each<[attributes: string | undefined, excluded: string | undefined, names: readonly string[]]>([
    ['userName', undefined, ['userName']],
    [' USERNAME , urn:ietf:params:scim:schemas:core:2.0:User:active', undefined, ['active', 'userName']],
    ['department', undefined, [enterprise]],
    [enterprise, undefined, [enterprise]],
    ['shoeSize', undefined, []],
    ['userName', 'userName', ['userName']],
    [undefined, `groups,meta,emails,name,active,externalId,${enterprise}`, ['userName']],
    [undefined, 'id,userName,groups,meta,emails,name,active,externalId,department', [enterprise]],
  ])('with attributes=%s excludedAttributes=%s shows the id and %j', (attributes, excluded, names) => {
    const { schemas: _schemas, id, ...rest } = shown(attributes, excluded)
    expect(id).toBe('u-1')
    expect(Object.keys(rest).sort()).toEqual([...names].sort())
  })

  it('shows parts alone, and the others without a part', () => {
    expect(shown('emails.value,meta.version')).toMatchObject({ emails: [{ value: 'a@x' }], meta: { version: 'W/"3"' } })
    expect(shown('emails.value')['emails']).toEqual([{ value: 'a@x' }])
    expect(shown(undefined, 'emails.value')['emails']).toEqual([{ type: 'work' }])
  })
})

describe('presentGroup', () => {
  const group = aGroup({ id: 'g-1' as GroupId, version: 7 as Version })

  it('shows everything but the members, which follow slice by slice', () => {
    expect(presentGroup(group, base)).toEqual({
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'],
      id: 'g-1',
      displayName: '営業部',
      meta: expect.objectContaining({ resourceType: 'Group', location: `${base}/Groups/g-1`, version: 'W/"7"' }) as unknown,
    })
  })

  it('leaves out what is not asked for', () => {
    expect(Object.keys(presentGroup(group, base, parseProjection('Group', 'displayName', undefined)))).toEqual([
      'schemas',
      'id',
      'displayName',
    ])
  })

  it.each(['user', 'group'] as const)('shows a %s as a member with its URL', (kind) => {
    const type = kind === 'user' ? 'User' : 'Group'
    expect(presentMember({ id: 'x' as UserId, kind, display: 'X' }, base)).toEqual({
      value: 'x',
      $ref: `${base}/${type}s/x`,
      type,
      display: 'X',
    })
  })

  it.each([undefined, 'members.value', 'members.value,members.$ref', 'members'])(
    'writes members as they are shown: %s',
    (attributes) => {
      const projection = parseProjection('Group', attributes, undefined)
      for (const kind of ['user', 'group'] as const) {
        const member = { id: 'x' as UserId, kind, display: '"山\\田"\n🍣' }
        const text = memberText('http://a/"b', projection)(member)
        expect(text).toBe(JSON.stringify(presentMember(member, 'http://a/"b', projection)))
      }
    },
  )
})

describe('presentError', () => {
  it.each([
    [new DomainError('loginNameTaken', 'why'), 409, 'uniqueness'],
    [new DomainError('externalIdTaken', 'why'), 409, 'uniqueness'],
    [new DomainError('noSuchMember', 'why'), 400, 'invalidValue'],
    [new DomainError('invalidLoginName', 'why'), 400, 'invalidValue'],
    [new DomainError('userNotFound', 'why'), 404, undefined],
    [new DomainError('versionMismatch', 'why'), 412, undefined],
    [new DomainError('notAllowed', 'why'), 403, undefined],
    [new DomainError('storeBusy', 'why'), 503, undefined],
    [invalidFilter('why'), 400, 'invalidFilter'],
  ])('says %s as %i %s, with the status as a text', (error, status, scimType) => {
    expect(presentError(error)).toEqual({
      status,
      body: {
        schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
        status: String(status),
        detail: 'why',
        ...(scimType ? { scimType } : {}),
      },
    })
  })

  it('says nothing of a bug', () => {
    expect(presentError(new TypeError('x is undefined'))).toBeUndefined()
  })
})

describe('discovery', () => {
  it('tells what is there: PATCH, Bulk, filter, sort, ETag, both ways of paging', () => {
    expect(serviceProviderConfig(base)).toMatchObject({
      patch: { supported: true },
      bulk: { supported: true, maxOperations: 1_000, maxPayloadSize: 4_194_304 },
      pagination: { cursor: true, index: true, defaultPaginationMethod: 'index', defaultPageSize: 100, maxPageSize: 1_000 },
      filter: { supported: true, maxResults: 1_000 },
      sort: { supported: true },
      etag: { supported: true },
      authenticationSchemes: [{ type: 'oauthbearertoken', primary: true }, { type: 'oauth2' }],
      meta: { location: `${base}/ServiceProviderConfig` },
    })
  })

  it('lists users with the enterprise extension, and groups', () => {
    expect(resourceTypes(base)).toMatchObject([
      { id: 'User', endpoint: '/Users', schemaExtensions: [{ schema: enterprise, required: false }] },
      { id: 'Group', endpoint: '/Groups' },
    ])
  })

  it('describes every attribute in full, without our own limits (RFC 7643 §7)', () => {
    type Described = { readonly name: string; readonly subAttributes?: readonly Described[] }
    const found = schemas(base) as readonly { readonly id: string; readonly attributes: readonly Described[] }[]
    const everyOne = (attributes: readonly Described[]): readonly Described[] =>
      attributes.flatMap((one) => [one, ...everyOne(one.subAttributes ?? [])])
    expect(found.map(({ id }) => id)).toEqual(expect.arrayContaining([enterprise]))
    const characteristics = [
      'type',
      'multiValued',
      'caseExact',
      'required',
      'mutability',
      'returned',
      'uniqueness',
      'description',
    ]
    for (const attribute of found.flatMap(({ attributes }) => everyOne(attributes))) {
      expect(Object.keys(attribute)).toEqual(expect.arrayContaining(characteristics))
      expect(attribute).not.toHaveProperty('maxLength')
    }
  })

  it('says that nobody reads a password', () => {
    const [userSchema] = schemas(base) as unknown as readonly { readonly attributes: readonly { readonly name: string }[] }[]
    expect(userSchema!.attributes.find(({ name }) => name === 'password')).toMatchObject({
      mutability: 'writeOnly',
      returned: 'never',
    })
  })
})
