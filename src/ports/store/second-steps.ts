import type { Instant } from '../../domain/brand'
import type { UserId } from '../../domain/ids'

/** What a person is asked for after the password (S15). */
export type SecondStep = {
  readonly userId: UserId
  readonly method: 'mail' | 'totp'
  /** The address that codes go to, or the key that the app has; sealed in the database. Absent: the secret key was changed. */
  readonly secret?: string
  /** Of TOTP: no code of this step or an earlier one is taken again. */
  readonly lastStep: number
  readonly since: Instant
  /** What is kept of codes for a lost phone. */
  readonly recovery: readonly string[]
}

/** What is half-way: a sign-in whose password was right, or a set-up whose code was mailed. */
export type Challenge = {
  readonly idHash: string
  readonly userId: UserId
  /** Sealed in the database. */
  readonly content: string
  /** Of a mailed code. */
  readonly codeMac?: string
  readonly tries: number
  readonly expiresAt: Instant
}

export interface SecondStepReads {
  readonly secondSteps: {
    find(userId: UserId): Promise<SecondStep | undefined>
    findChallenge(idHash: string): Promise<Challenge | undefined>
  }
}

export interface SecondStepWrites extends SecondStepReads {
  readonly secondSteps: SecondStepReads['secondSteps'] & {
    put(step: SecondStep & { readonly secret: string }): Promise<void>
    /** @returns whether there was one */
    delete(userId: UserId): Promise<boolean>
    /** @returns true for the first who shows a code of this step */
    useStep(userId: UserId, step: number): Promise<boolean>
    /** @returns true for the first who shows this code */
    useRecovery(userId: UserId, mac: string): Promise<boolean>
    /** In place of one with this id. */
    putChallenge(challenge: Challenge): Promise<void>
    /** @returns false when it is over, or was tried as often as may be */
    countTry(idHash: string, now: Instant, tries: number): Promise<boolean>
    /** @returns true for the first who asks */
    takeChallenge(idHash: string): Promise<boolean>
    purgeChallenges(now: Instant, limit: number): Promise<number>
  }
}
