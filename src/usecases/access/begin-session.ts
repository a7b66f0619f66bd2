import { createHash, randomBytes } from 'node:crypto'
import type { Actor } from '../../domain/access/actor'
import type { User } from '../../domain/directory/user'
import type { Clock } from '../../ports/clock'
import type { Store } from '../../ports/store'
import type { Session } from '../../ports/store/access'

export type SignInDeps = { readonly store: Store; readonly clock: Clock }
export type From = { readonly address?: string; readonly requestId?: string }

/** A session that has just begun: the cookie's value, this once; only its hash is kept. */
export type NewSession = { readonly cookie: string; readonly userId: User['id']; readonly loginName: string }

/** What is kept of a session's cookie. */
export const sessionHash = (cookie: string) => createHash('sha256').update(cookie).digest('hex')

/**
 * The last step of every way to sign in: who comes here has proved who he is.
 *
 * @returns undefined for who is suspended, or was suspended or deleted since he was looked up
 */
export async function beginSession(
  deps: SignInDeps,
  from: From,
  user: User,
  method: Session['method'],
): Promise<NewSession | undefined> {
  const cookie = randomBytes(32).toString('base64url')
  const now = deps.clock.now()
  return deps.store.transact(async (tx) => {
    const session = { idHash: sessionHash(cookie), userId: user.id, method, createdAt: now, lastSeenAt: now }
    if (!(await tx.sessions.insert(session))) return undefined
    await tx.record({
      actor: actorOf(user, from),
      action: method === 'saml' ? 'login (SAML)' : 'login',
      object: { kind: 'user', id: user.id, label: user.loginName },
    })
    return { cookie, userId: user.id, loginName: user.loginName }
  })
}

/** The line of a sign-in that failed, under the name that was given. */
export async function recordFailedSignIn(deps: SignInDeps, from: From, action: string, loginName: string): Promise<void> {
  await deps.store.transact((tx) =>
    tx.record({
      actor: { kind: 'system', name: 'sign-in', ...from },
      action,
      result: 'FAILED',
      object: { kind: 'user', label: loginName },
    }),
  )
}

const actorOf = (user: User, from: From): Actor => ({
  kind: 'user',
  userId: user.id,
  name: user.loginName,
  administrator: false,
  ...from,
})
