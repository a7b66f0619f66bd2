import type { Instant } from '../../domain/brand'
import type { Mail, MailFailure, MailId } from '../../domain/system/mail'
import type { MailAddress } from '../../domain/system/mail-address'

/** A mail that waits for being sent; what it says is sealed in the database, for it may open an account. */
export type QueuedMail = Mail & {
  /** Afterwards nobody needs it any more. */
  readonly giveUpAt: Instant
  readonly attempts: number
}

export type MailResult =
  | { readonly kind: 'sent' }
  /** `to`: who is still to get it. */
  | { readonly kind: 'retry'; readonly to: readonly MailAddress[]; readonly delayMs: number }
  | { readonly kind: 'givenUp' }

export interface MailReads {
  readonly mails: {
    hasDue(): Promise<boolean>
    /** Sent or given up: not any more. */
    countWaiting(): Promise<number>
    /** The last ones, newest first. */
    failures(): Promise<readonly MailFailure[]>
  }
}

export interface MailWrites extends MailReads {
  readonly mails: MailReads['mails'] & {
    /** It goes out when this transaction is committed. */
    add(mail: Omit<QueuedMail, 'attempts'>): Promise<void>
    /** Due mail, at most `limit`, leased to this claim alone until `leaseMs` from the database's now. */
    claim(claim: string, limit: number, leaseMs: number): Promise<readonly QueuedMail[]>
    /** Closes or puts back what this claim has. @returns whether it still had it */
    settle(claim: string, id: MailId, result: MailResult): Promise<boolean>
    /** Notes a failure, in place of an earlier one of the same mail; the oldest go. */
    noteFailure(failure: MailFailure): Promise<void>
    /** It has been sent after all: its earlier failure says so. */
    noteSent(id: MailId): Promise<void>
    /** What waits for another try is due now: the server's settings have changed. */
    retryAll(): Promise<void>
  }
}
