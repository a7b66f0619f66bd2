import type { Actor } from '../../domain/access/actor'
import { tokenHash } from '../../domain/access/token'
import type { TokenId } from '../../domain/ids'
import type { Clock } from '../../ports/clock'
import type { Store } from '../../ports/store'

/** When each token was last used on this node; written once a minute. */
export type LastUsed = Map<TokenId, number>

/**
 * Whose token this is. Found by its SHA-256, so no comparison tells how near a guess came.
 *
 * @returns undefined for an unknown, expired or revoked one: the caller is told no more than that
 */
export async function authenticateToken(
  deps: { readonly store: Store; readonly clock: Clock; readonly lastUsed: LastUsed },
  token: string,
  from: { readonly address?: string; readonly requestId?: string },
): Promise<Actor | undefined> {
  const found = await deps.store.read.clients.findToken(tokenHash(token))
  const now = deps.clock.now()
  if (!found || found.revokedAt !== undefined || (found.expiresAt !== undefined && found.expiresAt <= now)) return undefined
  deps.lastUsed.set(found.id, now)
  return { kind: 'client', clientId: found.clientId, name: found.clientName, scopes: new Set(found.scopes), ...from }
}

/** Writes down what was used since the last time; called once a minute and at the end. */
export async function writeLastUsed(deps: { readonly store: Store }, lastUsed: LastUsed): Promise<void> {
  if (lastUsed.size === 0) return
  const stamps = new Map(lastUsed)
  lastUsed.clear()
  await deps.store.transact((tx) => tx.clients.stampLastUsed(stamps), 'bulk')
}
