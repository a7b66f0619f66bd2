import { RateLimiterMemory } from 'rate-limiter-flexible'

/** Counts the wrong tokens of an address on this node. Tokens are too long to be guessed: this spares the database. */
export type GuessLimit = {
  /** Seconds until the next guess is heard; 0 while there were few. */
  waitSeconds(key: string): Promise<number>
  failed(key: string): Promise<void>
}

export function guessLimit(isOn: boolean, guesses: number, withinSeconds: number): GuessLimit {
  if (!isOn) return { waitSeconds: async () => 0, failed: async () => undefined }
  const limiter = new RateLimiterMemory({ points: guesses, duration: withinSeconds })
  return {
    waitSeconds: async (key) => {
      const seen = await limiter.get(key)
      return seen && seen.consumedPoints >= guesses ? Math.max(1, Math.ceil(seen.msBeforeNext / 1000)) : 0
    },
    failed: async (key) => void (await limiter.penalty(key)),
  }
}
