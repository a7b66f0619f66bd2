import type { DialectRule } from '../../../src/domain/directory/dialect'
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
    expect(parseGroup(body)).toMatchObject({ name: '営業部', externalId: 'e-1', memberIds: ['u-1', 'u-2'] })
  })

  it('has no members where none are named', () => {
    expect(parseGroup({ displayName: 'a' })).toMatchObject({ name: 'a', memberIds: [] })
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

describe('parseGroup of 100,000 members', () => {
  it('takes less than twice what reading the JSON takes', () => {
    const member = (i: number) => ({
      value: `01a21184-f6b4-71fa-8718-${String(i).padStart(12, '0')}`,
      $ref: null,
      display: `m${i}`,
    })
    const text = JSON.stringify({ displayName: 'all', members: Array.from({ length: 100_000 }, (_, i) => member(i)) })
    const best = (work: () => unknown) => {
      const times = Array.from({ length: 3 }, () => {
        const start = performance.now()
        work()
        return performance.now() - start
      })
      return Math.min(...times)
    }
    const body = JSON.parse(text) as object
    expect(parseGroup(body).memberIds).toHaveLength(100_000)
    expect(best(() => parseGroup(body))).toBeLessThan(2 * best(() => JSON.parse(text) as unknown))
  })
})

describe('replacingChange', () => {
  it('clears what PUT leaves out (RFC 7644 §3.5.1)', () => {
    const dialect = new Set<DialectRule>()
    expect(replacingChange({ name: 'a', memberIds: [], dialect })).toEqual({
      name: 'a',
      externalId: null,
      members: [{ kind: 'replace', ids: [] }],
      replaces: true,
      dialect,
    })
  })
})

describe('parseGroupPatch', () => {
  const patch = (...operations: readonly unknown[]) => {
    const { dialect: _dialect, ...change } = parseGroupPatch({ Operations: operations }, 'g')
    return change
  }
  const members = (kind: string, ...ids: readonly string[]) => ({ members: [{ kind, ids }] })

  it.each<[rule: string, operation: object, change: object]>([
    ['adds members (Entra ID)', { op: 'Add', path: 'members', value: [{ $ref: null, value: 'u' }] }, members('add', 'u')],
    [
      'removes the listed members, never everybody (Entra ID)',
      { op: 'Remove', path: 'members', value: [{ $ref: null, value: 'u' }] },
      members('remove', 'u'),
    ],
    ['removes nobody for an empty list', { op: 'Remove', path: 'members', value: [] }, members('remove')],
    ['removes nobody for an empty text', { op: 'Remove', path: 'members', value: '' }, members('remove')],
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

  it('keeps steps on the members in their order', () => {
    const operations = [
      { op: 'remove', path: 'members[value eq "u"]' },
      { op: 'add', path: 'members', value: [{ value: 'v', display: 'v@x' }] },
      { op: 'remove', path: 'members' },
    ]
    expect(patch(...operations).members).toEqual([
      { kind: 'remove', ids: ['u'] },
      { kind: 'add', ids: ['v'] },
      { kind: 'replace', ids: [] },
    ])
  })

  it('takes 10,000 steps, and refuses more', () => {
    const body = (length: number) => ({
      Operations: Array.from({ length }, (_, i) => ({ op: 'add', path: 'members', value: [{ value: `u${i}` }] })),
    })
    expect(parseGroupPatch(body(10_000)).members).toHaveLength(10_000)
    expect(() => parseGroupPatch(body(10_001))).toThrow(/10000 operations/)
  })

  it('takes 10,000 members by filter, and refuses filters without end', () => {
    const body = (length: number, path: (i: number) => string) => ({
      Operations: Array.from({ length }, (_, i) => ({ op: 'remove', path: path(i) })),
    })
    const uuid = (i: number) => `01a21184-f6b4-71fa-8718-${String(i).padStart(12, '0')}`
    expect(parseGroupPatch(body(10_000, (i) => `members[value eq "${uuid(i)}"]`)).members).toHaveLength(10_000)
    const long = Array.from({ length: 150 }, (_, i) => `value eq "${uuid(i)}"`).join(' or ')
    expect(() => parseGroupPatch(body(100, () => `members[${long}]`))).toThrow(anError({ scimType: 'invalidPath' }))
  })

  it.each<[what: string, operation: unknown, scimType: string]>([
    ['a removal of the name', { op: 'remove', path: 'displayName' }, 'mutability'],
    ['an empty name', { op: 'replace', path: 'displayName', value: '' }, 'mutability'],
    ['a change of a member', { op: 'replace', path: 'members[value eq "u"].display', value: 'x' }, 'mutability'],
    ['a change of the id', { op: 'replace', path: 'id', value: 'x' }, 'mutability'],
    ['another id among the attributes', { op: 'replace', value: { id: 'x', displayName: 'y' } }, 'mutability'],
    ['a filter that would have to look at all members', { op: 'remove', path: 'members[type eq "User"]' }, 'noTarget'],
    ['a replacement of one member', { op: 'replace', path: 'members[value eq "u"]', value: { value: 'v' } }, 'mutability'],
    ['an unknown attribute', { op: 'replace', path: 'colour', value: 'red' }, 'invalidPath'],
    ['a member without a value', { op: 'add', path: 'members', value: [{}] }, 'invalidValue'],
    ['an addition of nothing', { op: 'add', path: 'members' }, 'invalidValue'],
  ])('refuses %s', (_what, operation, scimType) => {
    expect(() => patch(operation)).toThrow(anError({ status: 400, scimType }))
  })
})
