import { hash } from 'node:crypto'
import type { Instant } from '../brand'
import type { ClientId, TokenId } from '../ids'
import type { Scope } from './actor'
import type { Client } from './client'

/** `token` is sent as it is (RFC 6750); for a `secret` the client gets access tokens that last an hour (RFC 6749 §4.4). */
export type TokenKind = 'token' | 'secret'

/** What is kept of a token or secret: never itself, only its SHA-256 (hex). */
export type Token = {
  readonly id: TokenId
  readonly kind: TokenKind
  readonly clientId: ClientId
  readonly clientName: string
  readonly hash: string
  /** Its first characters, to recognise it in a list. */
  readonly hint: string
  readonly scopes: readonly Scope[]
  readonly createdAt: Instant
  readonly expiresAt?: Instant
  readonly revokedAt?: Instant
  /** Written once a minute. */
  readonly lastUsedAt?: Instant
  readonly lastUsedAddress?: string
}

/** A token together with the client that it speaks for, as one look-up finds them. */
export type ClientToken = { readonly token: Token; readonly client: Client }

/** Every token of ours begins so: a leaked one is recognised by scanners and people, and tells what it is. */
export const tokenPrefixes: Readonly<Record<TokenKind | 'access', string>> = { token: 'kgm_', secret: 'kgs_', access: 'kgo_' }

/** What is kept of a token. SHA-256 is enough: a token is 256 random bits, there is nothing to guess. */
export const tokenHash = (token: string) => hash('sha256', token, 'hex')

/** Enough of a token to recognise it, too little to use it. */
export const tokenHint = (token: string) => `${token.slice(0, 8)}…`

export type TokenState = 'valid' | 'revoked' | 'expired'

export function tokenState({ revokedAt, expiresAt }: Pick<Token, 'revokedAt' | 'expiresAt'>, now: Instant): TokenState {
  if (revokedAt !== undefined) return 'revoked'
  return expiresAt !== undefined && expiresAt <= now ? 'expired' : 'valid'
}

/** How long a replaced token still works when nobody says otherwise. */
export const defaultOverlapMs = 24 * 3_600_000
