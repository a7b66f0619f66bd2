import type { Instant } from '../brand'
import type { UserId } from '../ids'
import type { KeptSignInSettings, Lockout, SignInSettings } from './sign-in-settings'

const minute = 60_000
const day = 24 * 60 * minute

/** What is kept of a password beside its hashes. */
export type PasswordState = {
  readonly changedAt: Instant
  /** Set by an administrator. */
  readonly temporary: boolean
  /** Wins over the lifetime of the policy (D3). */
  readonly neverExpires: boolean
  /** Wrong ones since the last success or change. */
  readonly failures: number
  readonly failedAt?: Instant
}

/** Why nothing but setting a new password is allowed: an administrator set it (S11), or its lifetime is over (S18). */
export type MustChange = 'temporary' | 'expired'

export function mustChange(kept: KeptSignInSettings, password: PasswordState, now: Instant): MustChange | undefined {
  if (isTemporary(kept, password)) return 'temporary'
  const endsAt = expiresAt(kept.settings, password)
  return endsAt !== undefined && endsAt <= now ? 'expired' : undefined
}

/** Set by an administrator since the policy asks for a change of such. */
export const isTemporary = (
  { settings, changeTemporarySince }: KeptSignInSettings,
  { temporary, changedAt }: Pick<PasswordState, 'temporary' | 'changedAt'>,
): boolean => settings.password.changeTemporary && temporary && changedAt >= changeTemporarySince

/** undefined: never. */
export function expiresAt({ password }: SignInSettings, { changedAt, neverExpires }: PasswordState): Instant | undefined {
  return password.lifetimeDays === null || neverExpires ? undefined : changedAt + password.lifetimeDays * day
}

/** Failures at or before this time have been released (S12). */
export const releasedUntil = ({ releaseMinutes }: Lockout, now: Instant): Instant =>
  releaseMinutes === null ? -1 : now - releaseMinutes * minute

/** Locked: the limit was exceeded, and neither time nor a higher limit has released it since. */
export function isLocked(lockout: Lockout, { failures, failedAt }: PasswordState, now: Instant): boolean {
  return lockout.failures !== null && failures > lockout.failures && (failedAt ?? 0) > releasedUntil(lockout, now)
}

/** When a session ends if nothing more is heard of it (S13); one that the browser keeps also lives its time from the sign-in (S10). */
export function sessionEndsAt(
  { session, simplification }: SignInSettings,
  of: { readonly createdAt: Instant; readonly lastSeenAt: Instant; readonly remembered: boolean },
): Instant {
  const idle = of.lastSeenAt + session.lifetimeMinutes * minute
  const kept = simplification.autoSignIn && of.remembered ? of.createdAt + simplification.autoSignInHours * 60 * minute : 0
  return Math.max(idle, kept)
}

/** No session lives longer than this after its last access. */
export const longestSessionMs = ({ session, simplification }: SignInSettings): number =>
  Math.max(session.lifetimeMinutes, simplification.autoSignIn ? simplification.autoSignInHours * 60 : 0) * minute

/** What an administrator is told of somebody's password. */
export type ShownPassword = {
  readonly userId: UserId
  readonly loginName: string
  readonly isSet: boolean
  readonly changedAt?: Instant
  readonly expiresAt?: Instant
  readonly neverExpires: boolean
  readonly temporary: boolean
  readonly failures: number
  readonly locked: boolean
}
