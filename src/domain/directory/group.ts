import type { Instant, Version } from '../brand'
import { DomainError } from '../errors'
import { parseUuid, type GroupId, type UserId } from '../ids'
import { foldCase } from '../text'
import { checkKeyLength } from './check-user'
import type { DialectRule } from './dialect'

export type GroupKind = 'static' | 'dynamic'

export type Group = {
  readonly id: GroupId
  readonly name: string
  readonly kind: GroupKind
  /** `Administrators` and `Everyone` (D22): neither in SCIM lists nor deletable. */
  readonly builtIn: boolean
  readonly externalId?: string
  readonly version: Version
  readonly createdAt: Instant
  readonly updatedAt: Instant
}

/** A direct member as a list shows it. */
export type Member = { readonly id: UserId | GroupId; readonly kind: 'user' | 'group'; readonly display: string }

/** A step on the members of a group. Ids are UUIDs as sent; whether they exist is decided in the store, as a set. */
export type MemberChange =
  | { readonly kind: 'add'; readonly ids: readonly string[] }
  | { readonly kind: 'remove'; readonly ids: readonly string[] }
  | { readonly kind: 'replace'; readonly ids: readonly string[] }

/** A difference, never the whole group: 1,000 members added to 100,000 are 1,000 ids here. `null` clears. */
export type GroupChange = {
  readonly name?: string
  readonly externalId?: string | null
  /** It says everything: what it leaves out is cleared (PUT, RFC 7644 §3.5.1). */
  readonly replaces?: true
  /** Carried out in this order. */
  readonly members: readonly MemberChange[]
  /** The habits of an identity provider that the change was written in. */
  readonly dialect?: ReadonlySet<DialectRule>
}

/** What steps on the members come to, whoever is one now. Ids stand in their one spelling; what cannot be one of ours, as it was sent. */
export type MembersWanted = {
  readonly members: ReadonlySet<string>
  /** Who is to go; disjoint from `members`. */
  readonly gone: ReadonlySet<string> | 'all others'
}

/** Some of many: how many there are, and up to 100 of them. */
export type Some = { readonly count: number; readonly ids: readonly string[] }

/** Who really came and went. */
export type MembersChanged = { readonly added: Some; readonly removed: Some }

export const some = (ids: ReadonlySet<string>): Some => ({ count: ids.size, ids: firstOf(ids, 100) })

function firstOf(ids: ReadonlySet<string>, limit: number): readonly string[] {
  if (ids.size <= limit) return [...ids]
  const first: string[] = []
  for (const id of ids) if (first.push(id) === limit) break
  return first
}

/** The steps one after the other, as one: Entra ID and authentik send a step a member. What came last decides of each member. */
export function foldMemberChanges(steps: readonly MemberChange[]): MembersWanted {
  const members = new Set<string>()
  let gone: Set<string> | 'all others' = new Set<string>()
  for (const { kind, ids } of steps) {
    if (kind === 'replace') {
      members.clear()
      gone = 'all others'
    }
    for (const sent of ids) {
      const id = parseUuid(sent) ?? sent
      if (kind === 'remove') {
        members.delete(id)
        if (gone !== 'all others') gone.add(id)
      } else {
        members.add(id)
        if (gone !== 'all others') gone.delete(id)
      }
    }
  }
  return { members, gone }
}

/** @param isMember now */
export function isWanted({ members, gone }: MembersWanted, id: string, isMember: boolean): boolean {
  return members.has(id) || (isMember && gone !== 'all others' && !gone.has(id))
}

/** The built-in group whose members are the common administrators (D22, D60). */
export const administratorsId = '00000000-0000-7000-8000-000000000001' as GroupId

/** @throws DomainError invalidAttribute: a name is needed, and two are not to be had (D22). */
export function checkGroupName(name: string): void {
  if (name.trim() === '') throw new DomainError('invalidAttribute', 'displayName is empty. Name the group.')
  if (['loginuser', 'commandline', 'administrators', 'everyone'].includes(foldCase(name))) {
    throw new DomainError('invalidAttribute', `The name ${name} is reserved. Choose another.`)
  }
  checkKeyLength('displayName', name)
}
