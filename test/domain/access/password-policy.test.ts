import { isGuessable, wordsIn } from '../../../src/domain/access/password-guess'
import { brokenRules, wordsOfInstallation, type PasswordOwner } from '../../../src/domain/access/password-policy'
import { commonWords } from '../../../src/domain/access/password-words'
import { checkSettings, completeSettings, profileSettings } from '../../../src/domain/access/sign-in-settings'

const taro: PasswordOwner = { loginName: 'taro.yamada', emails: ['t.yamada@example.jp'], administrator: false }
const words = wordsOfInstallation(['example.co.jp', undefined])
const broken = (profile: 'manual' | 'recommended', password: string, named = {}, owner = taro) =>
  brokenRules({ ...profileSettings[profile].password, ...named }, owner, words, password).map(({ rule }) => rule)

describe('brokenRules (S11)', () => {
  it.each<[profile: 'manual' | 'recommended', password: string, rules: readonly string[]]>([
    ['manual', 'a1b', []],
    ['manual', 'a1', ['tooShort']],
    ['manual', 'abc', ['complexity']],
    ['manual', '', ['tooShort']],
    ['manual', 'TARO.YAMADA', ['complexity', 'loginName']],
    ['recommended', 'four quiet rivers', []],
    ['recommended', 'さわやかな朝の散歩道を歩く', []],
    ['recommended', 'さわやかな朝の散歩道', ['tooShort']],
    ['recommended', '👨‍👩‍👧 x 🍣🍺 k7', []],
    ['recommended', 'Password2024!', ['guessable']],
    ['recommended', 'Example-2024', ['guessable']],
    ['recommended', 'Kagami123456', ['guessable']],
    ['recommended', 'yamadataro1985', ['guessable']],
    ['recommended', 'a'.repeat(1_025), ['tooLong']],
    ['recommended', 'rivers\0quiet four', ['unusable']],
    ['recommended', 'rivers\ud800quiet four', ['unusable']],
  ])('%s: %j breaks %j', (profile, password, rules) => {
    expect(broken(profile, password)).toEqual(rules)
  })

  it('counts characters, not UTF-16 units, and é as one however it is written', () => {
    const twelve = { minLength: 12, refuseCommon: false }
    expect(broken('recommended', '🍣'.repeat(11), twelve)).toEqual(['tooShort'])
    expect(broken('recommended', '🍣🍺'.repeat(6), twelve)).toEqual([])
    expect(broken('recommended', 'e\u0301'.repeat(11), twelve)).toEqual(['tooShort'])
  })

  it('asks administrators for what it asks administrators', () => {
    const policy = { minLengthForAdministrators: 16 }
    expect(broken('recommended', 'four quiet rive', policy)).toEqual([])
    expect(broken('recommended', 'four quiet rive', policy, { ...taro, administrator: true })).toEqual(['tooShort'])
  })

  it.each([
    ['mixedCaseAndDigits', 'abcdefg1', ['complexity']],
    ['mixedCaseAndDigits', 'Abcdefg1', []],
    ['mixedCaseDigitsAndSymbols', 'Abcdefg1', ['complexity']],
    ['mixedCaseDigitsAndSymbols', 'Abcdefg 1', []],
    ['none', 'abcdefgh', []],
  ] as const)('%s: %s breaks %j', (complexity, password, rules) => {
    expect(broken('manual', password, { complexity })).toEqual(rules)
  })

  it('refuses the words that an administrator names', () => {
    expect(broken('recommended', 'Zaibatsu-2024')).toEqual([])
    expect(broken('recommended', 'Zaibatsu-2024', { refusedWords: ['zaibatsu'] })).toEqual(['guessable'])
  })
})

describe('isGuessable', () => {
  it('knows thousands of words', () => expect(commonWords.size).toBeGreaterThan(3_500))

  it.each([
    'password',
    'P@ssw0rd',
    'p@55w0rd!!',
    'ｐａｓｓｗｏｒｄ',
    'iloveyou1234',
    'qwertyuiopas',
    '1qaz2wsx3edc',
    '123456789012',
    'abcabcabcabc',
    'aaaaaaaaaaaaaaaa',
    'さくらさくらさくら',
    'passwordpassword',
    'admin1234admin',
    'sakura19850412',
    'letmein letmein',
    'a'.repeat(1_000),
  ])('takes %s for one that is tried first', (password) => expect(isGuessable(password)).toBe(true))

  it.each([
    'correct horse battery staple',
    'Xk3$vQ9zLm2p',
    'purple monkey dishwasher',
    'tomorrow we sail at dawn',
    '839201746152',
  ])('lets %s be', (password) => expect(isGuessable(password)).toBe(false))

  it('answers at once, however long it is', () => {
    const started = performance.now()
    for (const text of ['password1', 'abcdefg', 'aaaa', 'x']) isGuessable(text.repeat(1_024 / text.length))
    expect(performance.now() - started).toBeLessThan(500)
  })

  it('knows the parts of a name', () => {
    expect(isGuessable('wrzeszczyk-2024', wordsIn(['olga.wrzeszczyk@example.jp']))).toBe(true)
    expect(isGuessable('wrzeszczyk-2024')).toBe(false)
  })
})

describe('the settings', () => {
  it('let nobody be stuck with a password that he must change and may not', () => {
    const set = (password: object) => () => checkSettings(completeSettings('recommended', { password }))
    expect(set({ usersMayChange: false })).toThrow(/changeTemporary/)
    expect(set({ usersMayChange: false, changeTemporary: false, lifetimeDays: 30 })).toThrow(/lifetimeDays/)
    expect(set({ usersMayChange: false, changeTemporary: false })).not.toThrow()
  })
})
