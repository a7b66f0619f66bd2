import { pendingSamlMs, type PendingSaml } from '../../domain/access/saml'
import type { Clock } from '../../ports/clock'
import type { Secrets } from '../../ports/secrets'
import type { Store } from '../../ports/store'

const purpose = 'pending SAML request'

/** An AuthnRequest under way, as its browser keeps it. */
export const sealPendingSaml = (secrets: Secrets, pending: PendingSaml) => secrets.seal(purpose, JSON.stringify(pending))

/**
 * The AuthnRequest that a browser was sent away with, and never again: whatever becomes of the Response, it is used up.
 *
 * @returns undefined when there is none, when it is older than ten minutes, or was taken before (S34)
 */
export async function takeAuthnRequest(
  deps: { readonly store: Store; readonly clock: Clock; readonly secrets: Secrets },
  sealed: string | undefined,
): Promise<PendingSaml | undefined> {
  const opened = sealed === undefined ? undefined : deps.secrets.open(purpose, sealed)
  if (opened === undefined) return undefined
  const pending = JSON.parse(opened) as PendingSaml
  const expiresAt = pending.at + pendingSamlMs
  if (expiresAt <= deps.clock.now()) return undefined
  const isFirst = await deps.store.transact((tx) => tx.consumed.take('authnRequest', pending.id, expiresAt))
  return isFirst ? pending : undefined
}
