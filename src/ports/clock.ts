import { randomUUID } from 'node:crypto'
import type { Instant } from '../domain/brand'

/** Time is asked for, never taken: tests set it. Leases are compared in the database's own time. */
export interface Clock {
  now(): Instant
}

export const systemClock: Clock = { now: () => Date.now() }

/** A new UUIDv7 (RFC 9562 §5.7): 48 bits of milliseconds; the 74 random bits are those of a UUIDv4, of which Node keeps a stock. */
export function newUuid(now: Instant): string {
  const time = now.toString(16).padStart(12, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`
}
