import { longestSessionMs } from '../../domain/access/password-state'
import type { Clock } from '../../ports/clock'
import type { Store } from '../../ports/store'
import { findSignInSettings } from '../access/sign-in-settings'
import { trimProvisioning, type ProvisioningBounds } from '../audit/trim-provisioning'

const day = 24 * 60 * 60 * 1000

/** How long what is kept is kept: audit log (S41: 6 weeks at least), what clients did, their ended tokens. Sessions are a setting (S13). */
export const retention = { auditMs: 365 * day, clientUseMs: 90 * day, endedTokenMs: 90 * day } as const

const chunk = 1_000

/**
 * Nothing grows for ever: sessions, used ids, logs and tombstones past their time go, in chunks, with others in between.
 *
 * @returns how many went; a line that left the provisioning log and then the audit log counts twice
 */
export async function purgeOld(deps: {
  readonly store: Store
  readonly clock: Clock
  readonly provisioning: ProvisioningBounds
}): Promise<number> {
  const now = deps.clock.now()
  const sessionMs = longestSessionMs((await findSignInSettings(deps.store.read)).settings)
  let purged = await trimProvisioning(deps, deps.provisioning)
  for (;;) {
    const some = await deps.store.transact(
      async (tx) =>
        (await tx.sessions.purge(now - sessionMs, chunk)) +
        (await tx.consumed.purge(now, chunk)) +
        (await tx.resets.purge(now - day, chunk)) +
        (await tx.secondSteps.purgeChallenges(now, chunk)) +
        (await tx.guesses.purge(now, chunk)) +
        (await tx.logs.purge(now - retention.auditMs, chunk)) +
        (await tx.clients.purge({ uses: now - retention.clientUseMs, tokens: now - retention.endedTokenMs }, chunk)) +
        (await tx.users.purgeTombstones(now, chunk)),
      'bulk',
    )
    purged += some
    if (some === 0) return purged
  }
}
