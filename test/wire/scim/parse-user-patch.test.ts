import fc from 'fast-check'
import type { UserAttributes } from '../../../src/domain/directory/user'
import { DomainError } from '../../../src/domain/errors'
import { parseUserPatch } from '../../../src/wire/scim/parse-user-patch'
import { ScimError } from '../../../src/wire/scim/scim-error'
import { aUser } from '../../kit/builders'
import { anError } from '../../kit/an-error'

const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'

const {
  id: _id,
  kind: _kind,
  version: _version,
  createdAt: _createdAt,
  updatedAt: _updatedAt,
  ...taro
} = aUser({
  familyName: '山田',
  givenName: '太郎',
  externalId: 'e-1',
  profile: {
    nickName: 'たろ',
    department: '営業',
    managerId: 'm-1',
    emails: [
      { value: 'taro@work', type: 'work', primary: true },
      { value: 'taro@home', type: 'home' },
    ],
    roles: [{ value: 'a' }, { value: 'b' }],
  },
})
const jiro: UserAttributes = { loginName: taro.loginName, status: 'inUse', profile: {} }

const patched = (current: UserAttributes, ...operations: readonly unknown[]) =>
  parseUserPatch({ schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations: operations }).apply(current)
const [work, home] = taro.profile.emails!

describe('parseUserPatch, as identity providers send it', () => {
  it.each<[operation: object]>([
    [{ op: 'Replace', path: 'active', value: 'False' }],
    [{ op: 'Add', path: 'active', value: 'False' }],
    [{ op: 'replace', value: { active: false } }],
    [{ op: 'replace', path: 'urn:ietf:params:scim:schemas:core:2.0:User:active', value: [false] }],
  ])('suspends by %j', (operation) => {
    expect(patched(taro, operation)).toEqual({ ...taro, status: 'suspended' })
  })

  it.each(['Add', 'Replace'])('makes the one element that %s of emails[type eq "work"].value means (Entra ID)', (op) => {
    const operation = { op, path: 'emails[type eq "work"].value', value: 'jiro@work' }
    expect(patched(jiro, operation).profile.emails).toEqual([{ type: 'work', value: 'jiro@work' }])
    expect(patched(taro, operation).profile.emails).toEqual([{ ...work, value: 'jiro@work' }, home])
  })

  it('puts all parts of a new address into one element, in any case (Entra ID)', () => {
    const parts = ['Formatted', 'streetAddress', 'COUNTRY'].map((sub) => ({
      op: 'Add',
      path: `addresses[type eq "work"].${sub}`,
      value: sub,
    }))
    expect(patched(jiro, ...parts).profile.addresses).toEqual([
      { type: 'work', formatted: 'Formatted', streetAddress: 'streetAddress', country: 'COUNTRY' },
    ])
  })

  it('takes dotted and extension keys without a path (Entra ID)', () => {
    const value = { displayName: 'B', 'name.givenName': '次郎', [`${enterprise}:department`]: 'D' }
    expect(patched(taro, { op: 'Replace', value })).toEqual({
      ...taro,
      displayName: 'B',
      givenName: '次郎',
      profile: { ...taro.profile, department: 'D' },
    })
  })

  it.each<[value: unknown, managerId: string | undefined]>([
    ['m-2', 'm-2'],
    [{ value: 'm-2' }, 'm-2'],
    [[{ value: 'm-2', $ref: '../Users/m-2' }], 'm-2'],
    ['', undefined],
    [null, undefined],
  ])('sets the manager by %j (Entra ID)', (value, managerId) => {
    expect(patched(taro, { op: 'Add', path: `${enterprise}:manager`, value }).profile.managerId).toBe(managerId)
  })

  it('finds a role by primary eq "True" (Entra ID, SingleAppRoleAssignment)', () => {
    expect(patched(jiro, { op: 'Replace', path: 'roles[primary eq "True"].value', value: 'Admin' }).profile.roles).toEqual([
      { primary: true, value: 'Admin' },
    ])
  })

  it('removes the listed values only, never all (Entra ID)', () => {
    expect(patched(taro, { op: 'Remove', path: 'roles', value: [{ value: 'a' }] }).profile.roles).toEqual([{ value: 'b' }])
    expect(patched(taro, { op: 'Remove', path: 'roles', value: [] }).profile.roles).toEqual(taro.profile.roles)
  })

  it('takes an element out by its value without regard to case, an address by what is said of it', () => {
    expect(patched(taro, { op: 'remove', path: 'emails', value: [{ value: 'TARO@work' }] }).profile.emails).toEqual([home])
    const addresses = [{ type: 'work', locality: '大阪' }, { type: 'home' }]
    const moved = { ...jiro, profile: { addresses } }
    expect(patched(moved, { op: 'remove', path: 'addresses', value: [{ type: 'work' }] }).profile.addresses).toEqual([
      { type: 'home' },
    ])
  })

  it('makes one element of its parts, whichever comes first (Entra ID)', () => {
    const parts = [
      { op: 'Add', path: 'phoneNumbers[type eq "work"].primary', value: 'True' },
      { op: 'Add', path: 'phoneNumbers[type eq "work"].value', value: '+81' },
    ]
    expect(patched(jiro, ...parts).profile.phoneNumbers).toEqual([{ type: 'work', primary: true, value: '+81' }])
  })

  it('takes a path with brackets for a key (Entra ID)', () => {
    const value = { 'emails[type eq "work"].value': 'jiro@work' }
    expect(patched(jiro, { op: 'replace', value }).profile.emails).toEqual([{ type: 'work', value: 'jiro@work' }])
  })

  it('clears a whole extension by null (RFC 7643 §2.5)', () => {
    const { department: _department, managerId: _managerId, ...profile } = taro.profile
    expect(patched(taro, { op: 'replace', value: { [enterprise]: null } }).profile).toEqual(profile)
  })

  it('takes the id of the user itself, and no other', () => {
    const patch = (id: string) => parseUserPatch({ Operations: [{ op: 'replace', value: { id, nickName: 'T' } }] }, 'u-1')
    expect(patch('U-1').apply(taro).profile.nickName).toBe('T')
    expect(() => patch('u-2')).toThrow(anError({ scimType: 'mutability' }))
  })

  it('passes id, groups and meta over where a value repeats the user (Okta)', () => {
    expect(patched(taro, { op: 'replace', value: { id: 'x', groups: [], meta: {}, nickName: 'T' } }).profile.nickName).toBe('T')
  })
})

describe('parseUserPatch (RFC 7644 §3.5.2)', () => {
  it.each<[rule: string, operation: object, profile: object]>([
    [
      'adds to a list',
      { op: 'add', path: 'roles', value: [{ value: 'c' }] },
      { roles: [{ value: 'a' }, { value: 'b' }, { value: 'c' }] },
    ],
    ['adds nothing twice', { op: 'add', path: 'roles', value: [{ value: 'b' }] }, { roles: taro.profile.roles }],
    ['replaces a list', { op: 'replace', path: 'roles', value: [{ value: 'c' }] }, { roles: [{ value: 'c' }] }],
    [
      'replaces the elements of a filter',
      { op: 'replace', path: 'emails[type eq "home"]', value: { value: 'x', type: 'other' } },
      { emails: [work, { value: 'x', type: 'other' }] },
    ],
    [
      'changes a part of every element',
      { op: 'replace', path: 'roles.type', value: 't' },
      {
        roles: [
          { value: 'a', type: 't' },
          { value: 'b', type: 't' },
        ],
      },
    ],
    ['removes the elements of a filter', { op: 'remove', path: 'emails[type eq "home"]' }, { emails: [work] }],
    ['removes a part of them', { op: 'remove', path: 'emails[type eq "home"].type' }, { emails: [work, { value: 'taro@home' }] }],
    ['drops an element whose value is taken away', { op: 'remove', path: 'emails[type eq "home"].value' }, { emails: [work] }],
    [
      'leaves one primary: the one set last',
      { op: 'add', path: 'emails', value: [{ value: 'n', primary: true }] },
      { emails: [{ ...work, primary: false }, home, { value: 'n', primary: true }] },
    ],
    [
      'makes one that is there primary, not a second of it',
      { op: 'add', path: 'emails', value: { ...home, primary: true } },
      {
        emails: [
          { ...work, primary: false },
          { ...home, primary: true },
        ],
      },
    ],
    [
      'takes a removal of what is not there for done',
      { op: 'remove', path: 'emails[type eq "other"]' },
      { emails: taro.profile.emails },
    ],
  ])('%s', (_rule, operation, profile) => {
    expect(patched(taro, operation).profile).toEqual({ ...taro.profile, ...profile })
  })

  it('leaves the parts of a complex attribute that are not named', () => {
    expect(patched(taro, { op: 'replace', path: 'name', value: { givenName: '次郎' } })).toEqual({ ...taro, givenName: '次郎' })
  })

  it('removes an attribute, a whole complex one, and a part of one', () => {
    const { nickName: _nickName, ...profile } = taro.profile
    expect(patched(taro, { op: 'remove', path: 'nickName' })).toEqual({ ...taro, profile })
    expect(patched(taro, { op: 'remove', path: 'name' })).not.toMatchObject({ familyName: expect.anything() as unknown })
    expect(patched(taro, { op: 'remove', path: 'name.givenName' })).toMatchObject({ familyName: '山田' })
  })

  it('carries the operations out one after the other', () => {
    expect(patched(taro, { op: 'remove', path: 'roles' }, { op: 'add', path: 'roles', value: ['z'] }).profile.roles).toEqual([
      { value: 'z' },
    ])
  })

  it('changes nothing of what it was given', () => {
    const before = structuredClone(taro)
    patched(taro, { op: 'remove', path: 'emails[type eq "work"]' }, { op: 'replace', path: 'name.givenName', value: 'x' })
    expect(taro).toEqual(before)
  })

  it('hands the last password out and keeps it off the user', () => {
    const edit = parseUserPatch({
      Operations: [
        { op: 'add', path: 'password', value: 'one' },
        { op: 'replace', value: { password: 'two' } },
      ],
    })
    expect(edit.password).toBe('two')
    expect(edit.apply(taro)).toEqual(taro)
  })

  it.each<[what: string, operation: unknown, refusal: object]>([
    ['no operation that it knows', { op: 'move', path: 'nickName' }, { scimType: 'invalidSyntax' }],
    ['no object', 'replace', { scimType: 'invalidSyntax' }],
    ['a path that is no text', { op: 'remove', path: 5 }, { scimType: 'invalidSyntax' }],
    ['an unknown path', { op: 'replace', path: 'shoeSize', value: 42 }, { scimType: 'invalidPath' }],
    ['a path to the prototype', { op: 'replace', path: '__proto__.x', value: 1 }, { scimType: 'invalidPath' }],
    ['brackets on what is no list', { op: 'replace', path: 'name[type eq "x"]', value: 1 }, { scimType: 'invalidPath' }],
    ['a bracket that does not close', { op: 'remove', path: 'emails[type eq "x"' }, { scimType: 'invalidPath' }],
    ['something after the brackets', { op: 'remove', path: 'emails[type eq "x"]value' }, { scimType: 'invalidPath' }],
    ['an unknown part after the brackets', { op: 'remove', path: 'emails[type eq "x"].shoe' }, { scimType: 'invalidPath' }],
    ['a filter that does not parse', { op: 'remove', path: 'emails[type eq]' }, { scimType: 'invalidFilter' }],
    ['a removal of nothing in particular', { op: 'remove' }, { scimType: 'noTarget' }],
    ['a replacement without a value', { op: 'replace', path: 'nickName' }, { scimType: 'invalidValue' }],
    ['a list of attributes without a path', { op: 'add', value: ['x'] }, { scimType: 'invalidValue' }],
    ['a value of another type', { op: 'replace', path: 'nickName', value: 5 }, { scimType: 'invalidValue' }],
    ['a read-only attribute', { op: 'replace', path: 'id', value: 'x' }, { scimType: 'mutability' }],
    ['a change of his groups', { op: 'add', path: 'groups', value: [{ value: 'g' }] }, { scimType: 'mutability' }],
    ['a removal of userName', { op: 'remove', path: 'userName' }, { scimType: 'mutability' }],
    ['a userName of nothing', { op: 'replace', path: 'userName', value: '' }, { scimType: 'invalidValue' }],
    ['a forbidden character in userName (D2)', { op: 'replace', path: 'userName', value: 'a:b' }, { code: 'invalidLoginName' }],
    ['a removal of the password', { op: 'remove', path: 'password' }, { scimType: 'invalidValue' }],
    [
      'a filter without a match that names no one element',
      { op: 'replace', path: 'emails[value sw "x"].type', value: 'work' },
      { scimType: 'noTarget' },
    ],
    [
      'a whole element in place of one that is not there',
      { op: 'replace', path: 'emails[type eq "other"]', value: { value: 'x' } },
      { scimType: 'noTarget' },
    ],
    ['every element primary', { op: 'replace', path: 'emails.primary', value: true }, { scimType: 'invalidValue' }],
    [
      'more elements than one may have',
      { op: 'add', path: 'roles', value: Array.from({ length: 99 }, (_, i) => `r${i}`) },
      { scimType: 'invalidValue' },
    ],
  ])('refuses %s', (_what, operation, refusal) => {
    expect(() => patched(taro, operation)).toThrow(anError(refusal))
  })

  it.each([undefined, [], {}, { Operations: {} }, { Operations: [] }])('refuses %j, which has no operations', (body) => {
    expect(() => parseUserPatch(body)).toThrow(anError({ scimType: 'invalidSyntax' }))
  })

  it('refuses more operations than one request may have', () => {
    const operation = { op: 'replace', path: 'nickName', value: 'x' }
    expect(() => parseUserPatch({ Operations: Array.from({ length: 1_001 }, () => operation) })).toThrow(/1000 operations/)
  })

  it('answers any path and value with a user or with a refusal that names its kind', () => {
    const part = fc.constantFrom(
      'emails',
      'name',
      'manager',
      '.',
      '.value',
      '.type',
      '[',
      ']',
      '[type eq "work"]',
      '[primary eq true]',
      'addresses',
      'active',
      '"',
      ' ',
      'x',
    )
    const path = fc.oneof(
      fc.array(part, { maxLength: 4 }).map((parts) => parts.join('')),
      fc.string(),
    )
    const operation = fc.record({ op: fc.constantFrom('add', 'replace', 'remove'), path, value: fc.jsonValue({ maxDepth: 3 }) })
    fc.assert(
      fc.property(fc.array(operation, { minLength: 1, maxLength: 4 }), (operations) => {
        try {
          expect(patched(taro, ...operations).loginName).toEqual(expect.any(String))
        } catch (error) {
          expect(error instanceof ScimError ? error.scimType : error instanceof DomainError ? error.code : error).toEqual(
            expect.any(String),
          )
        }
      }),
      { numRuns: 3_000 },
    )
  })
})
