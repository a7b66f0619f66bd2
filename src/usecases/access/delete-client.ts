import type { Actor } from '../../domain/access/actor'
import type { Version } from '../../domain/brand'
import type { ClientId } from '../../domain/ids'
import type { Clock } from '../../ports/clock'
import type { Store } from '../../ports/store'
import { requireScope } from '../directory/authority'
import { changeClient } from './change-client'

/**
 * A client goes, with its tokens, its externalIds and its counts; people and groups stay. It is disabled first, so that nothing new comes
 * of it; then its externalIds go in pieces, with others in between. What was cut off half-way is a disabled client, to be deleted again.
 *
 * @throws DomainError notAllowed, clientNotFound, versionMismatch
 */
export async function deleteClient(
  deps: { readonly store: Store; readonly clock: Clock },
  actor: Actor,
  id: ClientId,
  ifVersions?: readonly Version[],
): Promise<void> {
  requireScope(actor, 'admin')
  await changeClient(deps, actor, id, { disabled: true }, ifVersions)
  const some = () => deps.store.transact((tx) => tx.clients.deleteExternalIds(id, chunk), 'bulk')
  while ((await some()) > 0) await new Promise((resolve) => setImmediate(resolve))
  await deps.store.transact(async (tx) => {
    const { name } = await tx.clients.getForUpdate(id)
    while ((await tx.clients.deleteExternalIds(id, chunk)) > 0); // what a request that was under way has left
    await tx.clients.delete(id)
    await tx.record({
      actor,
      action: 'delete client',
      object: { kind: 'client', id, label: name },
    })
  })
}

const chunk = 1_000
