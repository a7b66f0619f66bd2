import { pageSizes, parseList } from '../../../src/wire/scim/parse-list'
import { anError } from '../../kit/an-error'

describe('parseList', () => {
  it('asks for the first page by creation when nothing is said', () => {
    expect(parseList('User', {})).toEqual({ startIndex: 1, count: pageSizes.default })
  })

  it.each<[rule: string, query: Readonly<Record<string, string>>, request: object]>([
    ['counts from 1 (RFC 7644 §3.4.2.4)', { startIndex: '-3' }, { startIndex: 1 }],
    ['takes a negative count for 0', { count: '-1' }, { count: 0 }],
    ['answers totals only for 0', { count: '0' }, { count: 0 }],
    ['gives at most a full page', { count: '999999' }, { count: pageSizes.max }],
    ['passes an empty filter over', { filter: ' ' }, { startIndex: 1 }],
    ['sorts ascending by itself', { sortBy: 'USERNAME' }, { sort: { attribute: 'userName', descending: false } }],
    [
      'sorts descending in any case',
      { sortBy: 'userName', sortOrder: 'Descending' },
      { sort: { attribute: 'userName', descending: true } },
    ],
    ['sorts a list by its values', { sortBy: 'emails' }, { sort: { attribute: 'emails.value', descending: false } }],
    ['sorts names by the whole name', { sortBy: 'name' }, { sort: { attribute: 'name.formatted', descending: false } }],
  ])('%s', (_rule, query, request) => {
    expect(parseList('User', query)).toMatchObject(request)
  })

  it.each<[what: string, query: Readonly<Record<string, string>>, scimType: string]>([
    ['a startIndex that is no number', { startIndex: 'one' }, 'invalidValue'],
    ['half a page', { count: '1.5' }, 'invalidValue'],
    ['a number that no list reaches', { count: '9'.repeat(30) }, 'invalidValue'],
    ['an order that does not exist', { sortBy: 'userName', sortOrder: 'random' }, 'invalidValue'],
    ['an unknown attribute to sort by', { sortBy: 'shoeSize' }, 'invalidPath'],
    ['a password to sort by', { sortBy: 'password' }, 'invalidPath'],
    ['what has no order, in any case', { sortBy: 'META' }, 'invalidPath'],
    ['what has no order, with its URN', { sortBy: 'urn:ietf:params:scim:schemas:core:2.0:User:groups' }, 'invalidPath'],
    ['a part of what has no order', { sortBy: 'groups.value' }, 'invalidPath'],
    ['a filter that does not parse', { filter: 'userName eq' }, 'invalidFilter'],
  ])('refuses %s', (_what, query, scimType) => {
    expect(() => parseList('User', query)).toThrow(anError({ status: 400, scimType }))
  })
})
