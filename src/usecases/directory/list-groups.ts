import type { Actor } from '../../domain/access/actor'
import type { Group } from '../../domain/directory/group'
import type { Store } from '../../ports/store'
import type { ListQuery, Page } from '../../ports/store/directory'
import { asClient, requireScope } from './authority'

/** One page of groups without their members. @throws DomainError notAllowed */
export async function listGroups(deps: { readonly store: Store }, actor: Actor, query: ListQuery): Promise<Page<Group>> {
  requireScope(actor, 'groups:read')
  return deps.store.read.groups.list(query, asClient(actor))
}
