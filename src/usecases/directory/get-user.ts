import type { Actor } from '../../domain/access/actor'
import { DomainError } from '../../domain/errors'
import type { UserId } from '../../domain/ids'
import type { Store } from '../../ports/store'
import type { UserView } from '../../ports/store/directory'
import { asClient, requireScope } from './authority'

/** @throws DomainError notAllowed, userNotFound: also for built-in users, which no client sees */
export async function getUser(deps: { readonly store: Store }, actor: Actor, id: UserId): Promise<UserView> {
  requireScope(actor, 'users:read')
  const view = await deps.store.read.users.view(id, asClient(actor))
  if (!view || view.user.kind === 'builtIn') throw new DomainError('userNotFound', `There is no user ${id}.`)
  return view
}
