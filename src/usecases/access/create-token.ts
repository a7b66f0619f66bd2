import { randomBytes } from 'node:crypto'
import type { Actor, Scope } from '../../domain/access/actor'
import { tokenHash, tokenHint, tokenPrefix } from '../../domain/access/token'
import { DomainError } from '../../domain/errors'
import type { ClientId, TokenId } from '../../domain/ids'
import { newUuid, type Clock } from '../../ports/clock'
import type { Store, Tx } from '../../ports/store'
import type { Token } from '../../ports/store/access'
import { requireScope } from '../directory/authority'

export type TokenDraft = { readonly client: string; readonly scopes: readonly Scope[]; readonly expiresAt?: number }

/**
 * A new token for a client, which is made when there is none of that name. A client may have several at once, so that one can be
 * replaced without a gap.
 *
 * @param given a token that an operator brings (set-up without hands); else 256 random bits
 * @returns the token itself, this once: only its hash is kept
 * @throws DomainError notAllowed, invalidAttribute
 */
export async function createToken(
  deps: { readonly store: Store; readonly clock: Clock },
  actor: Actor,
  draft: TokenDraft,
  given?: string,
): Promise<{ readonly token: string; readonly row: Token }> {
  requireScope(actor, 'admin')
  const client = draft.client.trim()
  if (client === '' || client.length > 128)
    throw new DomainError('invalidAttribute', 'A client needs a name of 1 to 128 characters.')
  if (draft.scopes.length === 0)
    throw new DomainError('invalidAttribute', 'A token without scopes may do nothing. Give at least one.')
  const token = given ?? tokenPrefix + randomBytes(32).toString('base64url')
  const now = deps.clock.now()
  return deps.store.transact(async (tx) => {
    const { id: clientId, name: clientName } = await findOrCreateClient(tx, client, now)
    const row: Token = {
      id: newUuid(now) as TokenId,
      clientId,
      clientName,
      hash: tokenHash(token),
      hint: tokenHint(token),
      scopes: draft.scopes,
      createdAt: now,
      ...(draft.expiresAt === undefined ? {} : { expiresAt: draft.expiresAt }),
    }
    await tx.clients.insertToken(row)
    await tx.record({
      actor,
      action: 'create token',
      object: { kind: 'token', id: row.id, label: clientName },
      detail: { scopes: row.scopes, hint: row.hint },
    })
    return { token, row }
  })
}

async function findOrCreateClient(tx: Tx, name: string, now: number): Promise<{ readonly id: ClientId; readonly name: string }> {
  const known = await tx.clients.findByName(name)
  if (known) return known
  const client = { id: newUuid(now) as ClientId, name, createdAt: now }
  await tx.clients.insert(client)
  return client
}
