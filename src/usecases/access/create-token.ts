import { randomBytes } from 'node:crypto'
import type { Actor, Scope } from '../../domain/access/actor'
import { parseClientName, type Client } from '../../domain/access/client'
import { tokenHash, tokenHint, tokenPrefixes, type Token, type TokenKind } from '../../domain/access/token'
import type { Version } from '../../domain/brand'
import { DomainError } from '../../domain/errors'
import type { ClientId, TokenId } from '../../domain/ids'
import { newUuid, type Clock } from '../../ports/clock'
import type { Store, Tx } from '../../ports/store'
import { requireScope } from '../directory/authority'

export type TokenDraft = {
  /** `secret`: for OAuth client credentials. Absent: `token`. */
  readonly kind?: TokenKind
  readonly scopes: readonly Scope[]
  readonly expiresAt?: number
} & (
  | { readonly clientId: ClientId }
  /** By its name; made when there is none of that name. */
  | { readonly client: string }
)

/** A token and what is kept of it. The token itself is shown this once. */
export type MadeToken = { readonly token: string; readonly row: Token }

/**
 * A new token or secret for a client. A client may have several at once, so that one can be replaced without a gap.
 *
 * @param given a token that an operator brings (set-up without hands); else 256 random bits
 * @throws DomainError notAllowed, invalidAttribute, clientNotFound
 */
export async function createToken(
  deps: { readonly store: Store; readonly clock: Clock },
  actor: Actor,
  draft: TokenDraft,
  given?: string,
): Promise<MadeToken> {
  requireScope(actor, 'admin')
  const now = deps.clock.now()
  const name = 'client' in draft ? parseClientName(draft.client) : undefined
  checkToken(draft, now)
  const token = given ?? randomToken(draft.kind ?? 'token')
  return deps.store.transact(async (tx) => {
    const client = 'clientId' in draft ? await tx.clients.getForUpdate(draft.clientId) : await findOrCreateClient(tx, name!, now)
    const row = tokenRow(token, draft.kind ?? 'token', client, draft, now)
    await tx.clients.insertToken(row)
    await tx.record({
      actor,
      action: row.kind === 'secret' ? 'create client secret' : 'create token',
      object: { kind: 'token', id: row.id, label: client.name },
      detail: { scopes: row.scopes, hint: row.hint },
    })
    return { token, row }
  })
}

/** @throws DomainError invalidAttribute */
export function checkToken({ scopes, expiresAt }: Pick<TokenDraft, 'scopes' | 'expiresAt'>, now: number): void {
  if (scopes.length === 0) throw new DomainError('invalidAttribute', 'A token without scopes may do nothing. Give at least one.')
  if (expiresAt !== undefined && expiresAt <= now)
    throw new DomainError('invalidAttribute', 'This token would have expired already. Give an expiry in the future, or none.')
}

export const randomToken = (kind: TokenKind) => tokenPrefixes[kind] + randomBytes(32).toString('base64url')

export function tokenRow(
  token: string,
  kind: TokenKind,
  client: Client,
  { scopes, expiresAt }: Pick<TokenDraft, 'scopes' | 'expiresAt'>,
  now: number,
): Token {
  return {
    id: newUuid(now) as TokenId,
    kind,
    clientId: client.id,
    clientName: client.name,
    hash: tokenHash(token),
    hint: tokenHint(token),
    scopes: [...new Set(scopes)],
    createdAt: now,
    ...(expiresAt === undefined ? {} : { expiresAt }),
  }
}

async function findOrCreateClient(tx: Tx, name: string, now: number): Promise<Client> {
  const known = await tx.clients.findByName(name)
  if (known) return known
  const client: Client = {
    id: newUuid(now) as ClientId,
    name,
    allowedAddresses: [],
    ignoreUnknownMembers: false,
    version: 1 as Version,
    createdAt: now,
  }
  await tx.clients.insert(client)
  return client
}
