import type { Instant, Version } from '../../domain/brand'
import type { Filter } from '../../domain/directory/filter'
import type { Group } from '../../domain/directory/group'
import type { User, UserAttributes } from '../../domain/directory/user'
import type { ClientId, GroupId, MemberListId, UserId } from '../../domain/ids'
import type { MemberReads, MemberWrites } from './members'

/** Whose externalIds are shown and set; absent: nobody's. */
export type AsClient = ClientId | undefined

export type ListQuery = {
  readonly filter?: Filter
  /** Absent: by creation. Every order ends in the id, so pages never overlap. */
  readonly sort?: { readonly attribute: string; readonly descending: boolean }
  /** Counts from 1. */
  readonly startIndex: number
  readonly count: number
  /** Only what stands behind this row: a page costs the same wherever it lies. */
  readonly after?: PageKey
}

/** A row's place in an order: what it is ordered by, null where it has no value, and its id. */
export type PageKey = { readonly key: string | number | null; readonly id: string }

export type Page<T> = {
  /** How many there are in all; 0 behind a key, where they are not counted again. */
  readonly total: number
  readonly items: readonly T[]
  /** Of the last item, when more follow. */
  readonly next?: PageKey
}

/** A group that a user belongs to, `direct` or by a group inside it. */
export type GroupRef = { readonly id: GroupId; readonly name: string; readonly direct: boolean }

/** A user as an answer shows him: with the groups he belongs to. */
export type UserView = { readonly user: User; readonly groups: readonly GroupRef[] }

export interface UserReads {
  find(id: UserId, as: AsClient): Promise<User | undefined>
  view(id: UserId, as: AsClient): Promise<UserView | undefined>
  findByLoginName(loginName: string): Promise<User | undefined>
  /** Built-in users are in no list. */
  list(query: ListQuery, as: AsClient): Promise<Page<User>>
  listViews(query: ListQuery, as: AsClient): Promise<Page<UserView>>
  /** One query for a whole page. */
  groupsOf(ids: readonly UserId[]): Promise<ReadonlyMap<UserId, readonly GroupRef[]>>
  count(): Promise<number>
}

/** A person whose row is ours; whether any group has him says whether it is worth to ask for his groups. */
export type Locked = { readonly user: User; readonly isInGroups: boolean }

export interface UserWrites extends UserReads {
  /**
   * The same client with the same externalId gets the person back whom it deleted: his id, and versions that go on.
   *
   * @returns the person as he is now
   * @throws DomainError loginNameTaken, externalIdTaken
   */
  insert(user: User, as: AsClient): Promise<User>
  /** Locks the row. @throws DomainError userNotFound, versionMismatch */
  getForUpdate(id: UserId, as: AsClient, ifVersions?: readonly Version[]): Promise<User>
  /**
   * New people as a set. Nobody comes back here: whose externalId a deleted person has is refused like one that is taken.
   *
   * @throws DomainError loginNameTaken, externalIdTaken of one of them; then the transaction must not be committed
   */
  insertNew(people: readonly { readonly user: User; readonly as: AsClient }[]): Promise<void>
  /** Locks the rows of those who are there. */
  lock(ids: readonly UserId[], as: AsClient): Promise<readonly Locked[]>
  /** Raises the version. @param from as `getForUpdate` gave him @returns the person as he is now @throws DomainError loginNameTaken, externalIdTaken */
  update(from: User, to: UserAttributes, as: AsClient): Promise<User>
  /** Takes the row, its memberships, hashes and sessions away, frees userName and externalId, and leaves a tombstone (30 days). */
  delete(user: User): Promise<void>
  /** At most `limit` tombstones whose time is over; their links and work go with them. */
  purgeTombstones(now: Instant, limit: number): Promise<number>
}

export interface GroupReads extends MemberReads {
  find(id: GroupId, as: AsClient): Promise<Group | undefined>
  list(query: ListQuery, as: AsClient): Promise<Page<Group>>
}

export interface GroupWrites extends GroupReads, MemberWrites {
  /** @param members a list that was filled for it; else it has none yet. @throws DomainError groupNameTaken, externalIdTaken */
  insert(group: Group, as: AsClient, members?: MemberListId): Promise<void>
  /** Locks the row, before any member is touched. @throws DomainError groupNotFound, versionMismatch */
  getForUpdate(id: GroupId, as: AsClient, ifVersions?: readonly Version[]): Promise<Group>
  /**
   * Raises the version; also where only members came and went.
   *
   * @param from as `getForUpdate` gave it
   * @throws DomainError groupNameTaken, externalIdTaken
   */
  update(from: Group, change: { readonly name?: string; readonly externalId?: string | null }, as: AsClient): Promise<Version>
  delete(group: Group): Promise<void>
}

export interface DirectoryReads {
  readonly users: UserReads
  readonly groups: GroupReads
}

export interface DirectoryWrites {
  readonly users: UserWrites
  readonly groups: GroupWrites
}
