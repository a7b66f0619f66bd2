import type { Instant, Version } from '../brand'
import { DomainError } from '../errors'
import type { ClientId } from '../ids'

/** A system that calls us: an identity provider, a script. Its externalIds are its own. */
export type Client = {
  readonly id: ClientId
  readonly name: string
  /** Networks from which it may call, as CIDR; empty: from everywhere. */
  readonly allowedAddresses: readonly string[]
  /** On each node; absent: as the installation says. */
  readonly requestsPerSecond?: number
  /** Members that are nobody here are left out instead of refused. */
  readonly ignoreUnknownMembers: boolean
  readonly version: Version
  readonly createdAt: Instant
  /** Since when its tokens and secrets are refused. */
  readonly disabledAt?: Instant
  /** Written once a minute. */
  readonly lastRequestAt?: Instant
}

/** What an administrator sets; `null` goes back to what the installation says. */
export type ClientChange = {
  readonly name?: string
  readonly allowedAddresses?: readonly string[]
  readonly requestsPerSecond?: number | null
  readonly ignoreUnknownMembers?: boolean
  readonly disabled?: boolean
}

/** What is counted of a client's requests; of each there is a closed set, so that counts stay few. */
export const outcomes = ['ok', 'refused', 'failed', 'limited'] as const
export type Outcome = (typeof outcomes)[number]

/** How many requests of a client ended so in the hour that began at `hour`, summed over the nodes. */
export type ClientUse = {
  readonly clientId: ClientId
  readonly hour: Instant
  /** Method and resource type: `PATCH Group`. */
  readonly operation: string
  readonly outcome: Outcome
  readonly requests: number
}

export const hourMs = 3_600_000

/** @throws DomainError invalidAttribute */
export function parseClientName(text: string): string {
  const name = text.trim()
  if (name === '' || name.length > 128) throw new DomainError('invalidAttribute', 'A client needs a name of 1 to 128 characters.')
  return name
}

export const maxRequestsPerSecond = 1_000_000

/** @throws DomainError invalidAttribute */
export function checkRequestLimit(limit: number): void {
  if (Number.isInteger(limit) && limit >= 1 && limit <= maxRequestsPerSecond) return
  throw new DomainError(
    'invalidAttribute',
    `A request limit is a whole number from 1 to ${maxRequestsPerSecond} a second. Leave it out for the limit of the installation.`,
  )
}
