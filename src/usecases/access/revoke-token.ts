import type { Actor } from '../../domain/access/actor'
import { DomainError } from '../../domain/errors'
import { parseUuid, type TokenId } from '../../domain/ids'
import type { Clock } from '../../ports/clock'
import type { Store } from '../../ports/store'
import { requireScope } from '../directory/authority'

/** The token is refused from now on. @throws DomainError notAllowed, tokenNotFound */
export async function revokeToken(
  deps: { readonly store: Store; readonly clock: Clock },
  actor: Actor,
  id: string,
): Promise<void> {
  requireScope(actor, 'admin')
  await deps.store.transact(async (tx) => {
    const uuid = parseUuid(id)
    if (uuid === undefined || !(await tx.clients.revokeToken(uuid as TokenId, deps.clock.now()))) {
      throw new DomainError('tokenNotFound', `There is no token ${id} to revoke. See: kagami token list`)
    }
    await tx.record({ actor, action: 'revoke token', object: { kind: 'token', id: uuid, label: uuid } })
  })
}
