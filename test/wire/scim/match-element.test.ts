import fc from 'fast-check'
import { matchElement } from '../../../src/wire/scim/match-element'
import { parseValueFilter } from '../../../src/wire/scim/parse-filter'
import { resolvePath } from '../../../src/wire/scim/schema'
import { aGeneratedFilter, fulfils, textOf, type AttributeKind } from '../../kit/filters'
import { seed } from '../../kit/seed'

const words = ['a', 'A', 'ab', 'work', 'WORK', 'é', 'e', 'か', 'が', 'ß', 'a ', ' ', '\uffee', '😀', '%', '_']
const text = fc.option(fc.constantFrom(...words), { nil: undefined })
const elements = fc
  .record({ value: text, type: text, display: text, primary: fc.option(fc.boolean(), { nil: undefined }) })
  .map(
    (fields) =>
      Object.fromEntries(Object.entries(fields).filter(([, one]) => one !== undefined)) as Record<string, string | boolean>,
  )

describe('matchElement', () => {
  it.each<[list: string, value: AttributeKind]>([
    ['emails', 'folded'],
    ['x509Certificates', 'binary'],
  ])(`judges an element of %s as the words of the filter say, like the database (seed ${seed})`, (list, value) => {
    const paths: Readonly<Record<string, AttributeKind>> = { value, type: 'folded', display: 'folded', primary: 'boolean' }
    const { attribute } = resolvePath('User', list)!
    fc.assert(
      fc.property(aGeneratedFilter({ paths, lists: {}, words, times: [] }), elements, (filter, element) => {
        const found = matchElement(parseValueFilter('User', attribute, textOf(filter)), element)
        expect(found).toBe(fulfils(filter, element, (path) => paths[path]!))
      }),
      { seed, numRuns: 2_000 },
    )
  })

  it.each([
    ['primary eq false', true],
    ['primary ne true', true],
    ['primary eq true', false],
    ['primary eq null', false],
    ['primary pr', true],
  ])('takes an element without primary for one that is not: %s is %s (RFC 7643 §2.4)', (filter, found) => {
    expect(matchElement(parseValueFilter('User', resolvePath('User', 'emails')!.attribute, filter), { value: 'a@x' })).toBe(found)
  })
})
