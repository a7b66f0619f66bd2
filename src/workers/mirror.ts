import type { ChatAccount, MailAccount } from '../domain/mirror/account'
import type { Log } from '../ports/log'
import { meterOf, type Traffic } from '../ports/traffic'
import { TargetDown, type AccountTarget } from '../ports/targets'
import { batchSize, mirrorAccounts, type MirrorDeps } from '../usecases/mirror/mirror-accounts'
import { Circuit } from './circuit'
import { startLoop, type Loop } from './loop'

/** How often due work is looked for when nobody wakes us: other nodes' commits, and what waited for its next try. */
const pollMs = 400

/** Changes seldom come alone: they are gathered for so long, for a batch costs two commits, however many it holds. */
const gatherMs = 150

/** More requests a second than an identity provider sends by itself: who waits for an answer goes before who waits for an account. */
const busy = { requestsPerSecond: 100, restMs: 1_000 }

/** Mirrors accounts to one target as long as the program runs: at once after a commit, and by polling (C10). */
export function startMirror<Account extends ChatAccount | MailAccount>(
  deps: MirrorDeps & { readonly log: Log; readonly traffic?: Traffic },
  target: AccountTarget<Account>,
): Loop {
  const circuit = new Circuit()
  const requestsPerSecond = meterOf(deps.traffic ?? { answered: 0 })
  const tell = (outage: string | undefined) => deps.store.transact((tx) => tx.mirror.setOutage(target.target, outage), 'bulk')
  // of an outage that was told before this start nothing is known now
  let isTold = true
  const log = deps.log.child({ target: target.target, product: target.product })
  let hasMore = false
  const step = async () => {
    if (!circuit.isOpen && isTold) {
      await tell(undefined)
      isTold = false
    }
    if (circuit.isOpen) {
      const wait = circuit.waitMs(Date.now())
      if (wait > 1) return wait
      const health = await target.health()
      if (!health.ready) {
        circuit.opened(Date.now(), Math.random())
        isTold = true
        await tell(health.detail)
        return circuit.waitMs(Date.now())
      }
      circuit.closed()
      // what was put back while it was down is due now, not when its turn would have come
      const due = await deps.store.transact((tx) => tx.mirror.retryWaiting(target.target), 'bulk')
      log.info({ due }, 'target answers again')
    }
    try {
      if (!hasMore && !(await deps.store.read.mirror.hasDueWork(target.target))) return pollMs
      const restMs = requestsPerSecond() > busy.requestsPerSecond ? busy.restMs : hasMore ? 0 : gatherMs
      if (restMs > 0) await new Promise((resolve) => setTimeout(resolve, restMs))
      hasMore = (await mirrorAccounts(deps, target)) === batchSize
      return 0
    } catch (error) {
      if (!(error instanceof TargetDown)) throw error
      if (!circuit.isOpen) log.warn({ reason: error.message }, 'target does not answer; its work waits')
      circuit.opened(Date.now(), Math.random())
      return circuit.waitMs(Date.now())
    }
  }
  return startLoop(step, (error) => log.error({ err: error }, 'mirroring failed'))
}
