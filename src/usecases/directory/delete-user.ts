import type { Actor } from '../../domain/access/actor'
import type { Version } from '../../domain/brand'
import { DomainError } from '../../domain/errors'
import type { UserId } from '../../domain/ids'
import type { Store } from '../../ports/store'
import { asClient, requireScope } from './authority'

/**
 * Deletes a person from the directory, and by the mirror from chat and mail (D6). userName and externalId are free at once; a
 * tombstone stays for 30 days.
 *
 * @param deps.leaverDays how many days his accounts in chat and mail are kept, suspended, before they go; 0: they go at once
 * @throws DomainError notAllowed, userNotFound, versionMismatch
 */
export async function deleteUser(
  deps: { readonly store: Store; readonly leaverDays: number },
  actor: Actor,
  id: UserId,
  ifVersions?: readonly Version[],
): Promise<void> {
  requireScope(actor, 'users:write')
  await deps.store.transact(async (tx) => {
    const user = await tx.users.getForUpdate(id, asClient(actor), ifVersions)
    if (user.kind === 'builtIn') throw new DomainError('userNotFound', `There is no user ${id}.`)
    await tx.users.delete(user)
    if (deps.leaverDays > 0) await tx.mirror.keepAccounts(id, deps.leaverDays)
    await tx.record({
      actor,
      action: 'delete user',
      operation: 'delete',
      object: { kind: 'user', id, label: user.loginName },
      mirror: true,
    })
  })
}
