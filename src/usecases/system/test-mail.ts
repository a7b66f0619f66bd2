import type { Actor } from '../../domain/access/actor'
import { DomainError } from '../../domain/errors'
import type { Mail, MailFailure, MailId } from '../../domain/system/mail'
import { parseMailAddress } from '../../domain/system/mail-address'
import { testMail } from '../../domain/system/mail-texts'
import { newUuid, type Clock } from '../../ports/clock'
import type { Mailer } from '../../ports/mailer'
import type { Secrets } from '../../ports/secrets'
import type { Store } from '../../ports/store'
import { requireScope } from '../directory/authority'
import { findMailServer } from './mail-settings'
import { failureOf } from './send-mails'

/**
 * Sends a test mail by the settings as they are, at once and once only, so that the administrator sees what the server says (S50).
 *
 * @returns the failure, which also stands in the list of failures; undefined when the server took the mail
 * @throws DomainError notAllowed, invalidAttribute, mailNotConfigured
 */
export async function sendTestMail(
  deps: {
    readonly store: Store
    readonly clock: Clock
    readonly secrets: Secrets
    readonly mailer: Mailer
    readonly baseUrl: string
  },
  actor: Actor,
  to: string,
): Promise<MailFailure | undefined> {
  requireScope(actor, 'admin')
  const recipient = parseMailAddress(to)
  const server = await findMailServer(deps)
  if (!server)
    throw new DomainError('mailNotConfigured', 'No mail server is set. Set one: kagami mail set, or PUT /api/v1/system-mail')
  const now = deps.clock.now()
  const mail: Mail = { id: newUuid(now) as MailId, to: [recipient], ...testMail(deps.baseUrl), createdAt: now }
  const undelivered = await deps.mailer.send(server, mail)
  const at = deps.clock.now()
  const failure = undelivered[0] && failureOf({ ...mail, attempts: 0 }, server, undelivered, { kind: 'givenUp' }, at)
  await deps.store.transact(async (tx) => {
    if (failure) await tx.mails.noteFailure(failure)
    await tx.record({
      actor,
      action: 'send test mail',
      ...(failure ? { result: 'FAILED' as const } : {}),
      object: { kind: 'setting', id: 'mail.server', label: recipient },
      detail: { email: recipient, ...(failure ? { error: failure.number } : {}) },
    })
  })
  return failure
}
