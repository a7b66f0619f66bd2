import { randomBytes } from 'node:crypto'
import type { Instant } from '../domain/brand'

/** Time is asked for, never taken: tests set it. Leases are compared in the database's own time. */
export interface Clock {
  now(): Instant
}

export const systemClock: Clock = { now: () => Date.now() }

/** A new UUIDv7 (RFC 9562 §5.7): 48 bits of milliseconds, 74 random bits. */
export function newUuid(now: Instant): string {
  const bytes = randomBytes(16)
  bytes.writeUIntBE(now, 0, 6)
  bytes[6] = (bytes[6]! & 0x0f) | 0x70
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  const hex = bytes.toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
