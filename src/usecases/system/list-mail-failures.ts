import type { Actor } from '../../domain/access/actor'
import type { MailFailure } from '../../domain/system/mail'
import type { Store } from '../../ports/store'
import { requireScope } from '../directory/authority'

/** The last mails that failed, newest first, and how many wait (S50). @throws DomainError notAllowed */
export async function listMailFailures(
  deps: { readonly store: Store },
  actor: Actor,
): Promise<{ readonly waiting: number; readonly failures: readonly MailFailure[] }> {
  requireScope(actor, 'admin')
  const { mails } = deps.store.read
  return { waiting: await mails.countWaiting(), failures: await mails.failures() }
}
