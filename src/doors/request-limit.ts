import type { ClientId } from '../domain/ids'
import type { Clock } from '../ports/clock'

/** How much a client may ask of this node: a token bucket a client. */
export type RequestLimit = {
  /**
   * Takes one request.
   *
   * @param own the client's own limit, requests a second
   * @returns whole seconds until the next request is heard; 0 when this one is
   */
  take(client: ClientId, own?: number): number
}

/** Requests a second that come in a burst before a client has to wait. */
const burstSeconds = 2
const maxBuckets = 10_000

/** @param perSecond of a client without a limit of its own; 0: no limit */
export function requestLimit(clock: Clock, perSecond: number): RequestLimit {
  const buckets = new Map<ClientId, { left: number; at: number }>()
  return {
    take: (client, own) => {
      const rate = own ?? perSecond
      if (rate === 0) return 0
      const now = clock.now()
      const burst = rate * burstSeconds
      let bucket = buckets.get(client)
      if (!bucket) {
        if (buckets.size >= maxBuckets) buckets.clear()
        bucket = { left: burst, at: now }
        buckets.set(client, bucket)
      }
      bucket.left = Math.min(burst, bucket.left + (Math.max(0, now - bucket.at) / 1000) * rate)
      bucket.at = now
      if (bucket.left < 1) return Math.ceil((1 - bucket.left) / rate)
      bucket.left -= 1
      return 0
    },
  }
}

/** For an installation that limits nobody. */
export const noRequestLimit: RequestLimit = { take: () => 0 }
