import type { Actor } from '../../domain/access/actor'
import type { Store } from '../../ports/store'
import type { ListQuery, Page, UserView } from '../../ports/store/directory'
import { asClient, requireScope } from './authority'

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
  if (withGroups) return users.listViews(query, asClient(actor))
  const page = await users.list(query, asClient(actor))
  return { ...page, items: page.items.map((user) => ({ user, groups: [] })) }
}
