import type { Instant } from '../../domain/brand'
import type { User } from '../../domain/directory/user'
import type { GroupId, UserId } from '../../domain/ids'
import type { AccountName, Fence, ScramVerifier, TargetName } from '../../domain/mirror/account'

/** Our memory of one person at one target: the name made for him, and what the target was last seen to hold. */
export type Link = {
  readonly objectId: UserId
  /** Absent: he has no account there (yet, or any more). */
  readonly accountName?: AccountName
  /** What a worker is about to do, written before it does: a crash leaves this trace. */
  readonly intent?: 'put' | 'delete'
  /** The hash of what the target last held; absent until the first success. */
  readonly appliedHash?: string
  /** The display name was given once; from then on it belongs to the chat side (C11). */
  readonly named: boolean
  /** Addresses that were his before and still reach him, ascending (mail). */
  readonly aliases: readonly string[]
  readonly address?: string
}

/** One person's due work at a target, with all that a plan needs to know. */
export type ClaimedWork = {
  readonly objectId: UserId
  /** Counts what was asked; the claim settles exactly this much. */
  readonly wanted: number
  readonly attempts: number
  readonly link: Link | undefined
  /** Absent: deleted, only the tombstone lives. */
  readonly user: User | undefined
  readonly secret: { readonly argon2: string; readonly scram?: ScramVerifier } | undefined
}

export type WorkResult =
  | { readonly kind: 'done'; readonly link: Link; readonly changed: boolean }
  | { readonly kind: 'retry'; readonly reason: string; readonly delayMs: number }
  /** Shown to an administrator; tried again at the next change or by hand. */
  | { readonly kind: 'deadLetter'; readonly reason: string }

export type DeadLetter = {
  readonly target: TargetName
  readonly objectId: UserId
  readonly loginName?: string
  readonly reason: string
  readonly since: Instant
}

export type TargetStatus = {
  readonly target: TargetName
  readonly accounts: number
  /** Due or waiting for their next try. */
  readonly waiting: number
  readonly deadLetters: number
  readonly lastDoneAt?: Instant
  readonly lastError?: string
}

export interface MirrorReads {
  readonly mirror: {
    status(target: TargetName): Promise<TargetStatus>
    deadLetters(limit: number): Promise<readonly DeadLetter[]>
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
    /** Which of the names another object's link holds. */
    namesTaken(target: TargetName, names: readonly AccountName[]): Promise<ReadonlyMap<AccountName, UserId>>
    /** Writes the intents before anything is done outside. */
    saveIntents(target: TargetName, links: readonly Link[]): Promise<void>
    /** Closes work of this fence only; what was asked meanwhile stays due. @returns how many were still ours. */
    settle(
      target: TargetName,
      fence: Fence,
      results: ReadonlyMap<UserId, { readonly wanted: number; readonly result: WorkResult }>,
    ): Promise<number>
    /** Makes work due now: some people's, or all dead letters and waiting ones. @returns how many. */
    wake(target: TargetName, ids: readonly UserId[] | 'all'): Promise<number>
    nextFence(target: TargetName): Promise<Fence>
  }
}
