import type { Client, ClientUse } from '../../domain/access/client'
import type { ClientToken, Token } from '../../domain/access/token'
import type { Instant, Version } from '../../domain/brand'
import type { ClientId, TokenId } from '../../domain/ids'

/** When a token was last used, and from where. */
export type TokenUse = { readonly at: Instant; readonly address?: string }

export interface ClientReads {
  /** By name. */
  list(): Promise<readonly Client[]>
  find(id: ClientId): Promise<Client | undefined>
  findByName(name: string): Promise<Client | undefined>
  /** By the hash or the id; ended ones and those of disabled clients as well, the use case judges. */
  findToken(by: { readonly hash: string } | { readonly id: TokenId }): Promise<ClientToken | undefined>
  /** By creation; of one client, or of all. */
  listTokens(client?: ClientId): Promise<readonly Token[]>
  countExternalIds(id: ClientId): Promise<number>
  /** By hour, operation and outcome: hours that began in [from, to). */
  uses(id: ClientId, from: Instant, to: Instant): Promise<readonly ClientUse[]>
}

export interface ClientWrites extends ClientReads {
  /** @throws DomainError clientNameTaken */
  insert(client: Client): Promise<void>
  /** Locks the row. @throws DomainError clientNotFound, versionMismatch */
  getForUpdate(id: ClientId, ifVersions?: readonly Version[]): Promise<Client>
  /** Everything that is set from outside. @returns the next version. @throws DomainError clientNameTaken */
  update(client: Client): Promise<Version>
  insertToken(token: Token): Promise<void>
  /** @returns false when there is none, or it was revoked before. */
  revokeToken(id: TokenId, at: Instant): Promise<boolean>
  /** It ends then, or earlier if it was to. */
  expireToken(id: TokenId, at: Instant): Promise<void>
  /** Many at once, written once a minute; what another node wrote later stays. */
  stampLastUsed(stamps: ReadonlyMap<TokenId, TokenUse>): Promise<void>
  /** Adds to what is counted already, and stamps the clients' last requests. Counts of clients that are gone are dropped. */
  addUses(uses: readonly ClientUse[], lastRequests: ReadonlyMap<ClientId, Instant>): Promise<void>
  /** At most `limit`, of living and deleted objects. @returns how many */
  deleteExternalIds(id: ClientId, limit: number): Promise<number>
  /** The row, its tokens and its counts. */
  delete(id: ClientId): Promise<void>
  /** Counts of hours before `uses`, about `limit`; at most `limit` tokens that ended before `tokens`. */
  purge(before: { readonly uses: Instant; readonly tokens: Instant }, limit: number): Promise<number>
}
