import { RateLimiterMemory } from 'rate-limiter-flexible'

/** Counts wrong guesses of a key on this node and tells who has to wait. */
export type GuessLimit = {
  /** Seconds until the next guess is heard; 0 while there were few. */
  waitSeconds(key: string): Promise<number>
  failed(key: string): Promise<void>
  forget(key: string): Promise<void>
}

export function guessLimit(isOn: boolean, guesses: number, withinSeconds: number): GuessLimit {
  if (!isOn) return { waitSeconds: async () => 0, failed: async () => undefined, forget: async () => undefined }
  const limiter = new RateLimiterMemory({ points: guesses, duration: withinSeconds })
  return {
    waitSeconds: async (key) => {
      const seen = await limiter.get(key)
      return seen && seen.consumedPoints >= guesses ? Math.max(1, Math.ceil(seen.msBeforeNext / 1000)) : 0
    },
    failed: async (key) => void (await limiter.penalty(key)),
    forget: async (key) => void (await limiter.delete(key)),
  }
}
