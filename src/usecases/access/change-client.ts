import type { Actor } from '../../domain/access/actor'
import type { Client, ClientChange } from '../../domain/access/client'
import type { Version } from '../../domain/brand'
import type { ClientId } from '../../domain/ids'
import type { Clock } from '../../ports/clock'
import type { Store } from '../../ports/store'
import { requireScope } from '../directory/authority'
import { told, withChange } from './create-client'

/**
 * Renames a client, sets its limits, disables it or enables it again. The tokens of a disabled client are refused, by other nodes
 * within a second; they work again once it is enabled.
 *
 * @param ifVersions refuses the change unless the client is at one of them (If-Match)
 * @returns the client as it is now; its version is raised only when something really changed
 * @throws DomainError notAllowed, clientNotFound, versionMismatch, invalidAttribute, clientNameTaken
 */
export async function changeClient(
  deps: { readonly store: Store; readonly clock: Clock },
  actor: Actor,
  id: ClientId,
  change: ClientChange,
  ifVersions?: readonly Version[],
): Promise<Client> {
  requireScope(actor, 'admin')
  return deps.store.transact(async (tx) => {
    const client = await tx.clients.getForUpdate(id, ifVersions)
    const changed = withChange(client, change, deps.clock.now())
    const [before, after] = [told(client), told(changed)]
    if (JSON.stringify(before) === JSON.stringify(after)) return client
    const version = await tx.clients.update(changed)
    await tx.record({
      actor,
      action: before.disabled === after.disabled ? 'update client' : after.disabled ? 'disable client' : 'enable client',
      object: { kind: 'client', id, label: changed.name },
      detail: { from: before, to: after },
    })
    return { ...changed, version }
  })
}
