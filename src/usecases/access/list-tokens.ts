import type { Actor } from '../../domain/access/actor'
import type { Store } from '../../ports/store'
import type { Token } from '../../ports/store/access'
import { requireScope } from '../directory/authority'

/** Every token, revoked ones as well, without the secret. @throws DomainError notAllowed */
export async function listTokens(deps: { readonly store: Store }, actor: Actor): Promise<readonly Token[]> {
  requireScope(actor, 'admin')
  return deps.store.read.clients.listTokens()
}
