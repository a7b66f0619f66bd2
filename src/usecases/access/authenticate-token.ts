import type { Actor, Scope } from '../../domain/access/actor'
import { addressRules, admits, type AddressRules } from '../../domain/access/client-addresses'
import { tokenHash, tokenPrefixes, tokenState, type ClientToken, type TokenKind } from '../../domain/access/token'
import type { Instant } from '../../domain/brand'
import { DomainError } from '../../domain/errors'
import type { ClientId, TokenId } from '../../domain/ids'
import type { Clock } from '../../ports/clock'
import type { Secrets } from '../../ports/secrets'
import type { Store } from '../../ports/store'
import { openAccessToken } from './access-token'

/** A token that is valid, and whose it is. */
export type KnownToken = {
  readonly id: TokenId
  /** `access`: made of the secret that `id` names. */
  readonly kind: TokenKind | 'access'
  readonly clientId: ClientId
  readonly clientName: string
  readonly scopes: ReadonlySet<Scope>
  readonly ignoreUnknownMembers: boolean
  readonly requestsPerSecond?: number
  readonly allowed: AddressRules
  readonly endsAt: Instant
}

/**
 * Whose tokens are whose. What was found is remembered for a second, so that a busy client costs no look-up a request; what another
 * node revokes is refused after that second, what this node revokes at once. Nothing is remembered of a token that is not valid.
 */
export class TokenMemory {
  private readonly known = new Map<string, { readonly token: KnownToken; readonly readAt: Instant }>()
  private readonly underWay = new Map<string, Promise<KnownToken | undefined>>()
  /** Counts what was forgotten: what was read before is not remembered after. */
  private era = 0

  constructor(private readonly deps: { readonly store: Store; readonly clock: Clock; readonly secrets: Secrets }) {
    deps.store.onClientsChanged(() => this.forget())
  }

  /**
   * Found in the store by its SHA-256, so no comparison tells how near a guess came.
   *
   * @returns undefined for what is unknown, expired, revoked, or of a disabled client: the caller is told no more than that
   */
  find(token: string): KnownToken | undefined | Promise<KnownToken | undefined> {
    const now = this.deps.clock.now()
    const remembered = this.known.get(token)
    if (remembered && isFresh(remembered.readAt, now)) return remembered.token.endsAt > now ? remembered.token : undefined
    const hash = tokenHash(token)
    const reading = this.underWay.get(hash)
    if (reading) return reading
    const read = this.read(token, hash, now).finally(() => {
      if (this.underWay.get(hash) === read) this.underWay.delete(hash)
    })
    this.underWay.set(hash, read)
    return read
  }

  /** Clients or tokens have changed. */
  forget(): void {
    this.era++
    this.known.clear()
    this.underWay.clear()
  }

  private async read(token: string, hash: string, now: Instant): Promise<KnownToken | undefined> {
    const { era } = this
    const known = await this.look(token, hash, now)
    if (era !== this.era) return known
    this.known.delete(token) // to be the youngest again
    if (!known) return undefined
    if (this.known.size >= maxRemembered) this.known.delete(this.known.keys().next().value!)
    this.known.set(token, { token: known, readAt: now })
    return known
  }

  private async look(token: string, hash: string, now: Instant): Promise<KnownToken | undefined> {
    const { clients } = this.deps.store.read
    if (!token.startsWith(tokenPrefixes.access)) return valid(await clients.findToken({ hash }), now)
    const access = openAccessToken(this.deps.secrets, token)
    if (!access || access.expiresAt <= now) return undefined
    const secret = valid(await clients.findToken({ id: access.secretId }), now)
    if (secret?.kind !== 'secret') return undefined
    return {
      ...secret,
      kind: 'access',
      scopes: new Set(access.scopes.filter((scope) => secret.scopes.has(scope))),
      endsAt: Math.min(secret.endsAt, access.expiresAt),
    }
  }
}

const rememberMs = 1_000
const maxRemembered = 10_000

/** A clock that was set back does not keep anything longer. */
const isFresh = (readAt: Instant, now: Instant) => now >= readAt && now - readAt < rememberMs

function valid(found: ClientToken | undefined, now: Instant): KnownToken | undefined {
  if (!found || found.client.disabledAt !== undefined || tokenState(found.token, now) !== 'valid') return undefined
  const { token, client } = found
  return {
    id: token.id,
    kind: token.kind,
    clientId: client.id,
    clientName: client.name,
    scopes: new Set(token.scopes),
    ignoreUnknownMembers: client.ignoreUnknownMembers,
    ...(client.requestsPerSecond === undefined ? {} : { requestsPerSecond: client.requestsPerSecond }),
    allowed: addressRules(client.allowedAddresses),
    endsAt: token.expiresAt ?? Infinity,
  }
}

/**
 * Who asks, by his token. The refusal names the address that we saw: it may be that of a proxy, and only an administrator can tell.
 *
 * @throws DomainError addressNotAllowed
 */
export function actorOfToken(token: KnownToken, from: { readonly address: string; readonly requestId: string }): Actor {
  const { clientId, clientName: name, scopes, ignoreUnknownMembers, allowed } = token
  if (!admits(allowed, from.address)) {
    throw new DomainError(
      'addressNotAllowed',
      `The client ${name} may not call from ${from.address}. Allow this address: kagami client change '${name}' --addresses …`,
    )
  }
  return { kind: 'client', clientId, name, scopes, ignoreUnknownMembers, address: from.address, requestId: from.requestId }
}
