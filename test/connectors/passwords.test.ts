import { hash } from '@node-rs/argon2'
import { argon2Passwords } from '../../src/connectors/passwords'

describe('argon2Passwords', () => {
  const passwords = argon2Passwords()
  const [composed, decomposed] = ['un caf\u00e9 tr\u00e8s long', 'un cafe\u0301 tre\u0300s long']

  it('knows a password in any composition, with its blanks as they were typed', async () => {
    for (const [set, typed, right] of [
      [composed, decomposed, true],
      [decomposed, composed, true],
      ['a long\u3000password', 'a long\u3000password', true],
      ['a long\u3000password', 'a long password', false],
    ] as const) {
      const { argon2 } = await passwords.makeRecords(set)
      expect([set, await passwords.verify(argon2, typed)]).toEqual([set, right])
    }
  })

  it('still knows one that was hashed as it came', async () => {
    expect(await passwords.verify(await hash(decomposed), decomposed)).toBe(true)
    expect(await passwords.verify(await hash(decomposed), 'another one')).toBe(false)
    expect(await passwords.verify(undefined, decomposed)).toBe(false)
  })
})
