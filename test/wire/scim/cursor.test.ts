import { asksForCursor, cursorTimeoutSeconds, readCursor, writeCursor, type CursorPosition } from '../../../src/wire/scim/cursor'
import { anError } from '../../kit/an-error'

const now = Date.UTC(2026, 3, 1)
const asked = { filter: 'active eq true', sortBy: 'userName' }
const position: CursorPosition = { kind: 'User', after: { key: '太郎', id: 'u-1' }, total: 7 }

describe('a cursor (RFC 9865)', () => {
  it.each<CursorPosition>([
    position,
    { kind: 'Group', total: 0 },
    { kind: 'User', after: { key: null, id: 'u-2' }, total: 100_000 },
    { kind: 'User', after: { key: 0, id: 'u-3' }, total: 1 },
  ])('leads back to where it was written: %j', (from) => {
    expect(readCursor(writeCursor(['User', 'Group'], asked, from, now), ['User', 'Group'], asked, now + 1_000)).toEqual(from)
  })

  it('is for the same list whatever the case of names and the blanks around', () => {
    const cursor = writeCursor(['User'], asked, position, now)
    const again = { filter: ' active eq true ', sortBy: 'USERNAME', count: '5', attributes: 'id' }
    expect(readCursor(cursor, ['User'], again, now)).toEqual(position)
  })

  it.each<[what: string, parameters: object, kinds: readonly ('User' | 'Group')[]]>([
    ['another filter', { ...asked, filter: 'active eq false' }, ['User']],
    ['another order', { ...asked, sortOrder: 'descending' }, ['User']],
    ['another endpoint', asked, ['User', 'Group']],
  ])('of %s is invalid', (_what, parameters, kinds) => {
    const cursor = writeCursor(['User'], asked, position, now)
    expect(() => readCursor(cursor, kinds, parameters, now)).toThrow(anError({ scimType: 'invalidCursor' }))
  })

  it('ends when its time is over, and is none of ours when it does not open', () => {
    const cursor = writeCursor(['User'], asked, position, now)
    expect(() => readCursor(cursor, ['User'], asked, now + cursorTimeoutSeconds * 1_000)).toThrow(
      anError({ scimType: 'expiredCursor' }),
    )
    expect(() => readCursor(undefined, ['User'], asked, now)).toThrow(anError({ scimType: 'invalidCursor' }))
  })

  it.each<[object, string]>([
    [{ cursor: '', startIndex: '1' }, 'invalidValue'],
    ...['0', '00', '-1', '1.5', 'x', ' 1', '9'.repeat(20)].map((count): [object, string] => [
      { cursor: '', count },
      'invalidCount',
    ]),
  ])('is refused with %j: %s', (parameters, scimType) => {
    expect(() => asksForCursor(parameters)).toThrow(anError({ scimType }))
  })

  it('is asked for by an empty one', () => {
    expect([asksForCursor({}), asksForCursor({ cursor: '' }), asksForCursor({ cursor: '', count: '10' })]).toEqual([
      false,
      true,
      true,
    ])
  })
})
