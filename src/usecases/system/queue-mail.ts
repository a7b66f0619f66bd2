import { mailLifetimeMs, type MailId } from '../../domain/system/mail'
import type { MailAddress } from '../../domain/system/mail-address'
import type { MailText } from '../../domain/system/mail-texts'
import { newUuid, type Clock } from '../../ports/clock'
import type { Tx } from '../../ports/store'

/**
 * A mail that goes out when this transaction is committed, and only then.
 *
 * @param lifetimeMs how long it is of use to anybody; a day when absent
 */
export async function queueMail(
  deps: { readonly clock: Clock },
  tx: Tx,
  to: readonly MailAddress[],
  { subject, text }: MailText,
  lifetimeMs = mailLifetimeMs,
): Promise<MailId> {
  const now = deps.clock.now()
  const id = newUuid(now) as MailId
  await tx.mails.add({ id, to, subject, text, createdAt: now, giveUpAt: now + Math.min(lifetimeMs, mailLifetimeMs) })
  return id
}
