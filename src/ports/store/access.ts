import type { Instant } from '../../domain/brand'
import type { UserId } from '../../domain/ids'
import type { ScramVerifier } from '../../domain/mirror/account'

export type PasswordRow = {
  readonly argon2: string
  /** Absent where it could not be opened: the secret key was changed. */
  readonly scram?: ScramVerifier
  readonly changedAt: Instant
  /** Set by an administrator: to be changed at the next sign-in (S11). */
  readonly temporary: boolean
}

export type Session = {
  /** SHA-256 of the cookie's value, hex. */
  readonly idHash: string
  readonly userId: UserId
  readonly loginName: string
  readonly administrator: boolean
  /** The password is temporary: nothing but changing it is allowed. */
  readonly mustChangePassword: boolean
  readonly method: 'saml' | 'password'
  readonly createdAt: Instant
  readonly lastSeenAt: Instant
  /** Where it began, and in which browser. */
  readonly address?: string
  readonly agent?: string
}

/** What is written of a session; the rest is read where it stands. */
export type SessionRow = Omit<Session, 'loginName' | 'administrator' | 'mustChangePassword'>

export interface AccessReads {
  readonly passwords: { find(userId: UserId): Promise<PasswordRow | undefined> }
  readonly sessions: {
    /** Only of a user in use; a suspended or deleted person has none. */
    find(idHash: string): Promise<Session | undefined>
    /** Of one user, who was seen last first; at most 1,000, those that were seen since `since`. */
    listOf(userId: UserId, since: Instant): Promise<readonly SessionRow[]>
  }
}

export interface AccessWrites extends AccessReads {
  readonly passwords: AccessReads['passwords'] & {
    set(userId: UserId, row: PasswordRow): Promise<void>
  }
  readonly sessions: AccessReads['sessions'] & {
    /**
     * Only of a user in use: a suspension or deletion that goes on at this moment either ends the session or lets none begin.
     *
     * @param passwordAt none begins when his password was changed since then; a change at this moment is met in the same way
     * @returns whether it began
     */
    insert(session: SessionRow, passwordAt?: Instant): Promise<boolean>
    touch(idHash: string, at: Instant): Promise<void>
    /** @returns whether it was there */
    delete(idHash: string): Promise<boolean>
    /** All of a user's, but for `except`. */
    deleteOf(userId: UserId, except?: string): Promise<number>
    /** At most `limit` that were last seen before `before`. */
    purge(before: Instant, limit: number): Promise<number>
  }
  readonly consumed: {
    /** True for the first who asks; false for ever after, until it expires. AuthnRequest and assertion ids. */
    take(kind: 'authnRequest' | 'assertion' | 'samlTest', id: string, expiresAt: Instant): Promise<boolean>
    purge(now: Instant, limit: number): Promise<number>
  }
}
