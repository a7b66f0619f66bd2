import { describeServer, mailRetryMs, type MailFailure, type MailServer, type Undelivered } from '../../domain/system/mail'
import { newUuid, type Clock } from '../../ports/clock'
import type { Mailer } from '../../ports/mailer'
import type { Secrets } from '../../ports/secrets'
import type { Store } from '../../ports/store'
import type { MailResult, QueuedMail } from '../../ports/store/mail'
import { findMailServer } from './mail-settings'

/** So many at once, each on a connection of its own. */
export const mailsAtOnce = 4

/** Longer than the mailer takes at most: what a dead node was sending is sent by another one afterwards. */
const leaseMs = 120_000

type Deps = { readonly store: Store; readonly clock: Clock; readonly secrets: Secrets; readonly mailer: Mailer }

/**
 * Sends mail that is due, each on one node at a time. A node that dies between the server's yes and its own note of it sends the mail a
 * second time, with the same Message-ID.
 *
 * @returns what failed, and how many were taken
 */
export async function sendMails(deps: Deps): Promise<{ readonly taken: number; readonly failed: readonly MailFailure[] }> {
  const server = await findMailServer(deps)
  const claim = newUuid(deps.clock.now())
  const mails = await deps.store.transact((tx) => tx.mails.claim(claim, mailsAtOnce, leaseMs), 'bulk')
  const failed = await Promise.all(mails.map((mail) => sendOne(deps, server, claim, mail)))
  return { taken: mails.length, failed: failed.flatMap((failure) => failure ?? []) }
}

async function sendOne(
  deps: Deps,
  server: MailServer | undefined,
  claim: string,
  mail: QueuedMail,
): Promise<MailFailure | undefined> {
  const undelivered = whyNever(deps, mail) ?? (server ? await deps.mailer.send(server, mail) : [noServer(mail)])
  const result = resultOf(mail, undelivered, deps.clock.now())
  const failure = undelivered[0] && failureOf(mail, server, undelivered, result, deps.clock.now())
  await deps.store.transact(async (tx) => {
    if (!(await tx.mails.settle(claim, mail.id, result))) return
    if (failure) await tx.mails.noteFailure(failure)
    else if (mail.attempts > 0) await tx.mails.noteSent(mail.id)
  }, 'bulk')
  return failure
}

function whyNever({ clock }: Deps, mail: QueuedMail): readonly Undelivered[] | undefined {
  const never = (number: string, cause: string) => [{ to: mail.to, number, cause, final: true }]
  if (mail.text === '') return never('ESECRET', 'The mail was sealed under another secret key (KAGAMI_SECRET_KEY).')
  return mail.giveUpAt <= clock.now() ? never('EXPIRED', 'The time in which the mail is of use is over.') : undefined
}

const noServer = (mail: QueuedMail): Undelivered => ({
  to: mail.to,
  number: 'ENOSERVER',
  cause: 'No mail server is set. Set one: kagami mail set',
  final: false,
})

function resultOf(mail: QueuedMail, undelivered: readonly Undelivered[], now: number): MailResult {
  if (undelivered.length === 0) return { kind: 'sent' }
  const to = undelivered.filter(({ final }) => !final).flatMap((one) => one.to)
  const delayMs = mailRetryMs(mail.attempts, Math.random())
  return to.length > 0 && now + delayMs < mail.giveUpAt ? { kind: 'retry', to, delayMs } : { kind: 'givenUp' }
}

/** As the list of failures shows it (S50): of several recipients the first. */
export function failureOf(
  mail: Pick<QueuedMail, 'id' | 'attempts'>,
  server: MailServer | undefined,
  undelivered: readonly Undelivered[],
  result: MailResult,
  at: number,
): MailFailure {
  const recipients = undelivered.flatMap((one) => one.to)
  const { number, address, cause } = undelivered[0]!
  return {
    id: mail.id,
    at,
    recipient: recipients[0]!,
    others: recipients.length - 1,
    attempts: mail.attempts + 1,
    server: server ? describeServer(server) : '-',
    number,
    ...(address === undefined ? {} : { address }),
    cause,
    state: result.kind === 'retry' ? 'retrying' : 'givenUp',
  }
}
