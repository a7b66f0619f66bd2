import type { Actor } from '../../domain/access/actor'
import type { JobId } from '../../domain/ids'
import { newUuid, type Clock } from '../../ports/clock'
import type { Store } from '../../ports/store'
import type { Job } from '../../ports/store/system'
import { requireScope } from '../directory/authority'

/**
 * Sync was pressed (同期; C20): one run at a time. Who presses while one runs gets that one.
 *
 * @throws DomainError notAllowed
 */
export async function startGroupSync(
  deps: { readonly store: Store; readonly clock: Clock },
  actor: Actor,
): Promise<{ readonly job: Job; readonly started: boolean }> {
  requireScope(actor, 'admin')
  const now = deps.clock.now()
  return deps.store.transact(async (tx) => {
    const run = await tx.jobs.start({
      id: newUuid(now) as JobId,
      kind: 'groupSync',
      state: 'waiting',
      requestedBy: actor.name,
      requestedAt: now,
      total: 0,
      done: 0,
      failed: 0,
    })
    if (run.started) {
      await tx.record({
        actor,
        action: 'start chat group sync',
        object: { kind: 'system', id: run.job.id, label: 'chat' },
      })
    }
    return run
  })
}
