import type { Actor } from '../../domain/access/actor'
import type { Store } from '../../ports/store'
import type { Job } from '../../ports/store/system'
import { requireScope } from '../directory/authority'

/**
 * 前回同期時間, 前回同期結果 (C20): the last run that ended, and the one that runs.
 *
 * @throws DomainError notAllowed
 */
export async function showGroupSync(
  deps: { readonly store: Store },
  actor: Actor,
): Promise<{ readonly active?: Job; readonly last?: Job }> {
  requireScope(actor, 'admin')
  const { jobs } = deps.store.read
  const latest = await jobs.latest('groupSync')
  const last = await jobs.latestFinished('groupSync')
  const active = latest && latest.finishedAt === undefined ? latest : undefined
  return { ...(active ? { active } : {}), ...(last ? { last } : {}) }
}
