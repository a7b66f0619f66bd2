import type { Actor } from '../../domain/access/actor'
import { groupChanges } from '../../domain/audit/change'
import type { Version } from '../../domain/brand'
import type { DialectRule } from '../../domain/directory/dialect'
import { checkGroupName, type Group } from '../../domain/directory/group'
import { checkKeyLength } from '../../domain/directory/check-user'
import type { GroupId } from '../../domain/ids'
import { newUuid, type Clock } from '../../ports/clock'
import type { Store } from '../../ports/store'
import { asClient, requireScope, unknownMembers } from './authority'

/**
 * A new static group with its first members. Chat shows it after the next group sync (C21).
 *
 * @throws DomainError notAllowed, invalidAttribute, groupNameTaken, externalIdTaken, noSuchMember, nestingCycle
 */
export async function createGroup(
  deps: { readonly store: Store; readonly clock: Clock },
  actor: Actor,
  draft: {
    readonly name: string
    readonly externalId?: string
    readonly memberIds: readonly string[]
    readonly dialect?: ReadonlySet<DialectRule>
  },
): Promise<Group> {
  requireScope(actor, 'groups:write')
  checkGroupName(draft.name)
  checkKeyLength('externalId', draft.externalId)
  const now = deps.clock.now()
  const group: Group = {
    id: newUuid(now) as GroupId,
    name: draft.name,
    kind: 'static',
    builtIn: false,
    ...(draft.externalId === undefined ? {} : { externalId: draft.externalId }),
    version: 1 as Version,
    createdAt: now,
    updatedAt: now,
  }
  return deps.store.transact(async (tx) => {
    await tx.groups.insert(group, asClient(actor))
    const changed = await tx.groups.addMembers(group.id, draft.memberIds, unknownMembers(actor))
    await tx.record({
      actor,
      action: 'add group',
      operation: 'create',
      object: { kind: 'group', id: group.id, label: group.name },
      detail: { changes: groupChanges({}, draft, [{ kind: 'add', ids: draft.memberIds, changed }]) },
      ...(draft.dialect && { dialect: draft.dialect }),
    })
    return group
  })
}
