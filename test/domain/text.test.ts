import { parseUuid } from '../../src/domain/ids'
import { foldCase } from '../../src/domain/text'
import { newUuid } from '../../src/ports/clock'

describe('foldCase', () => {
  it.each([
    ['Taro', 'tARO'],
    ['ＴＡＲＯ', 'taro'],
    ['ｶﾞ', 'ガ'],
    ['㍿', '株式会社'],
    ['taro ', 'taro'],
  ])('makes %s and %s one name', (a, b) => {
    expect(foldCase(a)).toBe(foldCase(b))
  })

  it.each([
    ['か', 'が'],
    ['ハハ', 'パパ'],
    ['e', 'é'],
    ['🍣', '🍺'],
    ['か', 'カ'],
  ])('keeps %s and %s apart', (a, b) => {
    expect(foldCase(a)).not.toBe(foldCase(b))
  })
})

describe('parseUuid', () => {
  it('gives an id its one spelling', () => {
    expect(parseUuid('018F0000-0000-7000-8000-00000000ABCD')).toBe('018f0000-0000-7000-8000-00000000abcd')
  })

  it.each(['', 'taro', '018f0000-0000-7000-8000-00000000abcd ', "' OR 1=1 --"])('takes %j for nobody', (text) => {
    expect(parseUuid(text)).toBeUndefined()
  })
})

describe('newUuid', () => {
  it('is one of ours, and sorts by time (RFC 9562 §5.7)', () => {
    const ids = [0, 1, 2 ** 40, 2 ** 40 + 1].map(newUuid)
    expect(ids.map(parseUuid)).toEqual(ids)
    expect([...ids].sort()).toEqual(ids)
    expect(ids[0]).toMatch(/^00000000-0000-7...-[89ab]/)
  })
})
