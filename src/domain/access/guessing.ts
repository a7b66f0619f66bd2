import ipaddr from 'ipaddr.js'
import type { Instant } from '../brand'

/** How wrong guesses of one kind are counted: a vessel that each one fills and time empties. */
export type GuessLimit = {
  /** So many wrong ones cost no waiting. */
  readonly free: number
  /** One is forgotten in so long. */
  readonly leakMs: number
  /** The wait is a second after the next, and doubles with each, up to this. */
  readonly maxWaitMs: number
}

const [second, minute, hour] = [1_000, 60_000, 3_600_000]

/**
 * `account`: one name, tried from one known browser or from all unknown ones together. `address`: all names from one network, for an
 * office has one address. `overall`: what all unknown browsers try together; it keeps no one out for long.
 */
export const guessLimits = {
  account: { free: 4, leakMs: hour, maxWaitMs: 15 * minute },
  address: { free: 50, leakMs: 10 * second, maxWaitMs: 15 * minute },
  overall: { free: 300, leakMs: 200, maxWaitMs: 30 * second },
} as const satisfies Readonly<Record<string, GuessLimit>>

/** What is known of one counter. `emptyAt` is the time at which every guess is forgotten. */
export type GuessCount = { readonly emptyAt: Instant; readonly waitUntil: Instant }

/** How many wrong guesses are remembered now. */
export const guessesIn = (limit: GuessLimit, { emptyAt }: GuessCount, now: Instant) =>
  Math.max(0, Math.ceil((emptyAt - now) / limit.leakMs))

/** How long to wait after so many wrong guesses. */
export const waitAfter = (limit: GuessLimit, guesses: number) =>
  guesses <= limit.free ? 0 : Math.min(limit.maxWaitMs, second * 2 ** (guesses - limit.free - 1))

/** A full counter takes so long to be empty; more is not remembered. */
export const fullMs = (limit: GuessLimit) => (limit.free + 1 + Math.ceil(Math.log2(limit.maxWaitMs / second))) * limit.leakMs

/** Who has one address of an IPv6 network has all of its last 64 bits; IPv4 in IPv6 clothes is IPv4. */
export function networkOfAddress(address: string): string {
  if (!ipaddr.isValid(address)) return address
  const known = ipaddr.process(address)
  if (known.kind() === 'ipv4') return known.toString()
  return `${ipaddr.IPv6.networkAddressFromCIDR(`${known.toString()}/64`).toString()}/64`
}

export const isLoopback = (address: string) => ipaddr.isValid(address) && ipaddr.process(address).range() === 'loopback'
