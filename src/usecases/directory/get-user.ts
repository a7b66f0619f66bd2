import type { Actor } from '../../domain/access/actor'
import { DomainError } from '../../domain/errors'
import type { UserId } from '../../domain/ids'
import type { Store } from '../../ports/store'
import { asClient, requireScope } from './authority'
import { viewUser, type UserView } from './user-view'

/** @throws DomainError notAllowed, userNotFound: also for built-in users, which no client sees */
export async function getUser(deps: { readonly store: Store }, actor: Actor, id: UserId): Promise<UserView> {
  requireScope(actor, 'users:read')
  const { users } = deps.store.read
  const user = await users.find(id, asClient(actor))
  if (!user || user.kind === 'builtIn') throw new DomainError('userNotFound', `There is no user ${id}.`)
  return viewUser(users, user)
}
