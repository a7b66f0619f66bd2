import type { ScramVerifier } from '../domain/mirror/account'

/** What is kept of a password: never the password itself. Made outside transactions, off the event loop. */
export type PasswordRecords = {
  /** PHC string, `$argon2id$…`: our own sign-in and mail. */
  readonly argon2: string
  /** For chat; its own salt, so that a captured chat exchange does not open the mail. */
  readonly scram: ScramVerifier
}

export interface Passwords {
  makeRecords(password: string): Promise<PasswordRecords>
  /** Takes about the same time for every hash, and for none: who is unknown cannot be told from who mistyped. */
  verify(argon2: string | undefined, password: string): Promise<boolean>
}
