import { createHash } from 'node:crypto'
import { argon2Passwords } from '../../../src/connectors/passwords'
import type { UserId } from '../../../src/domain/ids'
import type { AccountName, ChatAccount, MailAccount } from '../../../src/domain/mirror/account'
import type { PasswordRecords } from '../../../src/ports/passwords'

/** Beyond ASCII, and not normalised: a full-width 1. */
export const passwords = { first: 'erstes-パス１', second: 'zweites-Ü"\\' } as const

export type PasswordName = keyof typeof passwords
export type Change = { readonly active?: boolean; readonly password?: PasswordName }

/** Accounts as the plans make them, with records of the two passwords. */
export async function people(mailDomain: string): Promise<{
  chat(name: string, change?: Change): ChatAccount
  mail(name: string, change?: Change & { readonly address?: string; readonly aliases?: readonly string[] }): MailAccount
}> {
  const { makeRecords } = argon2Passwords()
  const records: Readonly<Record<PasswordName, PasswordRecords>> = {
    first: await makeRecords(passwords.first),
    second: await makeRecords(passwords.second),
  }
  const common = (name: string, active = true) => ({ objectId: `id-of-${name}` as UserId, name: name as AccountName, active })
  return {
    chat: (name, { active, password = 'first' } = {}) => hashed({ ...common(name, active), verifier: records[password].scram }),
    mail: (name, { active, password = 'first', address = `${name}@${mailDomain}`, aliases = [] } = {}) =>
      hashed({ ...common(name, active), address, aliases, passwordHash: records[password].argon2 }),
  }
}

const hashed = <Account extends object>(account: Account) => ({
  ...account,
  hash: createHash('sha256').update(JSON.stringify(account)).digest('hex'),
})
