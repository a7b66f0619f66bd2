import type { Actor } from '../../domain/access/actor'
import { groupChanges } from '../../domain/audit/change'
import type { Version } from '../../domain/brand'
import { checkKeyLength } from '../../domain/directory/check-user'
import {
  checkGroupName,
  foldMemberChanges,
  type Group,
  type GroupChange,
  type MembersChanged,
} from '../../domain/directory/group'
import { DomainError } from '../../domain/errors'
import type { GroupId } from '../../domain/ids'
import type { Clock } from '../../ports/clock'
import type { Store, Tx } from '../../ports/store'
import { asClient, requireScope, unknownMembers } from './authority'
import { changeManyMembers, changeMembersAtOnce, type LargeChange } from './change-many-members'

/**
 * Renames a group, adds or removes members: only what is named is touched, none of the others is loaded. Steps on the members count by
 * what they come to; a large change happens at one stroke and holds nobody up.
 *
 * @param ifVersions refuses the change unless the group is at one of them (If-Match; RFC 7644 §3.14)
 * @returns the version as it is now; raised only when something really changed
 * @throws DomainError notAllowed, groupNotFound, versionMismatch, invalidAttribute, groupNameTaken, externalIdTaken, noSuchMember,
 * nestingCycle, dynamicGroupMembers (D22)
 */
export async function changeGroup(
  deps: { readonly store: Store; readonly clock: Clock },
  actor: Actor,
  id: GroupId,
  change: GroupChange,
  ifVersions?: readonly Version[],
): Promise<Version> {
  requireScope(actor, 'groups:write')
  if (change.name !== undefined) checkGroupName(change.name)
  if (change.externalId !== null) checkKeyLength('externalId', change.externalId)
  const large: LargeChange = { id, wanted: foldMemberChanges(change.members), unknown: unknownMembers(actor) }
  const lock = (tx: Tx) => lockGroup(tx, actor, id, change, ifVersions)
  const save = async (tx: Tx, members: () => Promise<MembersChanged | undefined>) => {
    const group = await lock(tx)
    const changed = await members()
    return changed && saveGroup(tx, actor, group, change, changed)
  }
  const saved = await deps.store.transact((tx) => save(tx, () => changeMembersAtOnce(tx, large)))
  return saved ?? changeManyMembers(deps, large, lock, save)
}

async function lockGroup(
  tx: Tx,
  actor: Actor,
  id: GroupId,
  change: GroupChange,
  ifVersions: readonly Version[] | undefined,
): Promise<Group> {
  const group = await tx.groups.getForUpdate(id, asClient(actor), ifVersions)
  if (group.builtIn) throw new DomainError('groupNotFound', `There is no group ${id}.`)
  if (group.kind === 'dynamic' && change.members.length > 0) {
    throw new DomainError(
      'dynamicGroupMembers',
      'The members of a dynamic group follow from its condition. Change the condition.',
    )
  }
  return group
}

/** The version, raised where something really changed, and the trace of it. */
async function saveGroup(tx: Tx, actor: Actor, group: Group, change: GroupChange, members: MembersChanged): Promise<Version> {
  const names = changedNames(group, change, actor)
  const named = Object.keys(names).length > 0
  const moved = members.added.count + members.removed.count > 0
  if (!named && !moved) return group.version
  const version = await tx.groups.update(group, names, asClient(actor))
  await tx.record({
    actor,
    action: moved && !named ? 'update group user' : 'update group',
    operation: change.replaces ? 'replace' : 'patch',
    object: { kind: 'group', id: group.id, label: change.name ?? group.name },
    detail: { changes: groupChanges(group, names, members) },
    ...(change.dialect && { dialect: change.dialect }),
  })
  return version
}

/** Name and externalId, as far as they really change. */
function changedNames(group: Group, { name, externalId }: GroupChange, actor: Actor): Pick<GroupChange, 'name' | 'externalId'> {
  const relinked = externalId !== undefined && (externalId ?? undefined) !== group.externalId && actor.kind === 'client'
  return { ...(name !== undefined && name !== group.name ? { name } : {}), ...(relinked ? { externalId } : {}) }
}
