import type { Actor } from '../../domain/access/actor'
import { DomainError } from '../../domain/errors'
import type { Store } from '../../ports/store'
import { viewUser, type UserView } from './user-view'

/** Everyone who is signed in may read himself. @throws DomainError userNotFound: a built-in account is no resource */
export async function getOwnUser(
  deps: { readonly store: Store },
  person: Extract<Actor, { readonly kind: 'user' }>,
): Promise<UserView> {
  const { users } = deps.store.read
  const user = await users.find(person.userId, undefined)
  if (!user || user.kind === 'builtIn') throw new DomainError('userNotFound', `${person.name} is built in, and no resource.`)
  return viewUser(users, user)
}
