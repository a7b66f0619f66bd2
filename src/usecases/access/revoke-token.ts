import type { Actor } from '../../domain/access/actor'
import type { ClientToken, TokenKind } from '../../domain/access/token'
import { DomainError } from '../../domain/errors'
import { parseUuid, type ClientId, type TokenId } from '../../domain/ids'
import type { Clock } from '../../ports/clock'
import type { Store, Tx } from '../../ports/store'
import { requireScope } from '../directory/authority'

/** Where the caller looks for a token; what is elsewhere is not there for him. */
export type TokenOf = { readonly clientId?: ClientId; readonly kind?: TokenKind }

/**
 * The token is refused from now on, by other nodes within a second; so are the access tokens that came of a secret.
 *
 * @throws DomainError notAllowed, tokenNotFound
 */
export async function revokeToken(
  deps: { readonly store: Store; readonly clock: Clock },
  actor: Actor,
  id: string,
  of: TokenOf = {},
): Promise<void> {
  requireScope(actor, 'admin')
  await deps.store.transact(async (tx) => {
    const { token, client } = await getTokenOf(tx, id, of)
    if (!(await tx.clients.revokeToken(token.id, deps.clock.now()))) throw tokenNotFound(id)
    await tx.record({
      actor,
      action: token.kind === 'secret' ? 'revoke client secret' : 'revoke token',
      object: { kind: 'token', id: token.id, label: client.name },
      detail: { hint: token.hint },
    })
  })
}

/** @throws DomainError tokenNotFound */
export async function getTokenOf(tx: Tx, id: string, { clientId, kind }: TokenOf): Promise<ClientToken> {
  const tokenId = parseUuid(id) as TokenId | undefined
  const found = tokenId && (await tx.clients.findToken({ id: tokenId }))
  if (!found || (clientId ?? found.client.id) !== found.client.id || (kind ?? found.token.kind) !== found.token.kind)
    throw tokenNotFound(id)
  return found
}

const tokenNotFound = (id: string) =>
  new DomainError('tokenNotFound', `There is no token or secret ${id} that is in use. See: kagami token list`)
