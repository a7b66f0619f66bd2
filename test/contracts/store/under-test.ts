import type { Actor } from '../../../src/domain/access/actor'
import type { Group } from '../../../src/domain/directory/group'
import type { User } from '../../../src/domain/directory/user'
import type { ClientId, GroupId, UserId } from '../../../src/domain/ids'
import type { Store } from '../../../src/ports/store'
import type { MembersPosition } from '../../../src/ports/store/members'
import { openTempStore, settableClock, type SettableClock } from '../../kit/temp-store'
import type { Databases } from './databases'

/** A migrated, empty store, and a way to look behind it. */
export interface StoreUnderTest {
  readonly store: Store
  readonly clock: SettableClock
  query(text: string): Promise<readonly Record<string, unknown>[]>
  close(): Promise<void>
}

export type OpenStore = () => Promise<StoreUnderTest>

export const openStoreOn =
  (databases: () => Databases): OpenStore =>
  async () => {
    const database = await databases().empty()
    const clock = settableClock()
    return { ...(await openTempStore(database, clock)), clock, query: (text) => databases().query(database, text) }
  }

const operator: Actor = { kind: 'operator', name: 'test' }

/** As use cases do it: the row and its record in one transaction. */
export async function addUser(store: Store, user: User, as?: ClientId): Promise<User> {
  return store.transact(async (tx) => {
    const inserted = await tx.users.insert(user, as)
    await tx.record({
      actor: operator,
      action: 'add user',
      object: { kind: 'user', id: inserted.id, label: user.loginName },
      mirror: true,
    })
    return inserted
  })
}

export const addUsers = (store: Store, users: readonly User[]) => Promise.all(users.map((user) => addUser(store, user)))

export async function addGroup(store: Store, group: Group, members: readonly string[] = [], as?: ClientId): Promise<Group> {
  await store.transact(async (tx) => {
    await tx.groups.insert(group, as)
    await tx.groups.changeMembers(group.id, { add: members, remove: [] })
    await tx.record({
      actor: operator,
      action: 'add group',
      object: { kind: 'group', id: group.id, label: group.name },
    })
  })
  return group
}

export const addMembers = (store: Store, id: GroupId, members: readonly string[]) =>
  store.transact(async (tx) => {
    const group = await tx.groups.getForUpdate(id, undefined)
    await tx.groups.changeMembers(id, { add: members, remove: [] })
    await tx.record({ actor: operator, action: 'update group user', object: { kind: 'group', id, label: '' } })
    return tx.groups.update(group, {}, undefined)
  })

export const changeUser = (store: Store, id: UserId, change: Partial<User> = {}, as?: ClientId) =>
  store.transact(async (tx) => {
    const user = await tx.users.getForUpdate(id, as)
    const { version } = await tx.users.update(user, { ...user, ...change }, as)
    await tx.record({
      actor: operator,
      action: 'update user',
      object: { kind: 'user', id, label: user.loginName },
      mirror: true,
    })
    return version
  })

export const deleteUser = (store: Store, id: UserId) =>
  store.transact(async (tx) => {
    const user = await tx.users.getForUpdate(id, undefined)
    await tx.users.delete(user)
    await tx.record({
      actor: operator,
      action: 'delete user',
      object: { kind: 'user', id, label: user.loginName },
      mirror: true,
    })
  })

export const deleteGroup = (store: Store, id: GroupId) =>
  store.transact(async (tx) => tx.groups.delete(await tx.groups.getForUpdate(id, undefined)))

/** Every member's id, slice by slice. */
export async function memberIds(store: Store, id: GroupId): Promise<readonly string[]> {
  const ids: string[] = []
  let from: MembersPosition | undefined
  do {
    const { members, next } = await store.read.groups.members(id, from, 500)
    for (const member of members) ids.push(member.id)
    from = next
  } while (from)
  return ids
}
