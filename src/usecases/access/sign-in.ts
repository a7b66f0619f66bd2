import { createHash, randomBytes } from 'node:crypto'
import type { Actor } from '../../domain/access/actor'
import type { User } from '../../domain/directory/user'
import { DomainError } from '../../domain/errors'
import type { Clock } from '../../ports/clock'
import type { Passwords } from '../../ports/passwords'
import type { Store } from '../../ports/store'
import type { Session } from '../../ports/store/access'

export type SignInDeps = { readonly store: Store; readonly clock: Clock }
export type From = { readonly address?: string; readonly requestId?: string }

/** A session that has just begun: the cookie's value, this once; only its hash is kept. */
export type NewSession = { readonly cookie: string; readonly userId: User['id']; readonly loginName: string }

/** What is kept of a session's cookie. */
export const sessionHash = (cookie: string) => createHash('sha256').update(cookie).digest('hex')

/**
 * Signs in with the local password (S32). Unknown, wrong, without password and suspended answer alike and in equal time.
 *
 * @throws DomainError wrongPassword
 */
export async function signInWithPassword(
  deps: SignInDeps & { readonly passwords: Passwords },
  from: From,
  loginName: string,
  password: string,
): Promise<NewSession> {
  const { users, passwords } = deps.store.read
  const user = await users.findByLoginName(loginName)
  const row = user && (await passwords.find(user.id))
  const right = await deps.passwords.verify(row?.argon2, password)
  if (!user || !right || user.status === 'suspended') {
    await recordFailure(deps, from, 'login', loginName)
    throw new DomainError('wrongPassword', 'The login name or the password is wrong.')
  }
  return beginSession(deps, from, user, 'password')
}

/**
 * Signs in whom the identity provider named (NameID = login name; S33).
 *
 * @returns undefined when nobody in use has that login name
 */
export async function signInWithSaml(deps: SignInDeps, from: From, nameId: string): Promise<NewSession | undefined> {
  const user = await deps.store.read.users.findByLoginName(nameId)
  if (!user || user.status === 'suspended') {
    await recordFailure(deps, from, 'login (SAML)', nameId)
    return undefined
  }
  return beginSession(deps, from, user, 'saml')
}

async function beginSession(deps: SignInDeps, from: From, user: User, method: Session['method']): Promise<NewSession> {
  const cookie = randomBytes(32).toString('base64url')
  const now = deps.clock.now()
  await deps.store.transact(async (tx) => {
    // who was suspended or deleted since he was looked up gets no session
    const present = await tx.users.find(user.id, undefined)
    if (present?.status !== 'inUse') throw new DomainError('wrongPassword', 'The login name or the password is wrong.')
    await tx.sessions.insert({ idHash: sessionHash(cookie), userId: user.id, method, createdAt: now, lastSeenAt: now })
    await tx.record({
      actor: actorOf(user, from),
      action: method === 'saml' ? 'login (SAML)' : 'login',
      object: { kind: 'user', id: user.id, label: user.loginName },
      version: 'kept',
    })
  })
  return { cookie, userId: user.id, loginName: user.loginName }
}

async function recordFailure(deps: SignInDeps, from: From, action: string, loginName: string): Promise<void> {
  await deps.store.transact((tx) =>
    tx.record({
      actor: { kind: 'system', name: 'sign-in', ...from },
      action,
      result: 'FAILED',
      object: { kind: 'user', label: loginName },
      version: 'kept',
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
