import type { Actor } from '../../domain/access/actor'
import { DomainError } from '../../domain/errors'
import type { Store } from '../../ports/store'
import type { UserView } from '../../ports/store/directory'

/** Everyone who is signed in may read himself. @throws DomainError userNotFound: a built-in account is no resource */
export async function getOwnUser(
  deps: { readonly store: Store },
  person: Extract<Actor, { readonly kind: 'user' }>,
): Promise<UserView> {
  const view = await deps.store.read.users.view(person.userId, undefined)
  if (!view || view.user.kind === 'builtIn') throw new DomainError('userNotFound', `${person.name} is built in, and no resource.`)
  return view
}
