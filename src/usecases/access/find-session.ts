import { isTemporary, sessionEndsAt } from '../../domain/access/password-state'
import type { KeptSignInSettings } from '../../domain/access/sign-in-settings'
import type { Instant } from '../../domain/brand'
import type { Clock } from '../../ports/clock'
import type { Store } from '../../ports/store'
import type { KeptSession, Session } from '../../ports/store/access'
import { sessionHash } from './begin-session'
import { findSignInSettings } from './sign-in-settings'

/** An access is written down at most this often. */
const touchEveryMs = 60_000

/** The session of a cookie, or undefined: it ended, it was not used for its lifetime (S13), or its user is suspended or deleted. */
export async function findSession(
  deps: { readonly store: Store; readonly clock: Clock },
  cookie: string,
): Promise<Session | undefined> {
  const { read } = deps.store
  const [found, kept] = await Promise.all([read.sessions.find(sessionHash(cookie)), findSignInSettings(read)])
  const now = deps.clock.now()
  const session = found && liveSession(found, kept, now)
  if (session && session.lastSeenAt + touchEveryMs <= now) {
    await deps.store.transact((tx) => tx.sessions.touch(session.idHash, now))
  }
  return session
}

/** undefined for one that has ended; what it may as the settings say. */
function liveSession(found: KeptSession, kept: KeptSignInSettings, now: Instant): Session | undefined {
  const { password, passwordExpired, ...session } = found
  const isByPassword = session.method === 'password'
  if (sessionEndsAt(kept.settings, session) <= now) return undefined
  if (isByPassword && (password?.usableUntil ?? Infinity) <= now) return undefined
  const mustChangePassword = isByPassword && (passwordExpired || (password !== undefined && isTemporary(kept, password)))
  return { ...session, mustChangePassword }
}
