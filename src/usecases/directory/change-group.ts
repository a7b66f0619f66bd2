import type { Actor } from '../../domain/access/actor'
import { groupChanges, type MemberEffect } from '../../domain/audit/change'
import { unreachable, type Version } from '../../domain/brand'
import { checkKeyLength } from '../../domain/directory/check-user'
import { checkGroupName, type Group, type GroupChange, type MemberChange } from '../../domain/directory/group'
import { DomainError } from '../../domain/errors'
import type { GroupId } from '../../domain/ids'
import type { Store, Tx } from '../../ports/store'
import type { UnknownMembers } from '../../ports/store/directory'
import { asClient, requireScope, unknownMembers } from './authority'

/**
 * Renames a group, adds or removes members: only what is named is touched, none of the others is loaded.
 *
 * @param ifVersions refuses the change unless the group is at one of them (If-Match; RFC 7644 §3.14)
 * @returns the version as it is now; raised only when something really changed
 * @throws DomainError notAllowed, groupNotFound, versionMismatch, invalidAttribute, groupNameTaken, externalIdTaken, noSuchMember,
 * nestingCycle, dynamicGroupMembers (D22)
 */
export async function changeGroup(
  deps: { readonly store: Store },
  actor: Actor,
  id: GroupId,
  change: GroupChange,
  ifVersions?: readonly Version[],
): Promise<Version> {
  requireScope(actor, 'groups:write')
  if (change.name !== undefined) checkGroupName(change.name)
  if (change.externalId !== null) checkKeyLength('externalId', change.externalId)
  return deps.store.transact(async (tx) => {
    const group = await tx.groups.getForUpdate(id, asClient(actor), ifVersions)
    if (group.builtIn) throw new DomainError('groupNotFound', `There is no group ${id}.`)
    if (group.kind === 'dynamic' && change.members.length > 0) {
      throw new DomainError(
        'dynamicGroupMembers',
        'The members of a dynamic group follow from its condition. Change the condition.',
      )
    }
    const names = changedNames(group, change, actor)
    const named = Object.keys(names).length > 0
    const members: MemberEffect[] = []
    for (const step of change.members)
      members.push({ ...step, changed: await changeMembers(tx, id, step, unknownMembers(actor)) })
    const moved = members.some(({ changed }) => changed > 0)
    if (!named && !moved) return group.version
    const version = await tx.groups.update(group, names, asClient(actor))
    await tx.record({
      actor,
      action: moved && !named ? 'update group user' : 'update group',
      operation: change.replaces ? 'replace' : 'patch',
      object: { kind: 'group', id, label: change.name ?? group.name },
      detail: { changes: groupChanges(group, names, members) },
      ...(change.dialect && { dialect: change.dialect }),
    })
    return version
  })
}

/** Name and externalId, as far as they really change. */
function changedNames(group: Group, { name, externalId }: GroupChange, actor: Actor): Pick<GroupChange, 'name' | 'externalId'> {
  const relinked = externalId !== undefined && (externalId ?? undefined) !== group.externalId && actor.kind === 'client'
  return { ...(name !== undefined && name !== group.name ? { name } : {}), ...(relinked ? { externalId } : {}) }
}

/** @returns how many members came or went */
async function changeMembers(tx: Tx, id: GroupId, step: MemberChange, unknown: UnknownMembers): Promise<number> {
  switch (step.kind) {
    case 'add':
      return tx.groups.addMembers(id, step.ids, unknown)
    case 'remove':
      return tx.groups.removeMembers(id, step.ids)
    case 'replace':
      return tx.groups.replaceMembers(id, step.ids, unknown)
    default:
      return unreachable(step)
  }
}
