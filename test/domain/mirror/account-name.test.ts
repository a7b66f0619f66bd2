import { accountNameFor } from '../../../src/domain/mirror/account-name'

describe('accountNameFor', () => {
  it.each([
    ['taro', 'taro'],
    ['Taro@Example.JP', 'taro'],
    ['taro.yamada+x_y-z', 'taro.yamada+x_y-z'],
    ['a'.repeat(64), 'a'.repeat(64)],
  ])('of %s is %s', (loginName, name) => {
    expect(accountNameFor(loginName, 'example.jp')).toEqual({ kind: 'name', name })
  })

  it.each<[loginName: string, reason: RegExp]>([
    ['taro@elsewhere.jp', /of the domain elsewhere\.jp.*KAGAMI_ORGANIZATION_DOMAIN/],
    ['a@b@example.jp', /not "a@b"/],
    ['山田', /not "山田"/],
    ['ta ro', /Chat and mail carry only/],
    ['@example.jp', /not ""/],
    ['a'.repeat(65), /longer than 64/],
    ['apiadmin', /reserved/],
    ['Suspended@example.jp', /reserved/],
  ])('is impossible for %s, with the reason and the mend', (loginName, reason) => {
    expect(accountNameFor(loginName, 'example.jp')).toEqual({
      kind: 'impossible',
      reason: expect.stringMatching(reason) as string,
    })
  })
})
