import type { User } from '../../domain/directory/user'
import type { Passwords } from '../../ports/passwords'
import type { Store } from '../../ports/store'
import { beginSession, recordFailedSignIn, type From, type NewSession, type SignInDeps } from './begin-session'
import { checkPassword, refuseSignIn, type PasswordFacts } from './check-password'

/** What became of a sign-in. Of a session that must change its password first, nothing else is heard. */
export type SignIn =
  | { readonly kind: 'in'; readonly session: NewSession }
  | { readonly kind: 'mustChange'; readonly session: NewSession; readonly why: NonNullable<PasswordFacts['mustChange']> }

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
): Promise<SignIn> {
  const { user, facts } = await checkPassword(deps, from, loginName, password)
  const proof = { method: 'password', passwordAt: facts.passwordAt } as const
  const session = (await beginSession(deps, from, user, proof)) ?? (await refuseSignIn(deps, from, loginName))
  return facts.mustChange === undefined ? { kind: 'in', session } : { kind: 'mustChange', session, why: facts.mustChange }
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
  if (!session) await recordFailedSignIn(deps, from, 'login (SAML)', nameId)
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
