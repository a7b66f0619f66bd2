import type { Actor } from '../../domain/access/actor'
import type { Store } from '../../ports/store'
import type { Leaver } from '../../ports/store/mirror'
import { requireScope } from '../directory/authority'

/** Deleted people whose accounts are kept for now, who goes next first; at most `limit`. @throws DomainError notAllowed */
export async function listLeavers(
  deps: { readonly store: Store },
  actor: Actor,
  limit: number,
): Promise<{ readonly total: number; readonly leavers: readonly Leaver[] }> {
  requireScope(actor, 'admin')
  const { mirror } = deps.store.read
  return { total: await mirror.countLeavers(), leavers: await mirror.leavers(limit) }
}
