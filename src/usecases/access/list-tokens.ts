import type { Actor } from '../../domain/access/actor'
import type { Token } from '../../domain/access/token'
import type { ClientId } from '../../domain/ids'
import type { Store } from '../../ports/store'
import { requireScope } from '../directory/authority'

/** Tokens and secrets of a client, or of all, ended ones as well, without what they are. @throws DomainError notAllowed */
export async function listTokens(deps: { readonly store: Store }, actor: Actor, client?: ClientId): Promise<readonly Token[]> {
  requireScope(actor, 'admin')
  return deps.store.read.clients.listTokens(client)
}
