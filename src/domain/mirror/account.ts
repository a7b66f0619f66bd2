import type { Brand } from '../brand'
import type { UserId, GroupId } from '../ids'

/** The systems that show the same people. */
export const targetNames = ['chat', 'mail'] as const
export type TargetName = (typeof targetNames)[number]

/** A person's name at a target: `[a-z0-9._+-]`, at most 64. Made once, at the first mirror, and never changed. */
export type AccountName = Brand<string, 'AccountName'>

/** A number of one claim, from a counter of its target that only grows. A target refuses what comes with a lower one. */
export type Fence = Brand<number, 'Fence'>

/** SCRAM-SHA-256 (RFC 5802, RFC 7677); all parts base64. Enough for ejabberd, never reversible to the password. */
export type ScramVerifier = {
  readonly iterations: number
  readonly salt: string
  readonly storedKey: string
  readonly serverKey: string
}

/** What a person's chat account shall be. */
export type ChatAccount = {
  readonly objectId: UserId
  readonly name: AccountName
  readonly active: boolean
  /** Only at the first sync: afterwards it belongs to the chat side (C11). */
  readonly displayName?: string
  /** Absent: no local password yet; signs in by token only. */
  readonly verifier?: ScramVerifier
  /** Of everything above but `displayName`; what the target stored is compared by it. */
  readonly hash: string
}

/** What a person's mail account shall be. */
export type MailAccount = {
  readonly objectId: UserId
  readonly name: AccountName
  readonly active: boolean
  /** The address people write to and the name he signs in with; follows the login name. */
  readonly address: string
  /** His earlier addresses, still delivered to him, in ascending order. */
  readonly aliases: readonly string[]
  /** argon2id in PHC form (`$argon2id$…`). Absent: no local password yet. */
  readonly passwordHash?: string
  readonly hash: string
}

/** An account that a target holds. `objectId` and `hash` are our own marks there; without them it is not ours. */
export type ObservedAccount = {
  readonly name: AccountName
  readonly objectId?: UserId
  readonly hash?: string
}

/** A chat group: the people of a directory group, nested ones resolved. */
export type ChatGroup = {
  readonly objectId: GroupId
  readonly label: string
  /** In ascending order, without doubles. */
  readonly members: readonly AccountName[]
}

export type ObservedGroup = ChatGroup
