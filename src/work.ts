import type { Parts, Targets } from './assemble'
import { targetNames } from './domain/mirror/account'
import type { Passing } from './ports/checkpoint'
import type { Log } from './ports/log'
import type { Traffic } from './ports/traffic'
import { TargetDown } from './ports/targets'
import { reconcile } from './usecases/mirror/reconcile'
import { purgeOld } from './usecases/system/purge-old'
import { startGroupSyncs } from './workers/group-sync'
import { startPurgingMemberLists } from './workers/member-lists'
import { startMirror } from './workers/mirror'
import { watchSamlCertificates } from './workers/saml-certificates'
import { startSchedule } from './workers/scheduler'
import { startSendingMail } from './workers/system-mail'

/**
 * Everything that happens by itself: the mirrors, group syncs, system mail, and the jobs of the clock.
 *
 * @param alone no other node works on this database: what one that died had claimed is free at once
 * @returns how to stop it; what was begun comes to its end
 */
export function startWork(
  parts: Parts & { readonly log: Log; readonly traffic?: Traffic; readonly passing?: Passing },
  { chat, mail }: Targets,
  alone: boolean,
): () => Promise<void> {
  const { store, log, node } = parts
  // what could not be mirrored may be possible now: the configuration may have changed
  const retried = store.transact(async (tx) => {
    if (alone) await tx.mirror.endClaims()
    for (const target of targetNames) await tx.mirror.retryAll(target)
  }, 'bulk')
  retried.catch((error: unknown) => log.error({ err: error }, 'dead letters were not tried again'))
  const mirrors = [startMirror(parts, chat), startMirror(parts, mail)]
  const groupSyncs = startGroupSyncs({ store, chat, log }, node)
  const memberLists = startPurgingMemberLists({ store, log })
  const systemMail = startSendingMail(parts)
  const wake = () => mirrors.forEach((mirror) => mirror.wake())
  store.onMirrorWork(wake)
  const reconcileAll = async () => {
    for (const run of [() => reconcile(parts, chat), () => reconcile(parts, mail)]) {
      const found = await run().catch((error: unknown) => {
        if (!(error instanceof TargetDown)) throw error
        return { notReached: error.message }
      })
      log.info(found, 'reconciled')
    }
    wake()
  }
  const watchCertificates = (always: boolean) => watchSamlCertificates(parts, always)
  watchCertificates(true).catch((error: unknown) => log.error({ err: error }, 'certificates were not looked at'))
  const stopSchedule = startSchedule(parts, node, [
    { name: 'mirror accounts', cron: '*/5 * * * *', run: async () => wake() },
    { name: 'reconcile', cron: '17 * * * *', run: reconcileAll },
    { name: 'purge', cron: '43 * * * *', run: async () => log.info({ rows: await purgeOld(parts) }, 'purged') },
    { name: 'certificates', cron: '7 6 * * *', run: () => watchCertificates(false) },
  ])
  return async () => {
    await stopSchedule()
    await Promise.all([...mirrors, groupSyncs, memberLists, systemMail].map((loop) => loop.stop()))
  }
}
