import { parseGroup, parseGroupPatch, replacingChange } from '../../../src/wire/scim/parse-group'
import { anError } from '../../kit/an-error'

describe('parseGroup', () => {
  it('reads a group as POST and PUT send it', () => {
    const body = {
      schemas: [],
      id: 'g-1',
      displayName: '営業部',
      externalId: 'e-1',
      members: [
        { value: 'u-1', $ref: null },
        { value: 'u-2', display: 'x' },
      ],
    }
    expect(parseGroup(body)).toEqual({ name: '営業部', externalId: 'e-1', memberIds: ['u-1', 'u-2'] })
  })

  it('has no members where none are named', () => {
    expect(parseGroup({ displayName: 'a' })).toEqual({ name: 'a', memberIds: [] })
  })

  it.each<[what: string, body: unknown, scimType: string]>([
    ['no name', { members: [] }, 'invalidValue'],
    ['a number as its name', { displayName: 5 }, 'invalidValue'],
    ['a member without a value', { displayName: 'a', members: [{ display: 'x' }] }, 'invalidValue'],
    ['a number as a member', { displayName: 'a', members: [5] }, 'invalidValue'],
    ['no object', null, 'invalidSyntax'],
  ])('refuses %s', (_what, body, scimType) => {
    expect(() => parseGroup(body)).toThrow(anError({ status: 400, scimType }))
  })
})

describe('replacingChange', () => {
  it('clears what PUT leaves out (RFC 7644 §3.5.1)', () => {
    expect(replacingChange({ name: 'a', memberIds: [] })).toEqual({
      name: 'a',
      externalId: null,
      members: [{ kind: 'replace', ids: [] }],
    })
  })
})

describe('parseGroupPatch', () => {
  const patch = (...operations: readonly unknown[]) => parseGroupPatch({ Operations: operations })
  const members = (kind: string, ...ids: readonly string[]) => ({ members: [{ kind, ids }] })

  it.each<[rule: string, operation: object, change: object]>([
    ['adds members (Entra ID)', { op: 'Add', path: 'members', value: [{ $ref: null, value: 'u' }] }, members('add', 'u')],
    [
      'removes the listed members, never everybody (Entra ID)',
      { op: 'Remove', path: 'members', value: [{ $ref: null, value: 'u' }] },
      members('remove', 'u'),
    ],
    ['removes nobody for an empty list', { op: 'Remove', path: 'members', value: [] }, members('remove')],
    ['removes one by filter (Entra ID, Okta)', { op: 'remove', path: 'members[value eq "u"]' }, members('remove', 'u')],
    ['removes several by filter', { op: 'remove', path: 'members[value eq "u" or value eq "v"]' }, members('remove', 'u', 'v')],
    ['removes everybody where no value is named (RFC 7644 §3.5.2.2)', { op: 'remove', path: 'members' }, members('replace')],
    ['replaces all (Okta)', { op: 'replace', path: 'members', value: [{ value: 'u' }] }, members('replace', 'u')],
    ['replaces all by nobody (Okta, push of an empty group)', { op: 'replace', path: 'members', value: [] }, members('replace')],
    [
      'renames with the id repeated (Okta)',
      { op: 'replace', value: { id: 'g', displayName: 'New' } },
      { name: 'New', members: [] },
    ],
    [
      'adds without a path (WSO2)',
      { op: 'add', value: { members: [{ display: 'x', $ref: 'y', value: 'u' }] } },
      members('add', 'u'),
    ],
    [
      'adds a list that is wrapped once more (Salesforce)',
      { op: 'add', path: 'members', value: { members: [{ value: 'u' }] } },
      members('add', 'u'),
    ],
    ['adds one member without a list', { op: 'add', path: 'members', value: { value: 'u' } }, members('add', 'u')],
    ['adds bare ids', { op: 'add', path: 'members', value: ['u'] }, members('add', 'u')],
    ['clears externalId and leaves the members', { op: 'remove', path: 'externalId' }, { externalId: null, members: [] }],
  ])('%s', (_rule, operation, change) => {
    expect(patch(operation)).toEqual(change)
  })

  it('keeps the order of the steps', () => {
    expect(patch({ op: 'remove', path: 'members' }, { op: 'add', path: 'members', value: ['u'] }).members).toEqual([
      { kind: 'replace', ids: [] },
      { kind: 'add', ids: ['u'] },
    ])
  })

  it.each<[what: string, operation: unknown, scimType: string]>([
    ['a removal of the name', { op: 'remove', path: 'displayName' }, 'mutability'],
    ['an empty name', { op: 'replace', path: 'displayName', value: '' }, 'mutability'],
    ['a change of a member', { op: 'replace', path: 'members[value eq "u"].display', value: 'x' }, 'mutability'],
    ['a change of the id', { op: 'replace', path: 'id', value: 'x' }, 'mutability'],
    ['a filter that would have to look at all members', { op: 'remove', path: 'members[type eq "User"]' }, 'noTarget'],
    ['a replacement of one member', { op: 'replace', path: 'members[value eq "u"]', value: { value: 'v' } }, 'noTarget'],
    ['an unknown attribute', { op: 'replace', path: 'colour', value: 'red' }, 'invalidPath'],
    ['a member without a value', { op: 'add', path: 'members', value: [{}] }, 'invalidValue'],
    ['an addition of nothing', { op: 'add', path: 'members' }, 'invalidValue'],
  ])('refuses %s', (_what, operation, scimType) => {
    expect(() => patch(operation)).toThrow(anError({ status: 400, scimType }))
  })
})
