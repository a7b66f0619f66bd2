import type { Clock } from '../../ports/clock'
import type { Store } from '../../ports/store'
import type { Session } from '../../ports/store/access'
import { retention } from '../system/purge-old'
import { sessionHash } from './begin-session'

/** An access is written down at most this often. */
const touchEveryMs = 60_000

/** The session of a cookie, or undefined: it ended, it was not used for 24 hours (S13), or its user is suspended or deleted. */
export async function findSession(
  deps: { readonly store: Store; readonly clock: Clock },
  cookie: string,
): Promise<Session | undefined> {
  const session = await deps.store.read.sessions.find(sessionHash(cookie))
  const now = deps.clock.now()
  if (!session || session.lastSeenAt + retention.sessionMs <= now) return undefined
  if (session.lastSeenAt + touchEveryMs <= now) await deps.store.transact((tx) => tx.sessions.touch(session.idHash, now))
  return session
}
