import { parseLoginName } from '../../../src/domain/directory/login-name'
import { anError } from '../../kit/an-error'

describe('parseLoginName (D2)', () => {
  it.each(['taro', 'Taro@Example.jp', '山田 太郎', 'taro-yamada+x', 'ﾀﾛｳ', '🍣', 'a'.repeat(191)])(
    'takes %s as it is written',
    (name) => {
      expect(parseLoginName(name)).toBe(name)
    },
  )

  it.each([...'\\[]":;<>,/'])('refuses one that contains %s, and names it', (sign) => {
    expect(() => parseLoginName(`ta${sign}ro`)).toThrow(
      anError({ code: 'invalidLoginName', detail: expect.stringContaining(`contains ${sign}.`) as string }),
    )
  })

  it.each<[what: string, name: string, why: RegExp]>([
    ['nothing', '', /is empty/],
    ['a leading space', ' taro', /begins or ends with a space/],
    ['a trailing space', 'taro ', /begins or ends with a space/],
    ['a leading full-width space', '\u3000taro', /begins or ends with a space/],
    ['a trailing full-width space', 'taro\u3000', /begins or ends with a space/],
    ['a control character', 'ta\u0007ro', /control character/],
    ['192 characters', 'a'.repeat(192), /longer than 191/],
  ])('refuses %s', (_what, name, why) => {
    expect(() => parseLoginName(name)).toThrow(why)
  })
})
