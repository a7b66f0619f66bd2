import type { Log } from '../ports/log'
import type { Store } from '../ports/store'
import type { ChatTarget } from '../ports/targets'
import { runGroupSync } from '../usecases/mirror/run-group-sync'
import { startLoop, type Loop } from './loop'

/** Carries out group syncs that an administrator started, on whichever node looks first. */
export function startGroupSyncs(
  deps: { readonly store: Store; readonly chat: ChatTarget; readonly log: Log },
  node: string,
): Loop {
  return startLoop(
    async () => {
      const latest = await deps.store.read.jobs.latest('groupSync')
      if (!latest || latest.finishedAt !== undefined) return 500
      return (await runGroupSync(deps, node)) ? 0 : 500
    },
    (error) => deps.log.error({ err: error }, 'group sync failed'),
  )
}
