import type { Actor } from '../../domain/access/actor'
import type { Group } from '../../domain/directory/group'
import { DomainError } from '../../domain/errors'
import type { GroupId } from '../../domain/ids'
import type { Store } from '../../ports/store'
import { asClient, requireScope } from './authority'

/** A group without its members. @throws DomainError notAllowed, groupNotFound: also for built-in groups, which no client sees */
export async function getGroup(deps: { readonly store: Store }, actor: Actor, id: GroupId): Promise<Group> {
  requireScope(actor, 'groups:read')
  const group = await deps.store.read.groups.find(id, asClient(actor))
  if (!group || group.builtIn) throw new DomainError('groupNotFound', `There is no group ${id}.`)
  return group
}
