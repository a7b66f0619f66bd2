import type { Instant } from '../../domain/brand'
import type { UserId } from '../../domain/ids'
import type { MailAddress } from '../../domain/system/mail-address'

/** A link to a new password that is under way (S17). */
export type PasswordReset = {
  readonly userId: UserId
  /** SHA-256 of what the link carries, hex. */
  readonly tokenHash: string
  /** Where it was sent. */
  readonly address: MailAddress
  readonly expiresAt: Instant
}

export interface ResetReads {
  readonly resets: {
    find(tokenHash: string): Promise<PasswordReset | undefined>
    /** Who has this address, as any of his (case does not count); two at most, for more make no difference. */
    holders(address: string): Promise<readonly UserId[]>
  }
}

export interface ResetWrites extends ResetReads {
  readonly resets: ResetReads['resets'] & {
    /**
     * In place of an earlier one of the same person.
     *
     * @param perHour so many within an hour
     * @returns false when he has had as many already
     */
    put(reset: PasswordReset, now: Instant, perHour: number): Promise<boolean>
    /** Used up. @returns true for the first who asks */
    take(tokenHash: string): Promise<boolean>
    /** At most `limit` whose hour began before `before`. */
    purge(before: Instant, limit: number): Promise<number>
  }
}
