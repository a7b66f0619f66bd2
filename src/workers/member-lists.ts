import type { Log } from '../ports/log'
import type { Store } from '../ports/store'
import { purgeMemberLists } from '../usecases/system/purge-member-lists'
import { startLoop, type Loop } from './loop'

/** How often lists of members that are nobody's any more are looked for. */
const pollMs = 15_000

export function startPurgingMemberLists(deps: { readonly store: Store; readonly log: Log }): Loop {
  return startLoop(
    async () => {
      await purgeMemberLists(deps)
      return pollMs
    },
    (error) => deps.log.error({ err: error }, 'lists of members were not purged'),
  )
}
