import type { Version } from '../../../src/domain/brand'
import type { ClientId, UserId } from '../../../src/domain/ids'
import { parseFilter } from '../../../src/wire/scim/parse-filter'
import { aGroup, aUser, start } from '../../kit/builders'
import {
  addGroup,
  addMembers,
  addUser,
  addUsers,
  changeUser,
  deleteUser,
  memberIds,
  type OpenStore,
  type StoreUnderTest,
} from './under-test'

const [entra, okta] = ['018f0000-0000-7000-8000-00000000000a', '018f0000-0000-7000-8000-00000000000b'] as ClientId[] as [
  ClientId,
  ClientId,
]

/** Users, groups and members. */
export function directoryContract(open: OpenStore): void {
  let at: StoreUnderTest
  beforeAll(async () => void (at = await open()))
  afterAll(() => at.close())

  describe('users', () => {
    it('are read as they were written', async () => {
      const user = aUser({
        loginName: 'Everything',
        status: 'suspended',
        displayName: '山田 太郎 🍣',
        familyName: '山田',
        givenName: '太郎',
        externalId: 'e-1',
        profile: {
          emails: [{ value: 'A@x', type: 'work', primary: true }],
          managerId: 'm',
          photos: [{ value: 'p' }],
        },
      })
      await addUser(at.store, user, entra)
      expect(await at.store.read.users.find(user.id, entra)).toEqual(user)
      expect((await at.store.read.users.findByLoginName('ＥＶＥＲＹＴＨＩＮＧ'))?.id).toBe(user.id)
    })

    it('are found by a value of the greatest length that is taken', async () => {
      await addUser(at.store, aUser({ loginName: 'picture', profile: { photos: [{ value: `picture${'p'.repeat(65_529)}` }] } }))
      const found = await at.store.read.users.list(
        { filter: parseFilter('User', 'photos sw "picture"'), startIndex: 1, count: 1 },
        undefined,
      )
      expect(found.items[0]?.loginName).toBe('picture')
    })

    it('are changed as a whole: what is left out is gone', async () => {
      const user = await addUser(
        at.store,
        aUser({ loginName: 'whole', familyName: '山田', profile: { emails: [{ value: 'a@x' }] } }),
        entra,
      )
      const { familyName: _gone, ...rest } = user
      const changed = {
        ...rest,
        loginName: aUser({ loginName: 'Whole2' }).loginName,
        displayName: 'W',
        profile: { nickName: 'w' },
      }
      const after = await at.store.transact((tx) => tx.users.update(user, changed, entra))
      expect(after).toEqual({ ...changed, version: 2 })
      expect(await at.store.read.users.find(user.id, entra)).toEqual(after)
      expect(await at.query(`SELECT * FROM directory_user_email WHERE user_id = '${user.id}'`)).toEqual([])
    })

    it('have one login name each, whatever its case and width', async () => {
      const { id } = await addUser(at.store, aUser({ loginName: 'Unique' }))
      await expect(addUser(at.store, aUser({ loginName: 'ｕｎｉｑｕｅ' }))).rejects.toMatchObject({ code: 'loginNameTaken' })
      await addUser(at.store, aUser({ loginName: 'other' }))
      const other = (await at.store.read.users.findByLoginName('other'))!
      await expect(changeUser(at.store, other.id, { loginName: aUser({ loginName: 'UNIQUE' }).loginName })).rejects.toMatchObject(
        { code: 'loginNameTaken' },
      )
      await changeUser(at.store, id, { loginName: aUser({ loginName: 'UNIQUE' }).loginName })
    })

    it.each([
      ['か', 'が'],
      ['ハハ', 'パパ'],
      ['🍣', '🍺'],
      ['resume', 'résumé'],
    ])('with the login names %s and %s are two', async (one, two) => {
      await addUsers(at.store, [aUser({ loginName: one }), aUser({ loginName: two })])
      expect((await at.store.read.users.findByLoginName(one))?.id).not.toBe((await at.store.read.users.findByLoginName(two))?.id)
    })

    it('have an externalId for each client, which names one of them', async () => {
      const user = await addUser(at.store, aUser({ loginName: 'ext', externalId: 'ext-1' }), entra)
      await changeUser(at.store, user.id, { externalId: 'okta-1' }, okta)
      expect((await at.store.read.users.find(user.id, entra))?.externalId).toBe('ext-1')
      expect((await at.store.read.users.find(user.id, okta))?.externalId).toBe('okta-1')
      expect(await at.store.read.users.find(user.id, undefined)).not.toHaveProperty('externalId')
      await expect(addUser(at.store, aUser({ loginName: 'ext2', externalId: 'ext-1' }), entra)).rejects.toMatchObject({
        code: 'externalIdTaken',
      })
      expect(await at.store.read.users.findByLoginName('ext2')).toBeUndefined()
      await addUser(at.store, aUser({ loginName: 'ext3', externalId: 'EXT-1' }), entra)
    })

    it('are changed only at a version that was named (If-Match)', async () => {
      const { id } = await addUser(at.store, aUser({ loginName: 'guarded' }))
      expect(await changeUser(at.store, id)).toBe(2)
      const take = (...versions: readonly number[]) =>
        at.store.transact((tx) => tx.users.getForUpdate(id, undefined, versions as readonly Version[]))
      await expect(take(1)).rejects.toMatchObject({
        code: 'versionMismatch',
        detail: expect.stringContaining('version 2') as string,
      })
      await expect(take()).rejects.toMatchObject({ code: 'versionMismatch' })
      expect((await take(1, 2)).version).toBe(2)
    })

    it('that are not there cannot be changed', async () => {
      await expect(at.store.transact((tx) => tx.users.getForUpdate(aUser().id, undefined))).rejects.toMatchObject({
        code: 'userNotFound',
      })
    })

    it('leave nothing behind when they are deleted but their tombstone', async () => {
      const user = await addUser(
        at.store,
        aUser({ loginName: 'leaver', externalId: 'gone-1', profile: { emails: [{ value: 'l@x' }] } }),
        entra,
      )
      const group = await addGroup(at.store, aGroup({ name: 'left' }), [user.id])
      await at.store.transact(async (tx) => {
        await tx.passwords.set(user.id, { argon2: 'x', changedAt: 0, temporary: false })
        await tx.sessions.insert({ idHash: 'leaver', userId: user.id, method: 'saml', createdAt: 0, lastSeenAt: 0 })
      })
      await deleteUser(at.store, user.id)
      for (const [table, column] of [
        ['directory_user', 'id'],
        ['directory_user_email', 'user_id'],
        ['directory_member', 'member_id'],
        ['access_password', 'user_id'],
        ['access_session', 'user_id'],
      ]) {
        expect([table, await at.query(`SELECT 1 FROM ${table!} WHERE ${column!} = '${user.id}'`)]).toEqual([table, []])
      }
      expect(await memberIds(at.store, group.id)).toEqual([])
      await addUser(at.store, aUser({ loginName: 'LEAVER', externalId: 'gone-1' }), okta)
    })

    it('are found again by the client that deleted them, with the version they left, until they live again', async () => {
      const user = await addUser(at.store, aUser({ loginName: 'returner', externalId: 'r-1' }), entra)
      await changeUser(at.store, user.id, { displayName: 'R' })
      await deleteUser(at.store, user.id)
      const others = [
        await addUser(at.store, aUser({ loginName: 'heir1', externalId: 'r-1' }), okta),
        await addUser(at.store, aUser({ loginName: 'heir2', externalId: 'r-1' })),
        await addUser(at.store, aUser({ loginName: 'heir3', externalId: 'R-1' }), entra),
      ]
      for (const other of others) expect(other.id).not.toBe(user.id)
      const back = aUser({ loginName: 'returner', externalId: 'r-1' })
      const outcomes = await Promise.allSettled([1, 2, 3].map(() => addUser(at.store, back, entra)))
      expect(outcomes.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))).toEqual([
        { ...back, id: user.id, version: 3 },
      ])
      for (const one of outcomes) if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'externalIdTaken' })
      expect(await at.query(`SELECT 1 FROM directory_tombstone WHERE object_id = '${user.id}'`)).toEqual([])
    })

    it('are not forgotten while they come back', async () => {
      const user = await addUser(at.store, aUser({ loginName: 'late', externalId: 'late-1' }), entra)
      await deleteUser(at.store, user.id)
      await at.query(`UPDATE directory_tombstone SET expires_at = 1 WHERE object_id = '${user.id}'`)
      const back = at.store.transact(async (tx) => {
        const { id } = await tx.users.insert(aUser({ loginName: 'late', externalId: 'late-1' }), entra)
        await new Promise((resolve) => setTimeout(resolve, 300))
        return id
      })
      await new Promise((resolve) => setTimeout(resolve, 100))
      await at.store.transact((tx) => tx.users.purgeTombstones(start, 10))
      expect(await back).toBe(user.id)
      expect((await at.store.read.users.find(user.id, entra))?.externalId).toBe('late-1')
    })

    it('with large pictures come as a set, in as many statements as the database takes', async () => {
      const photos = [{ value: `data:image/jpeg;base64,${'A'.repeat(400_000)}` }]
      const people = Array.from({ length: 40 }, (_, i) => ({
        user: aUser({ loginName: `pictured${i}`, profile: { photos } }),
        as: undefined,
      }))
      await at.store.transact((tx) => tx.users.insertNew(people))
      const found = await at.store.read.users.find(people[39]!.user.id, undefined)
      expect(found?.profile.photos).toEqual(photos)
    })

    it('leave their externalIds to others who are given them', async () => {
      const [gone, heir] = [
        aUser({ loginName: 'heir4', externalId: 'inherited' }),
        aUser({ loginName: 'heir5', externalId: 'own' }),
      ]
      for (const user of [gone, heir]) await addUser(at.store, user, entra)
      await deleteUser(at.store, gone.id)
      await changeUser(at.store, heir.id, { externalId: 'inherited' }, entra)
      expect(await at.store.read.users.find(heir.id, entra)).toMatchObject({ externalId: 'inherited' })
      expect((await addUser(at.store, aUser({ loginName: 'heir6', externalId: 'own' }), entra)).id).not.toBe(gone.id)
    })

    it('are not hidden by a deleted group of the same externalId', async () => {
      const user = await addUser(at.store, aUser({ loginName: 'same-id', externalId: 'same' }), entra)
      const group = await addGroup(at.store, aGroup({ name: 'same-id', externalId: 'same' }), [], entra)
      await deleteUser(at.store, user.id)
      await at.store.transact((tx) => tx.groups.delete(group))
      expect((await addUser(at.store, aUser({ loginName: 'heir7', externalId: 'same' }), entra)).id).toBe(user.id)
    })
  })

  describe('groups', () => {
    it('are read as they were written, and renamed', async () => {
      const group = await addGroup(at.store, aGroup({ name: '営業部', externalId: 'g-1' }), [], entra)
      expect(await at.store.read.groups.find(group.id, entra)).toEqual(group)
      expect(await at.store.transact((tx) => tx.groups.update(group, { name: '総務部', externalId: null }, entra))).toBe(2)
      const { externalId: _gone, ...rest } = group
      expect(await at.store.read.groups.find(group.id, entra)).toEqual({ ...rest, name: '総務部', version: 2 })
    })

    it('have one name each, whatever its case and width, and one externalId a client', async () => {
      await addGroup(at.store, aGroup({ name: 'Sales', externalId: 's-1' }), [], entra)
      await expect(addGroup(at.store, aGroup({ name: 'ｓａｌｅｓ' }))).rejects.toMatchObject({ code: 'groupNameTaken' })
      await expect(addGroup(at.store, aGroup({ name: 'Sales2', externalId: 's-1' }), [], entra)).rejects.toMatchObject({
        code: 'externalIdTaken',
      })
    })

    it('are changed only at a version that was named (If-Match)', async () => {
      const { id } = await addGroup(at.store, aGroup({ name: 'guarded' }))
      const take = (version: number) => at.store.transact((tx) => tx.groups.getForUpdate(id, undefined, [version as Version]))
      await expect(take(2)).rejects.toMatchObject({ code: 'versionMismatch' })
      expect((await take(1)).id).toBe(id)
      await expect(at.store.transact((tx) => tx.groups.getForUpdate(aGroup().id, undefined))).rejects.toMatchObject({
        code: 'groupNotFound',
      })
    })

    it('take and give members as sets, and tell who really came and went', async () => {
      const users = await addUsers(
        at.store,
        Array.from({ length: 5 }, (_, i) => aUser({ loginName: `set${i}` })),
      )
      const [a, b, c, d] = users.map((user) => user.id) as [UserId, UserId, UserId, UserId]
      const { id } = await addGroup(at.store, aGroup({ name: 'sets' }), [a, b])
      const change = (add: readonly string[], remove: readonly string[] = []) =>
        at.store.transact((tx) => tx.groups.changeMembers(id, { add, remove }))
      const none = { count: 0, ids: [] }
      expect(await change([b, c])).toEqual({ added: { count: 1, ids: [c] }, removed: none })
      expect(await change([d], [a, 'nobody', aUser().id])).toEqual({
        added: { count: 1, ids: [d] },
        removed: { count: 1, ids: [a] },
      })
      expect(await change([d], [a])).toEqual({ added: none, removed: none })
      expect(await memberIds(at.store, id)).toEqual([b, c, d].sort())
      expect(await at.store.read.groups.countMembers(id)).toBe(3)
      expect(await at.store.read.groups.isMember(id, d)).toBe(true)
      expect(await at.store.read.groups.isMember(id, a)).toBe(false)
    })

    it('of more than a thousand are read in slices, and a hundred of those who go are named', async () => {
      const users = Array.from({ length: 1_201 }, (_, i) => aUser({ loginName: `many${i}` }))
      await at.store.transact(async (tx) => {
        for (const user of users) await tx.users.insert(user, undefined)
      })
      const ids = users.map((user) => user.id).sort()
      const { id } = await addGroup(at.store, aGroup({ name: 'many' }), ids)
      expect(await memberIds(at.store, id)).toEqual(ids)
      const { removed } = await at.store.transact((tx) => tx.groups.changeMembers(id, { add: [], remove: ids }))
      expect([removed.count, removed.ids.length]).toEqual([1_201, 100])
    })

    it('refuse a member that does not exist, and add none of the others', async () => {
      const [user] = await addUsers(at.store, [aUser({ loginName: 'alone' })])
      const { id } = await addGroup(at.store, aGroup({ name: 'strict' }))
      for (const unknown of [aUser().id, 'nobody']) {
        await expect(addMembers(at.store, id, [user!.id, unknown])).rejects.toMatchObject({
          code: 'noSuchMember',
          detail: expect.stringContaining(unknown) as string,
        })
      }
      expect(await memberIds(at.store, id)).toEqual([])
    })

    it('pass over a member that does not exist where they are told to', async () => {
      const [user] = await addUsers(at.store, [aUser({ loginName: 'not-alone' })])
      const { id } = await addGroup(at.store, aGroup({ name: 'forgiving' }))
      const add = [user!.id, aUser().id, 'nobody']
      await at.store.transact((tx) => tx.groups.changeMembers(id, { add, remove: [] }, 'ignore'))
      expect(await memberIds(at.store, id)).toEqual([user!.id])
    })

    it('may hold groups, never themselves, directly or by one inside', async () => {
      const inner = await addGroup(at.store, aGroup({ name: 'inner' }))
      const middle = await addGroup(at.store, aGroup({ name: 'middle' }), [inner.id])
      const outer = await addGroup(at.store, aGroup({ name: 'outer' }), [middle.id])
      for (const [group, member] of [
        [inner, outer],
        [inner, middle],
        [inner, inner],
      ] as const) {
        await expect(addMembers(at.store, group.id, [member.id])).rejects.toMatchObject({ code: 'nestingCycle' })
      }
      await addMembers(at.store, outer.id, [inner.id])
    })

    it('are known of a user, those around his own as well', async () => {
      const [user] = await addUsers(at.store, [aUser({ loginName: 'nested' })])
      const own = await addGroup(at.store, aGroup({ name: 'own' }), [user!.id])
      const around = await addGroup(at.store, aGroup({ name: 'around' }), [own.id])
      const groups = (await at.store.read.users.groupsOf([user!.id])).get(user!.id)!
      expect([...groups].sort((x, y) => Number(y.direct) - Number(x.direct))).toEqual([
        { id: own.id, name: 'own', direct: true },
        { id: around.id, name: 'around', direct: false },
      ])
    })

    it('leave their people and the groups around when they are deleted', async () => {
      const [user] = await addUsers(at.store, [aUser({ loginName: 'stays' })])
      const group = await addGroup(at.store, aGroup({ name: 'goes' }), [user!.id])
      const around = await addGroup(at.store, aGroup({ name: 'stays' }), [group.id])
      await at.store.transact((tx) => tx.groups.delete(group))
      expect(await at.store.read.groups.find(group.id, undefined)).toBeUndefined()
      expect(await memberIds(at.store, around.id)).toEqual([])
      expect(await at.store.read.users.find(user!.id, undefined)).toBeDefined()
    })
  })
}
