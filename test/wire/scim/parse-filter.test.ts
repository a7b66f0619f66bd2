import fc from 'fast-check'
import type { Filter } from '../../../src/domain/directory/filter'
import { parseFilter } from '../../../src/wire/scim/parse-filter'
import { ScimError } from '../../../src/wire/scim/scim-error'
import { anError } from '../../kit/an-error'

const compare = (attribute: string, operator: string, value: string | number | boolean | null) => ({
  kind: 'compare',
  operator,
  attribute,
  value,
})
const element = (...parts: readonly unknown[]) => ({
  kind: 'element',
  attribute: 'emails',
  part: parts.length === 1 ? parts[0] : { kind: 'and', parts },
})
const present = (attribute: string) => ({ kind: 'present', attribute })
const work = compare('emails.type', 'eq', 'work')
const both = (...parts: readonly unknown[]) => ({ kind: 'and', parts })

describe('parseFilter', () => {
  it.each<[rule: string, text: string, filter: unknown]>([
    ['names attributes in any case', 'USERNAME Eq "taro"', compare('userName', 'eq', 'taro')],
    ['cuts the URN off', 'urn:ietf:params:scim:schemas:core:2.0:User:userName sw "t"', compare('userName', 'sw', 't')],
    [
      'cuts the URN of an extension off',
      'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department eq "D"',
      compare('department', 'eq', 'D'),
    ],
    ['finds a part of a complex attribute', 'name.familyname co "山"', compare('name.familyName', 'co', '山')],
    ['takes a manager by his id (Entra ID)', 'manager eq "m"', compare('manager.value', 'eq', 'm')],
    ['takes booleans in any case (Entra ID)', 'active eq True', compare('active', 'eq', true)],
    [
      'takes booleans as strings (Entra ID)',
      'roles[primary eq "True"]',
      { kind: 'element', attribute: 'roles', part: compare('roles.primary', 'eq', true) },
    ],
    ['reads times', 'meta.lastModified gt "2026-04-01T09:00:00Z"', compare('meta.lastModified', 'gt', Date.UTC(2026, 3, 1, 9))],
    ['reads presence', 'nickName pr', { kind: 'present', attribute: 'nickName' }],
    ['takes null for "has no value"', 'externalId eq null', compare('externalId', 'eq', null)],
    [
      'reads offsets',
      'meta.created lt "2026-04-01T18:00:00.5+09:00"',
      compare('meta.created', 'lt', Date.UTC(2026, 3, 1, 9) + 500),
    ],
    [
      'takes the blank that a + in a URL becomes for one',
      'meta.created lt "2026-04-01T18:00:00 09:00"',
      compare('meta.created', 'lt', Date.UTC(2026, 3, 1, 9)),
    ],
    [
      'takes a time without an offset for UTC',
      'meta.created eq "2026-04-01T09:00"',
      compare('meta.created', 'eq', Date.UTC(2026, 3, 1, 9)),
    ],
    [
      'keeps fractions finer than ours',
      'meta.created gt "2026-04-01T09:00:00.0005Z"',
      compare('meta.created', 'gt', Date.UTC(2026, 3, 1, 9) + 0.5),
    ],
    [
      'decodes escapes, also of pairs',
      String.raw`displayName eq "\"\\\/\n\u5c71\ud83d\ude00"`,
      compare('displayName', 'eq', '"\\/\n山😀'),
    ],
    ['finds everybody by the core schema', 'schemas eq "URN:ietf:params:scim:schemas:core:2.0:User"', present('id')],
    ['finds nobody by a schema that nobody has', 'schemas eq "urn:x"', { kind: 'not', part: present('id') }],
    [
      'finds by the enterprise schema who has one of its attributes',
      'schemas co "enterprise"',
      {
        kind: 'or',
        parts: [
          ...['employeeNumber', 'costCenter', 'organization', 'division', 'department'].map(present),
          { kind: 'or', parts: [present('manager.value')] },
        ],
      },
    ],
    [
      'finds a complex attribute present by any of its parts',
      'meta pr',
      { kind: 'or', parts: ['meta.resourceType', 'meta.created', 'meta.lastModified'].map(present) },
    ],
    [
      'lets and bind before or',
      'userName eq "a" or userName eq "b" and active eq true',
      {
        kind: 'or',
        parts: [compare('userName', 'eq', 'a'), both(compare('userName', 'eq', 'b'), compare('active', 'eq', true))],
      },
    ],
    [
      'lets parentheses bind first',
      '(userName eq "a" or userName eq "b") and active eq true',
      both(
        { kind: 'or', parts: [compare('userName', 'eq', 'a'), compare('userName', 'eq', 'b')] },
        compare('active', 'eq', true),
      ),
    ],
    ['negates', 'not (userName eq "a")', { kind: 'not', part: compare('userName', 'eq', 'a') }],
    [
      'lets one element fulfil all in brackets',
      'emails[type eq "work" and value co "@x"]',
      element(work, compare('emails.value', 'co', '@x')),
    ],
    [
      'lets one element fulfil what stands after the brackets too',
      'emails[type eq "work"].value eq "x"',
      element(work, compare('emails.value', 'eq', 'x')),
    ],
    [
      'keeps that in a longer filter',
      'emails[type eq "work"].value pr and active eq true',
      both(element(work, { kind: 'present', attribute: 'emails.value' }), compare('active', 'eq', true)),
    ],
  ])('%s: %s', (_rule, text, filter) => {
    expect(parseFilter('User', text)).toEqual(filter)
  })

  it('finds a membership by both ids (Entra ID, reference check)', () => {
    expect(parseFilter('Group', 'id eq "g" and members eq "u"')).toEqual(
      both(compare('id', 'eq', 'g'), compare('members', 'eq', 'u')),
    )
  })

  it.each<[what: string, text: string, detail: RegExp]>([
    ['nothing to compare with', 'userName eq', /RFC 7644/],
    ['no operator', 'userName "taro"', /RFC 7644/],
    ['an unknown operator', 'userName like "taro"', /RFC 7644/],
    ['an open parenthesis', '(userName eq "taro"', /RFC 7644/],
    ['a string that does not end', 'userName eq "taro', /character 13/],
    ['a string with an escape that JSON does not know', String.raw`userName eq "\x41"`, /escape/],
    ['an unquoted string', 'userName eq taro', /RFC 7644/],
    ['a character that no filter has', 'userName eq "a" ; active pr', /character 17/],
    ['an unknown attribute', 'shoeSize eq "42"', /no attribute shoeSize/],
    ['an unknown part', 'name.shoe eq "42"', /no attribute name.shoe/],
    ['a complex attribute as a whole', 'name eq "taro"', /name\.formatted/],
    ['brackets on what is no list', 'nickName[value eq "a"]', /no list/],
    ['an attribute of elsewhere in brackets', 'emails[userName eq "a"]', /no attribute userName in emails/],
    ['a negation without parentheses', 'not userName eq "a"', /character 5/],
    ['a second negation behind a term', 'userName pr not (active pr)', /character 13/],
    ['a term behind a term', 'userName pr active pr', /character 13/],
    ['a word of the language behind a term', 'userName pr constructor active pr', /character 13/],
    ['another one', 'userName pr __proto__ active pr', /character 13/],
    ['a bracket that was never opened', 'userName pr)', /character 12/],
    ['half a surrogate pair', String.raw`userName eq "\ud83d"`, /surrogate/],
    ['an order of binary values', 'x509Certificates.value gt "a"', /no order/],
    ['a day that is none', 'meta.created gt "2026-02-30T00:00:00Z"', /a time such as/],
    ['an hour that is none', 'meta.created gt "2026-02-20T25:00:00Z"', /a time such as/],
    ['a number past all numbers', 'userName eq 1e999', /string in double quotes/],
    ['a schema that is no string', 'schemas eq true', /string in double quotes/],
    ['a password', 'password sw "a"', /cannot be searched/],
    ['what only answers have', 'meta.location eq "x"', /cannot be searched/],
    ['a mail display name, which nobody keeps an index of', 'emails.display eq "x"', /cannot be searched/],
    ['a number for a string', 'userName eq 1', /string in double quotes/],
    ['a number with a leading zero', 'userName eq 01', /RFC 7644|cannot be read/],
    ['a word for a boolean', 'active eq "yes"', /true or false/],
    ['an order of booleans', 'active gt true', /use eq or ne/],
    ['a text that is no time', 'meta.created gt "yesterday"', /a time such as/],
    ['a part of a time', 'meta.created co "2026"', /is a time/],
    ['an order to null', 'userName gt null', /a value/],
  ])('refuses %s: %s', (_what, text, detail) => {
    expect(() => parseFilter('User', text)).toThrow(
      anError({ status: 400, scimType: 'invalidFilter', detail: expect.stringMatching(detail) as string }),
    )
  })

  it.each([
    ['characters', `userName eq "${'a'.repeat(8_192)}"`, /8192 characters/],
    ['levels', `${'('.repeat(31)}userName pr${')'.repeat(31)}`, /30 levels/],
    ['terms', Array.from({ length: 201 }, () => 'userName pr').join(' or '), /200 terms/],
  ])('has a limit of %s', (_what, text, detail) => {
    expect(() => parseFilter('User', text)).toThrow(detail)
  })

  it('bears 200 terms, 30 levels', () => {
    expect(parseFilter('User', Array.from({ length: 200 }, () => 'userName pr').join(' or '))).toMatchObject({ kind: 'or' })
    expect(parseFilter('User', `${'('.repeat(30)}userName pr${')'.repeat(30)}`)).toEqual({
      kind: 'present',
      attribute: 'userName',
    })
  })

  it('is not stopped by line breaks in a string that does not end: the library alone would take years', () => {
    const started = performance.now()
    expect(() => parseFilter('User', `userName eq "${'\n'.repeat(60)}`)).toThrow(ScimError)
    expect(performance.now() - started).toBeLessThan(1_000)
  })

  it('hands every string on as it was meant', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        expect(parseFilter('User', `userName eq ${JSON.stringify(value)} and active eq true`)).toEqual(
          both(compare('userName', 'eq', value), compare('active', 'eq', true)),
        )
      }),
    )
  })

  it('answers anything with a filter or with invalidFilter, never with another error', () => {
    const word = fc.constantFrom(
      ...[
        'userName',
        'emails',
        'emails.type',
        'active',
        'meta.created',
        'eq',
        'co',
        'pr',
        'and',
        'or',
        'not',
        '(',
        ')',
        '[',
        ']',
        '].',
        '"a"',
      ],
      ...['"', '-5', '00', '1e9', 'true', 'NULL', '$ref', '.', ':', '%', '\\', '\n', '__proto__', 'constructor', 'v--value'],
    )
    const soup = fc
      .array(fc.oneof({ weight: 4, arbitrary: word }, fc.string()), { maxLength: 12 })
      .map((words) => words.join(' '))
    fc.assert(
      fc.property(soup, (text) => {
        let filter: Filter | undefined
        try {
          filter = parseFilter('User', text)
        } catch (error) {
          expect(error).toBeInstanceOf(ScimError)
          expect(error).toMatchObject({ scimType: 'invalidFilter' })
        }
        return filter === undefined || typeof filter.kind === 'string'
      }),
      { numRuns: 3_000 },
    )
  })
})
