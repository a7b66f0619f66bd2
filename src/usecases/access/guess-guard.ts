import { createHash } from 'node:crypto'
import type { Instant } from '../../domain/brand'
import { guessLimits, networkOfAddress, type GuessLimit } from '../../domain/access/guessing'
import { DomainError, TooManyGuesses, type DomainErrorCode } from '../../domain/errors'
import { foldCase } from '../../domain/text'
import type { Clock } from '../../ports/clock'
import type { Store, Tx } from '../../ports/store'

export type GuessDeps = {
  readonly store: Store
  readonly clock: Clock
  /** Off only where the installation limits nobody. */
  readonly rateLimits: boolean
  /** Runs a few at a time, the others in the order in which they came. */
  readonly guessTurns: <T>(work: () => Promise<T>) => Promise<T>
}

/** Who tries, and what. */
export type Guesser = {
  /** As it was entered: whether there is such an account makes no difference. */
  readonly account: string
  /** What is guessed, where it is not the password: a code is not tried anew by entering the password again. Default `password`. */
  readonly what?: string
  readonly address: string
  /** A browser by which this account was signed in before: what others try elsewhere does not make it wait. */
  readonly device?: string
  /** From this machine itself, through no proxy: nor does it wait for what is tried from elsewhere. */
  readonly isHere?: boolean
}

/** A refusal that says that the guess was wrong; any other failure says nothing of it. */
const wrong: ReadonlySet<DomainErrorCode> = new Set<DomainErrorCode>(['wrongPassword', 'wrongCode'])

/**
 * Lets somebody try a secret, and makes who guesses wrong wait longer each time, on every node. Guesses at one account count one after
 * the other, also those of one moment; a right one is forgotten together with the wrong ones before it. Unknown browsers share a
 * counter for each account, one for each network and one for all; a known browser has its own and waits for nobody else. Unknown ones
 * take turns, and each finds counted what was tried before it: many at once are no more than one after the other.
 *
 * @param attempt a wrong guess throws a DomainError that says so
 * @throws TooManyGuesses without an attempt; what `attempt` throws
 */
export async function guardGuess<T>(deps: GuessDeps, who: Guesser, attempt: () => Promise<T>): Promise<T> {
  if (!deps.rateLimits) return attempt()
  return who.device === undefined ? deps.guessTurns(() => guarded(deps, who, attempt)) : guarded(deps, who, attempt)
}

async function guarded<T>(deps: GuessDeps, who: Guesser, attempt: () => Promise<T>): Promise<T> {
  const [account, ...others] = countersOf(who) as [Counter, ...Counter[]]
  const counts = await deps.store.read.guesses.list([account, ...others].map(({ key }) => key))
  const now = deps.clock.now()
  const until = Math.max(0, ...counts.map(({ waitUntil }) => waitUntil))
  if (until > now) throw tooMany(until, now)
  // what is not counted is never tried, also when its wait ends in between
  const waitsUntil = await deps.store.transact((tx) => add(deps, tx, account))
  if (waitsUntil !== undefined) throw tooMany(waitsUntil, now)
  try {
    const value = await attempt()
    await deps.store.transact((tx) => tx.guesses.delete(account.key))
    return value
  } catch (error) {
    const isWrong = error instanceof DomainError && wrong.has(error.code)
    await deps.store.transact(async (tx) => {
      if (!isWrong) return tx.guesses.takeBack(account.key, account.limit)
      for (const counter of others) await add(deps, tx, counter)
    })
    throw error
  }
}

type Counter = { readonly key: string; readonly limit: GuessLimit }

/** The account's is the first. What was entered is kept as a hash only: it may be a password in the wrong field. */
function countersOf({ account, what = 'password', address, device, isHere }: Guesser): readonly Counter[] {
  const counter = (kind: keyof typeof guessLimits, ...parts: readonly string[]): Counter => ({
    key: createHash('sha256')
      .update(JSON.stringify([kind, ...parts]))
      .digest('hex'),
    limit: guessLimits[kind],
  })
  const name = foldCase(account)
  if (device !== undefined) return [counter('account', what, name, device)]
  if (isHere) return [counter('account', what, name, 'here'), counter('address', 'here')]
  return [counter('account', what, name), counter('address', networkOfAddress(address)), counter('overall')]
}

const add = ({ clock }: GuessDeps, tx: Tx, { key, limit }: Counter) => tx.guesses.add(key, limit, clock.now())

const tooMany = (until: Instant, now: Instant) => new TooManyGuesses(Math.max(1, Math.ceil((until - now) / 1000)))
