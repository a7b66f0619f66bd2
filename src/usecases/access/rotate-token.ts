import type { Actor } from '../../domain/access/actor'
import { defaultOverlapMs, tokenState } from '../../domain/access/token'
import type { Instant } from '../../domain/brand'
import { DomainError } from '../../domain/errors'
import type { Clock } from '../../ports/clock'
import type { Store } from '../../ports/store'
import { requireScope } from '../directory/authority'
import { checkToken, randomToken, tokenRow, type MadeToken } from './create-token'
import { getTokenOf, type TokenOf } from './revoke-token'

const maxOverlapMs = 90 * 24 * 3_600_000

/**
 * A new token or secret in the place of another: of the same kind, with the same scopes and the same length of life. Both work until the
 * overlap is over, so that nothing is refused in between.
 *
 * @param overlapMs how long the old one still works; 0 ends it now
 * @param expiresAt when the new one ends; absent: after as long as the old one was to live
 * @returns also when the old one ends
 * @throws DomainError notAllowed, tokenNotFound, invalidAttribute
 */
export async function rotateToken(
  deps: { readonly store: Store; readonly clock: Clock },
  actor: Actor,
  id: string,
  {
    overlapMs = defaultOverlapMs,
    expiresAt,
    ...of
  }: TokenOf & { readonly overlapMs?: number; readonly expiresAt?: Instant } = {},
): Promise<MadeToken & { readonly oldEndsAt: Instant }> {
  requireScope(actor, 'admin')
  if (!(overlapMs >= 0 && overlapMs <= maxOverlapMs))
    throw new DomainError('invalidAttribute', 'The overlap of a rotation is from 0 (the old token ends now) to 90 days.')
  const now = deps.clock.now()
  return deps.store.transact(async (tx) => {
    const client = await tx.clients.getForUpdate((await getTokenOf(tx, id, of)).client.id)
    const { token: old } = await getTokenOf(tx, id, of) // as it is now that nobody else changes it
    if (tokenState(old, now) !== 'valid')
      throw new DomainError('tokenNotFound', `The token ${old.id} has ended already. Make a new one instead of rotating it.`)
    const ends = expiresAt ?? (old.expiresAt === undefined ? undefined : now + (old.expiresAt - old.createdAt))
    const draft = { scopes: old.scopes, ...(ends === undefined ? {} : { expiresAt: ends }) }
    checkToken(draft, now)
    const token = randomToken(old.kind)
    const row = tokenRow(token, old.kind, client, draft, now)
    const oldEndsAt = Math.min(old.expiresAt ?? Infinity, now + overlapMs)
    await tx.clients.insertToken(row)
    await tx.clients.expireToken(old.id, oldEndsAt)
    await tx.record({
      actor,
      action: old.kind === 'secret' ? 'rotate client secret' : 'rotate token',
      object: { kind: 'token', id: row.id, label: client.name },
      detail: { scopes: row.scopes, hint: row.hint, replaces: old.id, oldEndsAt: new Date(oldEndsAt).toISOString() },
    })
    return { token, row, oldEndsAt }
  })
}
