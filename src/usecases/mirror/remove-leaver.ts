import type { Actor } from '../../domain/access/actor'
import { DomainError } from '../../domain/errors'
import type { Store } from '../../ports/store'
import type { Leaver } from '../../ports/store/mirror'
import { requireScope } from '../directory/authority'

/**
 * The accounts of a deleted person are kept no longer: the mirrors remove them now, and their names are free. He can still come back,
 * with his id and new, empty accounts.
 *
 * @param nameOrId his id, login name or account name
 * @throws DomainError notAllowed, leaverNotFound, leaverAmbiguous with the ids to choose from
 */
export async function removeLeaver(deps: { readonly store: Store }, actor: Actor, nameOrId: string): Promise<Leaver> {
  requireScope(actor, 'admin')
  return deps.store.transact(async (tx) => {
    const [leaver, ...others] = await tx.mirror.leavers(10, nameOrId)
    if (others.length > 0) {
      const ids = [leaver!, ...others].map((one) => one.objectId).join(', ')
      throw new DomainError('leaverAmbiguous', `Several deleted users were ${nameOrId}. Name one by his id: ${ids}`)
    }
    if (!leaver || !(await tx.mirror.releaseAccounts(leaver.objectId))) {
      throw new DomainError(
        'leaverNotFound',
        `No deleted user ${nameOrId} has accounts that are kept. See who has: kagami leaver list`,
      )
    }
    await tx.record({
      actor,
      action: 'remove accounts of deleted user',
      object: { kind: 'user', id: leaver.objectId, label: leaver.loginName },
      detail: { accountName: leaver.accountName, keptUntil: new Date(leaver.keptUntil).toISOString() },
      mirror: true,
    })
    return leaver
  })
}
