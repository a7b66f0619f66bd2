import type { Instant } from '../brand'

/**
 * What a key pair of the service provider is for: `current` signs, `next` is only published so that identity providers know it before it
 * signs, `previous` is published no more but still opens what was encrypted for it.
 */
export type SpKeyUse = 'current' | 'next' | 'previous'

/** A key pair of ours, for signing AuthnRequests and for encrypted assertions alike. */
export type SpKey = {
  readonly id: string
  readonly use: SpKeyUse
  /** X.509, PEM. */
  readonly certificate: string
  /** PKCS #8, PEM; leaves the process sealed alone. */
  readonly privateKey: string
  /** Brought by an operator as a file, or made by us. */
  readonly from: 'file' | 'database'
  readonly createdAt?: Instant
}

export type SpKeys = readonly SpKey[]

export const currentSpKey = (keys: SpKeys): SpKey | undefined => keys.find(({ use }) => use === 'current')

/** Those whose certificates stand in our metadata, the current one first. */
export const publishedSpKeys = (keys: SpKeys): SpKeys =>
  (['current', 'next'] as const).flatMap((wanted) => keys.filter(({ use }) => use === wanted))
