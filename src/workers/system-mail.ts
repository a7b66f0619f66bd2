import type { Clock } from '../ports/clock'
import type { Log } from '../ports/log'
import type { Mailer } from '../ports/mailer'
import type { Secrets } from '../ports/secrets'
import type { Store } from '../ports/store'
import { mailsAtOnce, sendMails } from '../usecases/system/send-mails'
import { startLoop, type Loop } from './loop'

/** How often due mail is looked for: somebody waits in front of his screen. */
const pollMs = 500

/** Sends system mail as long as the program runs (S50). The log names no recipient. */
export function startSendingMail(deps: {
  readonly store: Store
  readonly clock: Clock
  readonly secrets: Secrets
  readonly mailer: Mailer
  readonly log: Log
}): Loop {
  return startLoop(
    async () => {
      if (!(await deps.store.read.mails.hasDue())) return pollMs
      const { taken, failed } = await sendMails(deps)
      for (const { id, server, number, cause, state } of failed)
        deps.log.warn({ mail: id, server, number, cause, state }, 'mail not sent')
      return taken === mailsAtOnce ? 0 : pollMs
    },
    (error) => deps.log.error({ err: error }, 'system mail was not sent'),
  )
}
