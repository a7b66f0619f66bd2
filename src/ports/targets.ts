import type {
  AccountName,
  ChatAccount,
  ChatGroup,
  Fence,
  MailAccount,
  ObservedAccount,
  ObservedGroup,
  TargetName,
} from '../domain/mirror/account'
import type { UserId, GroupId } from '../domain/ids'

/**
 * What became of one object at a target.
 * - `done`, `unchanged`: the target holds what was asked for.
 * - `retry`: it may work later (down, slow, throttled, a newer worker was there).
 * - `rejected`: it will not work until someone changes something; `reason` is shown to an administrator with its mend. `heldBy`: the
 *   account of ours that has what this one needs.
 */
export type Outcome =
  | { readonly kind: 'done' | 'unchanged' }
  | { readonly kind: 'retry'; readonly reason: string; readonly afterMs?: number }
  | { readonly kind: 'rejected'; readonly reason: string; readonly heldBy?: AccountName }

export type Health = { readonly ready: true } | { readonly ready: false; readonly detail: string }

/** The target as a whole does not answer: the circuit opens, other targets go on, nothing is lost. */
export class TargetDown extends Error {
  override readonly name = 'TargetDown'
}

/**
 * A chat server or mail system that mirrors our accounts. Everything may be repeated with the same effect: a worker that died
 * half-way is run again. An outcome for every object that was handed in, keyed by its object id.
 *
 * Every implementation keeps `(object id, account name, fence, hash)` beside its rows, written in the same transaction where the
 * target has transactions, and refuses (`retry`) an object whose stored fence is higher than the one that comes.
 */
export interface AccountTarget<Account extends ChatAccount | MailAccount> {
  readonly target: TargetName
  /** The kind of server, for people: `embedded`, `ejabberd`, `dovecot+postfix`. */
  readonly product: string
  health(): Promise<Health>
  /**
   * Makes what is missing and changes what differs: account, first display name, password verifier, active or suspended. Suspending
   * ends the person's running sessions. An account of that name that carries another object's mark, or none, is `rejected`.
   * @throws TargetDown
   */
  putAccounts(accounts: readonly Account[], fence: Fence): Promise<ReadonlyMap<UserId, Outcome>>
  /**
   * Ends sessions and purges everything the target holds under the names (offline messages, roster, private data, group rows,
   * aliases, mailboxes); a name that is free already is `unchanged`. Afterwards a successor of the name finds nothing.
   * An account of that name with another object's mark is left alone (`unchanged`).
   * @throws TargetDown
   */
  deleteAccounts(
    accounts: readonly { readonly objectId: UserId; readonly name: AccountName }[],
    fence: Fence,
  ): Promise<ReadonlyMap<UserId, Outcome>>
  /** In ascending bytes of the account name, the first `limit` after `after`; both sides are walked side by side. */
  listAccounts(after: AccountName | undefined, limit: number): Promise<readonly ObservedAccount[]>
  /** The same for some names only: what is before a change, and the read-back after it. */
  findAccounts(names: readonly AccountName[]): Promise<readonly ObservedAccount[]>
  close(): Promise<void>
}

/** Chat also shows groups; they change only when an administrator presses Sync (C20, C21). */
export interface ChatTarget extends AccountTarget<ChatAccount> {
  putGroup(group: ChatGroup, fence: Fence): Promise<Outcome>
  deleteGroup(id: GroupId, fence: Fence): Promise<Outcome>
  /** Only groups that carry our mark, in ascending object id. */
  listGroups(after: GroupId | undefined, limit: number): Promise<readonly ObservedGroup[]>
}

export type MailTarget = AccountTarget<MailAccount>
