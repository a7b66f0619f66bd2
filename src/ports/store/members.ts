import type { Member, MembersChanged } from '../../domain/directory/group'
import type { GroupId, MemberListId, UserId } from '../../domain/ids'

/** Where the reading of a group's members goes on: in the list that it began with, though the group may have another by now. */
export type MembersPosition = { readonly list: MemberListId; readonly after: string }

export type MemberSlice = { readonly members: readonly Member[]; readonly next?: MembersPosition }

/** What becomes of a member that is nobody here; `refuse` when nothing is said. */
export type UnknownMembers = 'refuse' | 'ignore'

export type Difference = { readonly add: readonly string[]; readonly remove: readonly string[] }

export interface MemberReads {
  /**
   * Direct members in ascending id, the first `limit` from this position; a slice costs the same wherever it lies.
   *
   * @throws DomainError storeBusy when the list was exchanged so long ago that it is gone
   */
  members(id: GroupId, from: MembersPosition | undefined, limit: number): Promise<MemberSlice>
  /** The list that a group's members stand in now. */
  findList(id: GroupId): Promise<MemberListId | undefined>
  /** The same ids alone, of any list. */
  idsOf(list: MemberListId, after: string, limit: number): Promise<readonly string[]>
  isMember(id: GroupId, user: UserId): Promise<boolean>
  /** Direct members. */
  countMembers(id: GroupId): Promise<number>
}

/** Of groups whose row is locked. */
export interface MemberWrites extends MemberReads {
  /**
   * Only what is named is touched. Whoever prepares a large change of the group learns of it.
   *
   * @returns who really came and went
   * @throws DomainError noSuchMember, nestingCycle
   */
  changeMembers(id: GroupId, difference: Difference, unknown?: UnknownMembers): Promise<MembersChanged>
  /** Into a built-in group, which is made when it is not there yet. */
  join(id: GroupId, user: UserId): Promise<void>
  readonly lists: MemberLists
}

/** Which of those that were touched are members now, and which are not. */
export type Touched = { readonly members: readonly string[]; readonly others: readonly string[] }

/**
 * Lists that are no group's. A large change prepares one beside the present one, in many short transactions, and puts it in its place in
 * one. Each has its time: a list whose program died is purged after an hour.
 */
export interface MemberLists {
  /** A new, empty one. */
  open(list: MemberListId): Promise<void>
  /** @returns who of these is in it now, and which of them are groups. @throws DomainError noSuchMember */
  fill(
    list: MemberListId,
    ids: readonly string[],
    unknown: UnknownMembers,
  ): Promise<{ readonly ids: readonly string[]; readonly nested: readonly string[] }>
  /** From now on `notes` holds the id of everybody who comes to or leaves the group. @returns the list of its members */
  watch(id: GroupId, notes: MemberListId): Promise<MemberListId>
  /**
   * Ends the notes.
   *
   * @returns undefined when `list` is no longer the group's, or the notes are gone: what was prepared is worth nothing
   */
  takeNotes(id: GroupId, list: MemberListId, notes: MemberListId): Promise<Touched | undefined>
  /**
   * The prepared list, corrected by this difference, takes the place of the group's.
   *
   * @param nested groups that came with it
   * @throws DomainError noSuchMember, nestingCycle; storeBusy when it has waited for too long
   */
  exchange(
    id: GroupId,
    list: MemberListId,
    correction: Difference,
    nested: readonly string[],
    unknown: UnknownMembers,
  ): Promise<void>
  /** Nobody needs these any more. */
  discard(lists: readonly MemberListId[]): Promise<void>
  /** At most `limit` rows of a list whose time is over. @returns how many rows went, 0 when there is no such list. */
  purge(limit: number): Promise<number>
}
