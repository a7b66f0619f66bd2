import { DomainError } from '../domain/errors'
import { isLocked } from './dialect'

const longestMs = 10_000

/**
 * Does the work as soon as no other process (the command line) holds the SQLite file, without holding up the event loop.
 *
 * @throws DomainError storeBusy after ten seconds
 */
export async function whenUnlocked<T>(work: () => Promise<T>): Promise<T> {
  const giveUpAt = performance.now() + longestMs
  for (;;) {
    try {
      return await work()
    } catch (error) {
      if (!isLocked(error)) throw error
      if (performance.now() > giveUpAt) {
        throw new DomainError('storeBusy', 'Another process holds the database. Try again in a few seconds.', { cause: error })
      }
      await new Promise((resolve) => setTimeout(resolve, 5 + Math.random() * 20))
    }
  }
}
