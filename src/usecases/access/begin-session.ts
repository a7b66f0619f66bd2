import { createHash, randomBytes } from 'node:crypto'
import type { Actor } from '../../domain/access/actor'
import type { User } from '../../domain/directory/user'
import type { Instant } from '../../domain/brand'
import type { Clock } from '../../ports/clock'
import type { RecordedChange, Store } from '../../ports/store'
import { maySignInByPassword } from './saml-password-rule'

export type SignInDeps = { readonly store: Store; readonly clock: Clock }

/** Where somebody comes from: an address, and a browser when he has one. */
export type From = {
  readonly address?: string
  readonly requestId?: string
  /** How his browser names itself. */
  readonly agent?: string
  /** The hash of the session that this browser has had until now: it ends when another begins. */
  readonly replaces?: string
}

/** How he has proved who he is. A password tells when it was set: who had an earlier one at that moment has proved nothing. */
export type Proof = { readonly method: 'saml' } | PasswordProof

export type PasswordProof = {
  readonly method: 'password'
  readonly passwordAt: Instant
  /** Its lifetime is over: the session may do nothing but set another (S18). */
  readonly passwordExpired?: boolean
  /** The browser is to keep the session when it is closed (S10). */
  readonly remembered?: boolean
}

/** A session that has just begun: the cookie's value, this once; only its hash is kept. */
export type NewSession = { readonly cookie: string; readonly userId: User['id']; readonly loginName: string }

/** What is kept of a session's cookie. */
export const sessionHash = (cookie: string) => createHash('sha256').update(cookie).digest('hex')

/**
 * The last step of every way to sign in: who comes here has proved who he is. Each sign-in has a new session; the one that his browser
 * had ends. By password, his failures are forgotten (S12).
 *
 * @returns undefined for who may not use a password while SAML is on, and for who is suspended, or was suspended or deleted, or got
 *   another password, since he was looked up
 */
export async function beginSession(deps: SignInDeps, from: From, user: User, proof: Proof): Promise<NewSession | undefined> {
  if (proof.method === 'password' && !(await maySignInByPassword(deps, user.id))) return undefined
  const cookie = randomBytes(32).toString('base64url')
  const now = deps.clock.now()
  const { method } = proof
  const { passwordAt, passwordExpired = false, remembered = false } = proof.method === 'password' ? proof : {}
  return deps.store.transact(async (tx) => {
    const session = {
      idHash: sessionHash(cookie),
      userId: user.id,
      method,
      createdAt: now,
      lastSeenAt: now,
      passwordExpired,
      remembered,
      ...(from.address === undefined ? {} : { address: from.address }),
      ...(from.agent === undefined ? {} : { agent: from.agent }),
    }
    if (!(await tx.sessions.insert(session, passwordAt))) return undefined
    if (passwordAt !== undefined) await tx.passwords.forgetFailures(user.id)
    if (from.replaces !== undefined) await tx.sessions.delete(from.replaces)
    await tx.record({
      actor: actorOf(user, from),
      action: method === 'saml' ? 'login (SAML)' : 'login',
      object: { kind: 'user', id: user.id, label: user.loginName },
    })
    return { cookie, userId: user.id, loginName: user.loginName }
  })
}

/** The line of a sign-in that failed, under the name that was given. */
export const failedSignIn = (from: From, action: string, loginName: string, reason?: string): RecordedChange => ({
  actor: { kind: 'system', name: 'sign-in', ...placeOf(from) },
  action,
  result: 'FAILED',
  object: { kind: 'user', label: loginName },
  ...(reason !== undefined && { detail: { reason } }),
})

const actorOf = (user: User, from: From): Actor => ({
  kind: 'user',
  userId: user.id,
  name: user.loginName,
  administrator: false,
  ...placeOf(from),
})

/** For the audit log. */
const placeOf = ({ address, requestId }: From) => ({
  ...(address === undefined ? {} : { address }),
  ...(requestId === undefined ? {} : { requestId }),
})
