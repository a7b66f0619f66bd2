import type { Actor } from '../../domain/access/actor'
import type { Store } from '../../ports/store'
import type { ListQuery, Page } from '../../ports/store/directory'
import { asClient, requireScope } from './authority'
import type { UserView } from './user-view'

/**
 * One page of people; their groups come by one query for the page, and only when asked for.
 *
 * @throws DomainError notAllowed
 */
export async function listUsers(
  deps: { readonly store: Store },
  actor: Actor,
  query: ListQuery,
  withGroups: boolean,
): Promise<Page<UserView>> {
  requireScope(actor, 'users:read')
  const { users } = deps.store.read
  const page = await users.list(query, asClient(actor))
  const groups = withGroups && page.items.length > 0 ? await users.groupsOf(page.items.map((user) => user.id)) : undefined
  return { ...page, items: page.items.map((user) => ({ user, groups: groups?.get(user.id) ?? [] })) }
}
