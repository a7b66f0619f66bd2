import type { Actor } from '../../domain/access/actor'
import { groupChanges } from '../../domain/audit/change'
import type { Version } from '../../domain/brand'
import type { DialectRule } from '../../domain/directory/dialect'
import { checkGroupName, foldMemberChanges, some, type Group, type MembersChanged } from '../../domain/directory/group'
import { checkKeyLength } from '../../domain/directory/check-user'
import type { GroupId } from '../../domain/ids'
import { newUuid, type Clock } from '../../ports/clock'
import type { Store, Tx } from '../../ports/store'
import type { AsClient } from '../../ports/store/directory'
import type { UnknownMembers } from '../../ports/store/members'
import { asClient, requireScope, unknownMembers } from './authority'
import { atOnce } from './change-many-members'
import { discardLists, fillList, openList } from './prepare-members'

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
  const { members } = foldMemberChanges([{ kind: 'add', ids: draft.memberIds }])
  const unknown = unknownMembers(actor)
  const record = (tx: Tx, changed: MembersChanged) =>
    tx.record({
      actor,
      action: 'add group',
      operation: 'create',
      object: { kind: 'group', id: group.id, label: group.name },
      detail: { changes: groupChanges({}, draft, changed) },
      ...(draft.dialect && { dialect: draft.dialect }),
    })
  if (members.size > atOnce) return createLarge(deps, asClient(actor), group, members, unknown, record)
  return deps.store.transact(async (tx) => {
    await tx.groups.insert(group, asClient(actor))
    await record(tx, await tx.groups.changeMembers(group.id, { add: [...members], remove: [] }, unknown))
    return group
  })
}

/** Its members are written before it, in short transactions; it appears with all of them. */
async function createLarge(
  deps: { readonly store: Store; readonly clock: Clock },
  as: AsClient,
  group: Group,
  members: ReadonlySet<string>,
  unknown: UnknownMembers,
  record: (tx: Tx, changed: MembersChanged) => Promise<void>,
): Promise<Group> {
  const list = await openList(deps)
  try {
    const added = new Set<string>()
    await fillList(deps.store, list, [...members], unknown, (ids) => {
      for (const id of ids) added.add(id)
    })
    return await deps.store.transact(async (tx) => {
      await tx.groups.insert(group, as, list)
      await record(tx, { added: some(added), removed: some(new Set()) })
      return group
    })
  } catch (error) {
    await discardLists(deps.store, [list])
    throw error
  }
}
