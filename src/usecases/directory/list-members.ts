import type { Actor } from '../../domain/access/actor'
import type { GroupId } from '../../domain/ids'
import type { Store } from '../../ports/store'
import type { MembersPosition, MemberSlice } from '../../ports/store/members'
import { requireScope } from './authority'

/**
 * Direct members in ascending id, the first `limit` from this position: a group of 100,000 is read in slices, all of them as it was at
 * the first one though the members are exchanged meanwhile.
 *
 * @throws DomainError notAllowed; storeBusy when they were exchanged ten minutes ago
 */
export async function listMembers(
  deps: { readonly store: Store },
  actor: Actor,
  id: GroupId,
  from: MembersPosition | undefined,
  limit: number,
): Promise<MemberSlice> {
  requireScope(actor, 'groups:read')
  return deps.store.read.groups.members(id, from, limit)
}
