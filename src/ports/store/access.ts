import type { PasswordState } from '../../domain/access/password-state'
import type { Instant } from '../../domain/brand'
import type { UserId } from '../../domain/ids'
import type { ScramVerifier } from '../../domain/mirror/account'

/** A password's hashes, as they are set. */
export type NewPassword = {
  readonly argon2: string
  /** Absent where it could not be opened: the secret key was changed. */
  readonly scram?: ScramVerifier
  readonly changedAt: Instant
  /** Set by an administrator: to be changed at the next sign-in (S11). */
  readonly temporary: boolean
  /** Absent: as it was. */
  readonly neverExpires?: boolean
}

export type PasswordRow = NewPassword &
  PasswordState & {
    /** Nobody signs in with it from then on (D61). */
    readonly usableUntil?: Instant
  }

export type Session = {
  /** SHA-256 of the cookie's value, hex. */
  readonly idHash: string
  readonly userId: UserId
  readonly loginName: string
  readonly administrator: boolean
  /** The password is temporary, or its lifetime was over at the sign-in: nothing but changing it is allowed. */
  readonly mustChangePassword: boolean
  readonly method: 'saml' | 'password'
  readonly createdAt: Instant
  readonly lastSeenAt: Instant
  /** Where it began, and in which browser. */
  readonly address?: string
  readonly agent?: string
  /** The browser keeps it when it is closed (S10). */
  readonly remembered: boolean
}

/** What is written of a session; the rest is read where it stands. */
export type SessionRow = Omit<Session, 'loginName' | 'administrator' | 'mustChangePassword'> & {
  /** The lifetime of the password was over when it began (S18). */
  readonly passwordExpired: boolean
}

/** Whether it still lives, and what it may, is decided by the settings. */
export type KeptSession = SessionRow &
  Pick<Session, 'loginName' | 'administrator'> & {
    readonly password?: { readonly temporary: boolean; readonly changedAt: Instant; readonly usableUntil?: Instant }
  }

export type NewSessionRow = Omit<SessionRow, 'remembered' | 'passwordExpired'> &
  Partial<Pick<SessionRow, 'remembered' | 'passwordExpired'>>

export interface AccessReads {
  readonly passwords: {
    find(userId: UserId): Promise<PasswordRow | undefined>
    /** The hashes of those before the present one, the last first; at most as many as are kept. */
    history(userId: UserId, limit: number): Promise<readonly string[]>
  }
  readonly sessions: {
    /** Only of a user in use; a suspended or deleted person has none. */
    find(idHash: string): Promise<KeptSession | undefined>
    /** Of one user, who was seen last first; at most 1,000, those that were seen since `since`. */
    listOf(userId: UserId, since: Instant): Promise<readonly SessionRow[]>
  }
}

export interface AccessWrites extends AccessReads {
  readonly passwords: AccessReads['passwords'] & {
    /** The one before goes into the history; failures are forgotten. */
    set(userId: UserId, row: NewPassword): Promise<void>
    /** @returns false when he has no password */
    setNeverExpires(userId: UserId, neverExpires: boolean): Promise<boolean>
    /** Nobody signs in with it from then on; undefined: as with every other. */
    setUsableUntil(userId: UserId, until: Instant | undefined): Promise<void>
    /** It stays as it is until the commit. */
    getForUpdate(userId: UserId): Promise<PasswordRow | undefined>
    /** One more wrong one, unless the limit is exceeded already; those until `released` count no more. */
    noteFailure(userId: UserId, at: Instant, limit: number, released: Instant): Promise<void>
    forgetFailures(userId: UserId): Promise<void>
  }
  readonly sessions: AccessReads['sessions'] & {
    /**
     * Only of a user in use: a suspension or deletion that goes on at this moment either ends the session or lets none begin.
     *
     * @param passwordAt none begins when his password was changed since then; a change at this moment is met in the same way
     * @returns whether it began
     */
    insert(session: NewSessionRow, passwordAt?: Instant): Promise<boolean>
    /** A new password was set in it. */
    passwordChanged(idHash: string): Promise<void>
    touch(idHash: string, at: Instant): Promise<void>
    /** @returns whether it was there */
    delete(idHash: string): Promise<boolean>
    /** Only when it is this user's. @returns whether it was there */
    deleteOne(userId: UserId, idHash: string): Promise<boolean>
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
