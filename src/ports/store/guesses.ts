import type { GuessCount, GuessLimit } from '../../domain/access/guessing'
import type { Instant } from '../../domain/brand'

export interface GuessReads {
  readonly guesses: {
    /** Those that are there. */
    list(keys: readonly string[]): Promise<readonly GuessCount[]>
  }
}

export interface GuessWrites {
  readonly guesses: {
    /**
     * One more wrong guess, and how long the next has to wait; the counter is locked until the commit, so that guesses of one moment
     * are counted one after the other.
     *
     * @returns the end of a wait that goes on: nothing was counted
     */
    add(key: string, limit: GuessLimit, now: Instant): Promise<Instant | undefined>
    /** It was no guess after all: one less, and no wait on its account. */
    takeBack(key: string, limit: GuessLimit): Promise<void>
    delete(key: string): Promise<void>
    /** At most `limit` that were empty before `now`. */
    purge(now: Instant, limit: number): Promise<number>
  }
}
