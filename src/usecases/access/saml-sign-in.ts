import type { User } from '../../domain/directory/user'
import type { Store } from '../../ports/store'
import { beginSession, failedSignIn, type From, type NewSession, type SignInDeps } from './begin-session'

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
