import type { Actor } from '../../domain/access/actor'
import { longestSessionMs, sessionEndsAt } from '../../domain/access/password-state'
import type { User } from '../../domain/directory/user'
import { DomainError } from '../../domain/errors'
import type { UserId } from '../../domain/ids'
import type { Clock } from '../../ports/clock'
import type { Store } from '../../ports/store'
import type { Session, SessionRow } from '../../ports/store/access'
import { requireScope } from '../directory/authority'
import type { From } from './begin-session'
import { findSignInSettings } from './sign-in-settings'

type Deps = { readonly store: Store; readonly clock: Clock }

/** One's own sessions that have not ended, who was seen last first. */
export const listOwnSessions = (deps: Deps, { userId }: Session): Promise<readonly SessionRow[]> => listLive(deps, userId)

/**
 * Ends one's own other sessions, on every node at once; this one stays.
 *
 * @param id of the one to end; absent: all others
 * @throws DomainError sessionNotFound
 */
export async function endOwnSessions(deps: Deps, session: Session, from: From, id?: string): Promise<void> {
  const { userId, loginName, administrator, idHash } = session
  const { address, requestId } = from
  const place = { ...(address === undefined ? {} : { address }), ...(requestId === undefined ? {} : { requestId }) }
  const actor: Actor = { kind: 'user', userId, name: loginName, administrator, ...place }
  await end(deps, actor, { id: userId, loginName }, idHash, id)
}

/** @throws DomainError notAllowed, userNotFound */
export async function listUserSessions(deps: Deps, actor: Actor, userId: UserId): Promise<readonly SessionRow[]> {
  requireScope(actor, 'admin')
  const user = await getAnyUser(deps, userId)
  return listLive(deps, user.id)
}

/**
 * Ends a user's sessions, on every node at once.
 *
 * @param id of the one to end; absent: all of them
 * @throws DomainError notAllowed, userNotFound, sessionNotFound
 */
export async function endUserSessions(deps: Deps, actor: Actor, userId: UserId, id?: string): Promise<void> {
  requireScope(actor, 'admin')
  await end(deps, actor, await getAnyUser(deps, userId), undefined, id)
}

async function listLive({ store, clock }: Deps, userId: UserId): Promise<readonly SessionRow[]> {
  const { settings } = await findSignInSettings(store.read)
  const now = clock.now()
  const sessions = await store.read.sessions.listOf(userId, now - longestSessionMs(settings))
  return sessions.filter((session) => sessionEndsAt(settings, session) > now)
}

/** What ends none leaves no line in the audit log. */
async function end(
  deps: Deps,
  actor: Actor,
  user: { readonly id: UserId; readonly loginName: string },
  except: string | undefined,
  id: string | undefined,
): Promise<void> {
  await deps.store.transact(async (tx) => {
    const ended =
      id === undefined ? await tx.sessions.deleteOf(user.id, except) : Number(await tx.sessions.deleteOne(user.id, id))
    if (id !== undefined && ended === 0) throw new DomainError('sessionNotFound', 'There is no such session, or it has ended.')
    if (ended === 0) return
    await tx.record({
      actor,
      action: 'logout sessions',
      object: { kind: 'user', id: user.id, label: user.loginName },
      detail: { ended },
    })
  })
}

/** Built-in administrators, too. */
async function getAnyUser({ store }: Deps, id: UserId): Promise<User> {
  const user = await store.read.users.find(id, undefined)
  if (!user) throw new DomainError('userNotFound', `There is no user ${id}.`)
  return user
}
