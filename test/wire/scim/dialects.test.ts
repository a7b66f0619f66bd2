import fc from 'fast-check'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { dialectRules, type DialectRule } from '../../../src/domain/directory/dialect'
import { DomainError } from '../../../src/domain/errors'
import type { UserAttributes } from '../../../src/domain/directory/user'
import { parseGroup, parseGroupPatch } from '../../../src/wire/scim/parse-group'
import { parseUser } from '../../../src/wire/scim/parse-user'
import { parseUserPatch } from '../../../src/wire/scim/parse-user-patch'
import { ScimError } from '../../../src/wire/scim/scim-error'

const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
const schemas = ['urn:ietf:params:scim:schemas:core:2.0:User', enterprise]
const groupSchemas = ['urn:ietf:params:scim:schemas:core:2.0:Group']
const patchSchemas = ['urn:ietf:params:scim:api:messages:2.0:PatchOp']
const taro = parseUser({
  schemas,
  userName: 'taro',
  emails: [{ type: 'home', value: 'taro@home' }],
  roles: [{ value: 'a' }, { value: 'b', primary: true }],
}).attributes

const posted = (rest: object) => parseUser({ schemas, userName: 'taro', ...rest }).dialect
const patched = (operation: object, current: UserAttributes = taro) => {
  const edit = parseUserPatch({ schemas: patchSchemas, Operations: [operation] }, 'u-1')
  edit.apply(current)
  return edit.dialect!
}
const group = (rest: object) => parseGroup({ schemas: groupSchemas, displayName: 'g', ...rest }).dialect
const groupPatch = (operation: object) => parseGroupPatch({ schemas: patchSchemas, Operations: [operation] }, 'g-1').dialect!

type Case = readonly [rule: DialectRule, noted: () => ReadonlySet<DialectRule>]

const habits: readonly Case[] = [
  ['capitalisedOp', () => patched({ op: 'Replace', path: 'active', value: false })],
  ['capitalisedOp', () => groupPatch({ op: 'Add', path: 'members', value: [{ value: 'u' }] })],
  ['stringBoolean', () => patched({ op: 'replace', path: 'active', value: 'False' })],
  ['stringBoolean', () => posted({ active: 'True' })],
  ['stringBoolean', () => posted({ emails: [{ value: 'a@x', primary: 'true' }] })],
  ['stringBoolean', () => patched({ op: 'replace', path: 'roles[primary eq "True"].value', value: 'Admin' })],
  ['emptyText', () => patched({ op: 'replace', path: `${enterprise}:manager`, value: '' })],
  ['emptyText', () => posted({ name: { familyName: '' } })],
  ['emptyText', () => patched({ op: 'replace', path: '', value: { active: true } })],
  ['dottedKey', () => patched({ op: 'replace', value: { 'name.givenName': '太郎' } })],
  ['dottedKey', () => patched({ op: 'replace', value: { 'emails[type eq "home"].value': 'a@x' } })],
  ['dottedKey', () => posted({ 'name.givenName': '太郎' })],
  ['urnKey', () => patched({ op: 'replace', value: { [`${enterprise}:department`]: 'D' } })],
  ['urnKey', () => posted({ [schemas[0]!]: { nickName: 'たろ' } })],
  ['attributeOutsideUrn', () => posted({ department: 'D' })],
  ['attributeOutsideUrn', () => patched({ op: 'replace', value: { department: 'D' } })],
  ['valueFilterCreatesElement', () => patched({ op: 'add', path: 'emails[type eq "work"].value', value: 'a@x' })],
  ['removeByValue', () => patched({ op: 'remove', path: 'roles', value: [{ value: 'a' }] })],
  ['removeByValue', () => groupPatch({ op: 'remove', path: 'members', value: [{ value: 'u' }] })],
  ['bareValue', () => patched({ op: 'add', path: `${enterprise}:manager`, value: 'u' })],
  ['bareValue', () => posted({ roles: ['Admin'] })],
  ['bareValue', () => groupPatch({ op: 'add', path: 'members', value: ['u'] })],
  ['listOfOne', () => patched({ op: 'add', path: `${enterprise}:manager`, value: [{ value: 'u' }] })],
  ['elementWithoutList', () => posted({ emails: { value: 'a@x' } })],
  ['elementWithoutList', () => groupPatch({ op: 'add', path: 'members', value: { value: 'u' } })],
  ['wrappedMembers', () => groupPatch({ op: 'add', path: 'members', value: { members: [{ value: 'u' }] } })],
  ['readOnlyRepeated', () => patched({ op: 'replace', value: { id: 'u-1', groups: [], active: true } })],
  ['readOnlyRepeated', () => groupPatch({ op: 'replace', value: { id: 'g-1', displayName: 'New' } })],
  ['legacySchemaUrn', () => posted({ schemas: ['urn:scim:schemas:core:2.0', 'urn:scim:schemas:extension:enterprise:2.0'] })],
  ['legacySchemaUrn', () => posted({ 'urn:scim:schemas:extension:enterprise:1.0': { department: 'D' } })],
  ['legacySchemaUrn', () => group({ schemas: ['urn:scim:schemas:core:1.0'] })],
  [
    'foreignSchema',
    () => group({ schemas: [...groupSchemas, 'http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group'] }),
  ],
  ['foreignSchema', () => group({ schemas: [...groupSchemas, 'urn:okta:custom:group:1.0'] })],
  ['schemasMissing', () => posted({ schemas: undefined })],
  ['schemasMissing', () => parseUserPatch({ Operations: [{ op: 'replace', value: { active: false } }] }).dialect!],
]

describe('the habits of identity providers', () => {
  it.each(habits)('notes %s, and nothing else', (rule, noted) => {
    expect([...noted()]).toEqual([rule])
  })

  it('has a message for each of them, and a row in the documents', () => {
    expect(new Set(habits.map(([rule]) => rule))).toEqual(new Set(dialectRules))
    const page = readFileSync(path.join(__dirname, '../../../docs/scim.md'), 'utf8')
    expect([...page.matchAll(/^\|.*\| `(\w+)` +\|$/gm)].map(([, rule]) => rule)).toEqual([...dialectRules])
  })

  it.each<[message: string, noted: () => ReadonlySet<DialectRule>]>([
    [
      'a POST of a user',
      () =>
        posted({
          USERNAME: 'taro',
          id: 'x',
          meta: {},
          groups: [{ value: 'g' }],
          nickName: null,
          roles: [],
          active: true,
          name: { familyName: '山田' },
          emails: [{ value: 'a@x', type: 'work', primary: true }],
          [enterprise]: { department: 'D', manager: { value: 'u' } },
        }),
    ],
    [
      'a POST of a group',
      () => group({ externalId: 'e', members: [{ value: 'u', $ref: 'https://x/scim/v2/Users/u', type: 'User' }] }),
    ],
    ['a replace with a path', () => patched({ op: 'replace', path: `${enterprise}:department`, value: 'D' })],
    ['a replace without one', () => patched({ op: 'replace', value: { active: false, [enterprise]: { department: 'D' } } })],
    ['an add of elements', () => patched({ op: 'add', path: 'emails', value: [{ value: 'b@x', type: 'work' }] })],
    [
      'a value filter that finds its element',
      () => patched({ op: 'replace', path: 'emails[type eq "home"].value', value: 'b@x' }),
    ],
    ['a value filter with a boolean', () => patched({ op: 'replace', path: 'roles[primary eq true].value', value: 'c' })],
    ['a complex value', () => patched({ op: 'add', path: `${enterprise}:manager`, value: { value: 'u' } })],
    ['a removal by path', () => patched({ op: 'remove', path: 'emails[type eq "home"]' })],
    ['null for no value', () => patched({ op: 'replace', path: 'nickName', value: null })],
    ['members in and out', () => groupPatch({ op: 'add', path: 'members', value: [{ value: 'u' }] })],
    ['a member out by filter', () => groupPatch({ op: 'remove', path: 'members[value eq "u"]' })],
    ['everybody out', () => groupPatch({ op: 'remove', path: 'members' })],
  ])('notes nothing of %s as the RFC has it', (_message, noted) => {
    expect([...noted()]).toEqual([])
  })

  it('fit one column of the log, all together', () => {
    expect(dialectRules.join(' ').length).toBeLessThanOrEqual(255)
  })

  it('notes the elements that a change makes when it is applied', () => {
    const edit = parseUserPatch({
      schemas: patchSchemas,
      Operations: [{ op: 'add', path: 'ims[type eq "x"].value', value: 'v' }],
    })
    expect([...edit.dialect!]).toEqual([])
    edit.apply(taro)
    expect([...edit.dialect!]).toEqual(['valueFilterCreatesElement'])
  })

  it('makes a resource, a change or a refusal of any message, whatever ways of writing it mixes', () => {
    const name = fc.constantFrom(
      ...[
        'userName',
        'NAME',
        'name.givenName',
        'emails',
        'emails.value',
        'emails[type eq "work"].value',
        'active',
        'manager',
        'roles',
      ],
      ...['id', 'meta', 'groups', 'schemas', 'members', 'displayName', 'externalId', 'password', 'value', 'type', 'primary'],
      ...[enterprise, `${enterprise}:manager`, `${enterprise}:manager.value`, `${enterprise}:`, `${schemas[0]}:emails`, 'urn:'],
      ...['urn:scim:schemas:core:1.0', 'urn:scim:schemas:extension:enterprise:1.0:department', '__proto__', 'constructor'],
      ...['', '.', '[', 'a[b', 'addresses[type eq "work"]', 'members[value eq "u"]'],
    )
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        fc.constantFrom('', 'x', 'True', null, true, 0, 'work'),
        fc.string(),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.array(fc.tuple(name, tie('value')), { maxLength: 4 }).map((parts) => Object.fromEntries(parts) as object),
      ),
    }))
    const body = fc.array(fc.tuple(name, value), { maxLength: 5 }).map((parts) => Object.fromEntries(parts) as object)
    const operation = fc.record(
      { op: fc.constantFrom('add', 'Replace', 'remove'), path: fc.oneof(name, fc.string()), value },
      { requiredKeys: ['op'] },
    )
    const orRefusal = (parse: () => unknown) => {
      try {
        expect(parse()).toBeDefined()
      } catch (error) {
        expect([error instanceof ScimError ? error.scimType : error instanceof DomainError ? error.code : error]).toEqual([
          expect.any(String),
        ])
      }
    }
    fc.assert(
      fc.property(body, fc.array(operation, { minLength: 1, maxLength: 4 }), (sent, operations) => {
        orRefusal(() => parseUser({ userName: 'taro', ...sent }))
        orRefusal(() => parseGroup({ displayName: 'g', ...sent }))
        orRefusal(() => parseUserPatch({ Operations: operations }, 'u-1').apply(taro))
        orRefusal(() => parseGroupPatch({ Operations: operations }, 'g-1'))
      }),
      { numRuns: 3_000, seed: 7643 },
    )
    expect(Object.keys(Object.prototype)).toEqual([])
  })
})
