import type { Actor } from '../../domain/access/actor'
import type { Version } from '../../domain/brand'
import { DomainError } from '../../domain/errors'
import type { GroupId } from '../../domain/ids'
import type { Store } from '../../ports/store'
import { asClient, requireScope } from './authority'

/**
 * Deletes a group; its people stay (D22). Chat drops it at the next group sync.
 *
 * @throws DomainError notAllowed, groupNotFound, versionMismatch
 */
export async function deleteGroup(
  deps: { readonly store: Store },
  actor: Actor,
  id: GroupId,
  ifVersions?: readonly Version[],
): Promise<void> {
  requireScope(actor, 'groups:write')
  await deps.store.transact(async (tx) => {
    const group = await tx.groups.getForUpdate(id, asClient(actor), ifVersions)
    if (group.builtIn) throw new DomainError('groupNotFound', `There is no group ${id}.`)
    await tx.groups.delete(group)
    await tx.record({ actor, action: 'delete group', operation: 'delete', object: { kind: 'group', id, label: group.name } })
  })
}
