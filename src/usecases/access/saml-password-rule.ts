import { administratorsId } from '../../domain/directory/group'
import type { UserId } from '../../domain/ids'
import type { Store } from '../../ports/store'
import { findSaml } from './saml-settings'

/**
 * Whether somebody may sign in with his local password now (S32): everybody while SAML is off; then administrators always, so that
 * nobody is locked out, and others where the settings say so.
 */
export async function maySignInByPassword({ store }: { readonly store: Store }, userId: UserId): Promise<boolean> {
  const saml = await findSaml({ store })
  if (!saml || saml.options.passwordSignIn === 'everyone') return true
  return store.read.groups.isMember(administratorsId, userId)
}
