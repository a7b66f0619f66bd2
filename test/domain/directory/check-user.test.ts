import { checkUserAttributes } from '../../../src/domain/directory/check-user'
import { checkGroupName } from '../../../src/domain/directory/group'
import { chatDisplayName, type UserAttributes } from '../../../src/domain/directory/user'
import { anError } from '../../kit/an-error'
import { aUser } from '../../kit/builders'

describe('checkUserAttributes', () => {
  const long = 'a'.repeat(256)

  it.each<[attribute: string, rest: Partial<UserAttributes>]>([
    ['displayName', { displayName: long }],
    ['name.familyName', { familyName: long }],
    ['name.givenName', { givenName: long }],
    ['externalId', { externalId: long }],
    ['emails.value', { profile: { emails: [{ value: long }] } }],
    ['emails.type', { profile: { emails: [{ value: 'a@x', type: 'a'.repeat(65) }] } }],
  ])('refuses %s that no index can hold', (attribute, rest) => {
    expect(() => checkUserAttributes(aUser(rest))).toThrow(
      anError({ code: 'invalidAttribute', detail: expect.stringContaining(`${attribute} is longer`) as string }),
    )
  })

  it('measures the form by which a name is found: ㍿ is four characters there', () => {
    expect(() => checkUserAttributes(aUser({ loginName: '㍿'.repeat(47) }))).not.toThrow()
    expect(() => checkUserAttributes(aUser({ loginName: '㍿'.repeat(48) }))).toThrow(/userName is longer than 191/)
  })

  it('lets everything through that fits', () => {
    expect(() =>
      checkUserAttributes(aUser({ displayName: 'a'.repeat(255), profile: { emails: [{ value: 'a@x', type: 'work' }] } })),
    ).not.toThrow()
  })
})

describe('checkGroupName (D22)', () => {
  it.each(['', ' ', 'LoginUser', 'COMMANDLINE', 'Administrators', 'ｅｖｅｒｙｏｎｅ', 'a'.repeat(256)])('refuses %j', (name) => {
    expect(() => checkGroupName(name)).toThrow(anError({ code: 'invalidAttribute' }))
  })

  it('takes any other', () => {
    expect(() => checkGroupName('営業部 Everyone')).not.toThrow()
  })
})

describe('chatDisplayName (C11)', () => {
  it.each<[name: object, shown: string]>([
    [{ familyName: '山田', givenName: '太郎' }, '山田 太郎'],
    [{ familyName: '山田' }, '山田'],
    [{ givenName: '太郎', familyName: ' ' }, '太郎'],
    [{ displayName: 'たろ' }, 'taro'],
  ])('of %j is %s', (name, shown) => {
    expect(chatDisplayName(aUser(name))).toBe(shown)
  })
})
