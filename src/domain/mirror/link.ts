import type { UserId } from '../ids'
import type { AccountName } from './account'

/** Our memory of one person at one target: the name made for him, and what the target was last seen to hold. */
export type Link = {
  readonly objectId: UserId
  /** Absent: he has no account there (yet, or any more). */
  readonly accountName?: AccountName
  /** What a worker is about to do, written before it does: a crash leaves this trace. */
  readonly intent?: 'put' | 'delete'
  /** The hash of what the target last held; absent until the first success, and when it is in doubt. */
  readonly appliedHash?: string
  /** The display name was given once; from then on it belongs to the chat side (C11). */
  readonly named: boolean
  /** His mail address as last asked for. */
  readonly address?: string
  /** Addresses that were his before and still reach him, ascending. */
  readonly aliases: readonly string[]
}
