import type { Actor } from '../../domain/access/actor'
import type { Member } from '../../domain/directory/group'
import type { GroupId } from '../../domain/ids'
import type { Store } from '../../ports/store'
import { requireScope } from './authority'

/**
 * Direct members in ascending id, the first `limit` after `after`: a group of 100,000 is read in slices.
 *
 * @throws DomainError notAllowed
 */
export async function listMembers(
  deps: { readonly store: Store },
  actor: Actor,
  id: GroupId,
  after: string | undefined,
  limit: number,
): Promise<readonly Member[]> {
  requireScope(actor, 'groups:read')
  return deps.store.read.groups.members(id, after, limit)
}
