import type { Instant, Version } from '../brand'
import { DomainError } from '../errors'
import type { GroupId, UserId } from '../ids'
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
