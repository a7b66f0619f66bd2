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
  const session = user && right ? await beginSession(deps, from, user, 'password') : undefined
  if (session) return session
  await recordFailure(deps, from, 'login', loginName)
  throw new DomainError('wrongPassword', 'The login name or the password is wrong.')
}

/**
 * Signs in whom the identity provider named (NameID = login name, but for the case of A–Z; S33). Names that we take for one, such as
 * `ａｄｍｉｎ` and `admin`, may be two people there.
 *
 * @returns undefined when nobody in use has that login name
 */
export async function signInWithSaml(deps: SignInDeps, from: From, nameId: string): Promise<NewSession | undefined> {
  const user = await deps.store.read.users.findByLoginName(nameId)
  const isNamed = user !== undefined && lowerAscii(user.loginName) === lowerAscii(nameId)
  const session = isNamed ? await beginSession(deps, from, user, 'saml') : undefined
  if (!session) await recordFailure(deps, from, 'login (SAML)', nameId)
  return session
}

const lowerAscii = (text: string) => text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())

/** undefined for who is suspended, or was suspended or deleted since he was looked up. */
async function beginSession(
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

async function recordFailure(deps: SignInDeps, from: From, action: string, loginName: string): Promise<void> {
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
