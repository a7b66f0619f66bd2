import type { Instant } from '../../domain/brand'
import type { GroupId, UserId } from '../../domain/ids'
import type { AccountName, Fence, TargetName } from '../../domain/mirror/account'
import type { Link } from '../../domain/mirror/link'
import type { AccountFacts, NameHolder } from '../../domain/mirror/plan-account'

/** One person's due work at a target, with all that a plan needs to know. */
export type ClaimedWork = AccountFacts & { readonly attempts: number }

export type WorkResult =
  /** `nextAt`: then there is more to do. */
  | { readonly kind: 'done'; readonly link: Link; readonly nextAt?: Instant }
  | { readonly kind: 'retry'; readonly reason: string; readonly delayMs: number }
  /** Nothing to try before. */
  | { readonly kind: 'wait'; readonly reason: string; readonly until: Instant }
  /** Shown to an administrator; tried again at the next change or by hand. */
  | { readonly kind: 'deadLetter'; readonly reason: string; readonly nextAt?: Instant }

export type DeadLetter = {
  readonly target: TargetName
  readonly objectId: UserId
  readonly loginName?: string
  readonly reason: string
  readonly since: Instant
}

/** A deleted person whose accounts are kept for a while, suspended. */
export type Leaver = {
  readonly objectId: UserId
  /** As he left. */
  readonly loginName: string
  readonly accountName: AccountName
  readonly deletedAt: Instant
  readonly keptUntil: Instant
}

export type TargetStatus = {
  readonly target: TargetName
  readonly accounts: number
  /** Due or waiting for their next try; leavers whose time has not come are not. */
  readonly waiting: number
  readonly deadLetters: number
  readonly lastDoneAt?: Instant
  readonly lastError?: string
}

export interface MirrorReads {
  readonly mirror: {
    status(target: TargetName): Promise<TargetStatus>
    deadLetters(limit: number): Promise<readonly DeadLetter[]>
    countLeavers(): Promise<number>
    /** Who goes next, first. `nameOrId`: only those of that id, login name or account name. */
    leavers(limit: number, nameOrId?: string): Promise<readonly Leaver[]>
    hasDueWork(target: TargetName): Promise<boolean>
    /** Links with an account, in ascending bytes of the account name. */
    listLinks(
      target: TargetName,
      after: AccountName | undefined,
      limit: number,
    ): Promise<readonly { readonly objectId: UserId; readonly accountName: AccountName; readonly appliedHash?: string }[]>
    /** Chat account names of a group's people, nested groups resolved, ascending; only who has an account. */
    groupAccounts(target: TargetName, group: GroupId): Promise<readonly AccountName[]>
    /** Every group that chat shows, ascending by id. */
    listGroups(after: GroupId | undefined, limit: number): Promise<readonly { readonly id: GroupId; readonly name: string }[]>
  }
}

export interface MirrorWrites extends MirrorReads {
  readonly mirror: MirrorReads['mirror'] & {
    /** Due work of one target, at most `limit` objects, leased to this claim alone until `leaseMs` from the database's now. */
    claim(
      target: TargetName,
      limit: number,
      leaseMs: number,
    ): Promise<{ readonly fence: Fence; readonly work: readonly ClaimedWork[] }>
    /** Who holds these names. */
    nameHolders(target: TargetName, names: readonly AccountName[]): Promise<ReadonlyMap<AccountName, NameHolder>>
    /** Writes the intents before anything is done outside. */
    saveIntents(target: TargetName, links: readonly Link[]): Promise<void>
    /** Closes work of this fence only; what was asked meanwhile stays due. @returns how many were still ours. */
    settle(target: TargetName, fence: Fence, results: ReadonlyMap<UserId, WorkResult>): Promise<number>
    /** Makes everything that waits for another try, and every dead letter, due now. @returns how many. */
    retryAll(target: TargetName): Promise<number>
    /** The target answers again: what waits for another try is due now. @returns how many. */
    retryWaiting(target: TargetName): Promise<number>
    /** Claims of workers that are gone end now. Only for who knows that nobody else works on this database. */
    endClaims(): Promise<void>
    /** These login names can have their account now: who waits for it, or was a dead letter, is due. */
    nameFreed(target: TargetName, loginNames: readonly string[]): Promise<void>
    /** A person who was just deleted keeps his accounts, suspended, for so many days of the database's time. */
    keepAccounts(id: UserId, days: number): Promise<void>
    /** His accounts are kept no longer. @returns false when they were not kept any more. */
    releaseAccounts(id: UserId): Promise<boolean>
    /** The target was seen to differ: forgets what was applied and makes these people due. */
    doubt(target: TargetName, ids: readonly UserId[]): Promise<void>
    nextFence(target: TargetName): Promise<Fence>
    /** The target does not answer, for this reason; or does again. It is told since when. */
    setOutage(target: TargetName, reason: string | undefined): Promise<void>
  }
}
