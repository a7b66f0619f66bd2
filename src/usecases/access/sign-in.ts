import type { MustChange } from '../../domain/access/password-state'
import type { User } from '../../domain/directory/user'
import type { Passwords } from '../../ports/passwords'
import type { Store } from '../../ports/store'
import { beginSession, failedSignIn, type From, type NewSession, type SignInDeps } from './begin-session'
import { checkPassword, wrongPassword, type CheckedPassword } from './check-password'
import { findSignInSettings } from './sign-in-settings'

/** What became of a sign-in. Of a session that must change its password first, nothing else is heard. */
export type SignIn = ({ readonly kind: 'in' } | { readonly kind: 'mustChange'; readonly why: MustChange }) & {
  readonly session: NewSession
  /** The browser keeps the session for so long when it is closed (S10); absent: not at all. */
  readonly keptSeconds?: number
}

/**
 * Signs in with the local password (S32). Unknown, wrong, without password, locked out and suspended answer alike and in equal time.
 *
 * @param remember the browser is to keep the session when it is closed, if the settings let it (S10)
 * @throws DomainError wrongPassword
 */
export async function signInWithPassword(
  deps: SignInDeps & { readonly passwords: Passwords },
  from: From,
  loginName: string,
  password: string,
  remember = false,
): Promise<SignIn> {
  return beginWithPassword(deps, from, await checkPassword(deps, from, loginName, password), remember)
}

/** After the right password, and what else was asked for. @throws DomainError wrongPassword for who was suspended meanwhile */
export async function beginWithPassword(
  deps: SignInDeps,
  from: From,
  { user, facts }: CheckedPassword,
  remember: boolean,
): Promise<SignIn> {
  const { simplification } = (await findSignInSettings(deps.store.read)).settings
  const remembered = remember && simplification.autoSignIn
  const { passwordAt, mustChange: why } = facts
  const session = await beginSession(deps, from, user, {
    method: 'password',
    passwordAt,
    passwordExpired: why === 'expired',
    remembered,
  })
  if (!session) {
    await deps.store.transact((tx) => tx.record(failedSignIn(from, 'login', user.loginName)))
    throw wrongPassword()
  }
  return {
    ...(why === undefined ? { kind: 'in' } : { kind: 'mustChange', why }),
    session,
    ...(remembered && { keptSeconds: simplification.autoSignInHours * 3600 }),
  }
}

/**
 * Signs in whom the identity provider named (NameID = login name, but for the case of A–Z; S33). Names that we take for one, such as
 * `ａｄｍｉｎ` and `admin`, may be two people there.
 *
 * @returns undefined when nobody in use has that login name
 */
export async function signInWithSaml(deps: SignInDeps, from: From, nameId: string): Promise<NewSession | undefined> {
  const user = await findNamed(deps, nameId)
  const session = user && (await beginSession(deps, from, user, { method: 'saml' }))
  if (!session) await deps.store.transact((tx) => tx.record(failedSignIn(from, 'login (SAML)', nameId)))
  return session
}

/** Whether somebody in use has that login name. */
export async function maySignInWithSaml(deps: { readonly store: Store }, nameId: string): Promise<boolean> {
  return (await findNamed(deps, nameId))?.status === 'inUse'
}

async function findNamed({ store }: { readonly store: Store }, nameId: string): Promise<User | undefined> {
  const user = await store.read.users.findByLoginName(nameId)
  return user && lowerAscii(user.loginName) === lowerAscii(nameId) ? user : undefined
}

const lowerAscii = (text: string) => text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
