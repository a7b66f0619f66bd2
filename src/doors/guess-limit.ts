import { RateLimiterMemory } from 'rate-limiter-flexible'
import { networkOfAddress } from '../domain/access/guessing'

/** Counts the wrong tokens of a network (`networkOfAddress`) on this node. Tokens are too long to be guessed: this spares the database. */
export type GuessLimit = {
  /** Seconds until the next guess is heard; 0 while there were few. */
  waitSeconds(address: string): Promise<number>
  failed(address: string): Promise<void>
}

export function guessLimit(isOn: boolean, guesses: number, withinSeconds: number): GuessLimit {
  if (!isOn) return { waitSeconds: async () => 0, failed: async () => undefined }
  const limiter = new RateLimiterMemory({ points: guesses, duration: withinSeconds })
  return {
    waitSeconds: async (address) => {
      const seen = await limiter.get(networkOfAddress(address))
      return seen && seen.consumedPoints >= guesses ? Math.max(1, Math.ceil(seen.msBeforeNext / 1000)) : 0
    },
    failed: async (address) => void (await limiter.penalty(networkOfAddress(address))),
  }
}
