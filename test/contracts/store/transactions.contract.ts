import type { Actor } from '../../../src/domain/access/actor'
import type { GroupId, UserId } from '../../../src/domain/ids'
import type { Tx } from '../../../src/ports/store'
import { aClient, aGroup, aUser, start } from '../../kit/builders'
import {
  addGroup,
  addMembers,
  addUser,
  changeUser,
  deleteGroup,
  deleteUser,
  memberIds,
  type OpenStore,
  type StoreUnderTest,
} from './under-test'

const operator: Actor = { kind: 'operator', name: 'test' }

/** One change, one transaction: all of it or nothing, with its record. */
export function transactionsContract(open: OpenStore): void {
  let at: StoreUnderTest
  beforeAll(async () => void (at = await open()))
  afterAll(() => at.close())

  const count = async (table: string) => Number((await at.query(`SELECT COUNT(*) AS n FROM ${table}`))[0]!['n'])

  describe('record', () => {
    it('writes one line, which names the client and his habits, and mirror work', async () => {
      const user = await addUser(at.store, aUser({ loginName: 'recorded' }))
      at.clock.set(start + 5_000)
      const actor = { ...aClient('entra'), address: '192.0.2.1', requestId: 'r-1' }
      const object = { kind: 'user', id: user.id, label: 'recorded' } as const
      const dialect = new Set(['stringBoolean', 'capitalisedOp'])
      await at.store.transact((tx) =>
        tx.record({ actor, action: 'update user', object, detail: { changed: ['title'] }, dialect, mirror: true }),
      )
      const where = `WHERE object_id = '${user.id}' AND request_id = 'r-1'`
      expect(await at.query(`SELECT *, CAST(detail AS CHAR) AS detail FROM audit_line ${where}`)).toMatchObject([
        {
          at: start + 5_000,
          action: 'update user',
          object_kind: 'user',
          label: 'recorded',
          detail: '{"changed":["title"]}',
          client_id: actor.clientId,
          dialect: 'stringBoolean capitalisedOp',
          level: 'information',
          module: 'User Administration',
          result: 'SUCCESS',
          actor_kind: 'client',
          actor_name: 'entra',
          address: '192.0.2.1',
        },
      ])
      expect(
        await at.query(`SELECT target, wanted, due_at FROM mirror_work WHERE object_id = '${user.id}' ORDER BY target`),
      ).toMatchObject([
        { target: 'chat', wanted: 2, due_at: 0 },
        { target: 'mail', wanted: 2, due_at: 0 },
      ])
    })

    it('leaves version and time of what only changed beside them', async () => {
      const user = await addUser(at.store, aUser({ loginName: 'kept' }))
      await at.store.transact((tx) =>
        tx.record({
          actor: operator,
          action: 'change password',
          object: { kind: 'user', id: user.id, label: 'kept' },
        }),
      )
      expect(await at.store.read.users.find(user.id, undefined)).toMatchObject({ version: 1, updatedAt: user.updatedAt })
    })

    it('names no client for people', async () => {
      const { id } = await addUser(at.store, aUser({ loginName: 'by hand' }))
      expect(await at.query(`SELECT client_id, dialect FROM audit_line WHERE object_id = '${id}'`)).toEqual([
        { client_id: null, dialect: null },
      ])
    })
  })

  it('leave nothing of what failed: no row, no line, no work, and wake nobody', async () => {
    let woken = 0
    at.store.onMirrorWork(() => woken++)
    const tables = ['directory_user', 'directory_user_email', 'audit_line', 'mirror_work']
    const before = await Promise.all(tables.map(count))
    const failed = at.store.transact(async (tx) => {
      const user = aUser({ loginName: 'half', profile: { emails: [{ value: 'h@x' }] } })
      await tx.users.insert(user, undefined)
      await tx.record({
        actor: operator,
        action: 'add user',
        object: { kind: 'user', id: user.id, label: 'half' },
        mirror: true,
      })
      tx.afterCommit(() => woken++)
      throw new Error('half-way')
    })
    await expect(failed).rejects.toThrow('half-way')
    expect(await Promise.all(tables.map(count))).toEqual(before)
    expect(woken).toBe(0)
    await addUser(at.store, aUser({ loginName: 'whole' }))
    expect(woken).toBe(1)
  })

  it('are seen by nobody before they are committed', async () => {
    const user = aUser({ loginName: 'unseen' })
    await at.store.transact(async (tx) => {
      await tx.users.insert(user, undefined)
      expect(await tx.users.find(user.id, undefined)).toBeDefined()
      expect(await at.store.read.users.find(user.id, undefined)).toBeUndefined()
    })
    expect(await at.store.read.users.find(user.id, undefined)).toBeDefined()
  })

  it('cannot be used after their end', async () => {
    let kept: Tx | undefined
    await at.store.transact(async (tx) => void (kept = tx))
    await expect(kept!.users.count()).rejects.toThrow('has ended')
    await expect(kept!.settings.set('late', 1)).rejects.toThrow('has ended')
  })

  describe('that overlap', () => {
    it('make one user of 50 creations of one login name', async () => {
      const outcomes = await Promise.allSettled(
        Array.from({ length: 50 }, (_, i) => addUser(at.store, aUser({ loginName: i % 2 ? 'CROWD' : 'crowd' }))),
      )
      expect(outcomes.filter((one) => one.status === 'fulfilled')).toHaveLength(1)
      for (const one of outcomes) if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'loginNameTaken' })
      expect(await at.query(`SELECT login_key FROM directory_user WHERE login_key = 'crowd'`)).toHaveLength(1)
    })

    it('lose no member, and count every change', async () => {
      const users = await Promise.all(Array.from({ length: 40 }, (_, i) => addUser(at.store, aUser({ loginName: `member${i}` }))))
      const { id } = await addGroup(at.store, aGroup({ name: 'crowded' }))
      const changes = users.map((user) => addMembers(at.store, id, [user.id]))
      expect((await Promise.all(changes)).sort((a, b) => a - b)).toEqual(users.map((_, i) => i + 2))
      expect(await memberIds(at.store, id)).toEqual(users.map((user) => user.id).sort())
    })

    it('raise a version once each, and each knows which', async () => {
      const { id } = await addUser(at.store, aUser({ loginName: 'counted' }))
      const versions = await Promise.all(Array.from({ length: 40 }, () => changeUser(at.store, id)))
      expect([...versions].sort((a, b) => a - b)).toEqual(versions.map((_, i) => i + 2))
    })

    it.each(['user', 'group'] as const)('let one of those win that change a %s at the same version (If-Match)', async (kind) => {
      const made =
        kind === 'user' ? addUser(at.store, aUser({ loginName: 'raced' })) : addGroup(at.store, aGroup({ name: 'raced' }))
      const { id, version } = await made
      const change = () =>
        at.store.transact(async (tx) => {
          if (kind === 'user') {
            const user = await tx.users.getForUpdate(id as UserId, undefined, [version])
            await tx.users.update(user, user, undefined)
          } else {
            await tx.groups.update(await tx.groups.getForUpdate(id as GroupId, undefined, [version]), {}, undefined)
          }
        })
      const outcomes = await Promise.allSettled(Array.from({ length: 10 }, change))
      expect(outcomes.filter((one) => one.status === 'fulfilled')).toHaveLength(1)
      for (const one of outcomes) if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'versionMismatch' })
    })

    it('come through in any order in which they take their rows', async () => {
      const [a, b] = await Promise.all(['order-a', 'order-b'].map((loginName) => addUser(at.store, aUser({ loginName }))))
      const both = (ids: readonly UserId[]) =>
        at.store.transact(async (tx) => {
          for (const id of ids) {
            const user = await tx.users.getForUpdate(id, undefined)
            await tx.users.update(user, user, undefined)
            await new Promise((resolve) => setTimeout(resolve, 20))
          }
        })
      await Promise.all([both([a!.id, b!.id]), both([b!.id, a!.id]), both([a!.id, b!.id]), both([b!.id, a!.id])])
      for (const one of [a!, b!]) expect((await at.store.read.users.find(one.id, undefined))?.version).toBe(5)
    })

    it.each(['user', 'group'] as const)('leave no %s behind as a member who is deleted at that moment', async (kind) => {
      const others = await Promise.all(
        Array.from({ length: 100 }, (_, i) => addUser(at.store, aUser({ loginName: `${kind}-stays${i}` }))),
      )
      for (let i = 0; i < 20; i++) {
        const name = `${kind}-goes${i}`
        const leaver =
          kind === 'user' ? await addUser(at.store, aUser({ loginName: name })) : await addGroup(at.store, aGroup({ name }))
        const { id } = await addGroup(at.store, aGroup({ name: `${name}-group` }))
        const adding = addMembers(
          at.store,
          id,
          [...others, leaver].map((one) => one.id),
        )
        await new Promise((resolve) => setTimeout(resolve, i % 5))
        const deleting = kind === 'user' ? deleteUser(at.store, leaver.id as UserId) : deleteGroup(at.store, leaver.id as GroupId)
        const [added, deleted] = await Promise.allSettled([adding, deleting])
        expect(deleted.status).toBe('fulfilled')
        if (added.status === 'rejected') expect(added.reason).toMatchObject({ code: 'noSuchMember' })
        expect(await memberIds(at.store, id)).not.toContain(leaver.id)
      }
    })

    it('close no circle of groups together, though each looks harmless', async () => {
      for (let i = 0; i < 10; i++) {
        const [a, b, c, d] = await Promise.all(
          ['a', 'b', 'c', 'd'].map((name) => addGroup(at.store, aGroup({ name: `circle ${i}${name}` }))),
        )
        await addMembers(at.store, a!.id, [b!.id])
        await addMembers(at.store, c!.id, [d!.id])
        const outcomes = await Promise.allSettled([addMembers(at.store, b!.id, [c!.id]), addMembers(at.store, d!.id, [a!.id])])
        const refused = outcomes.flatMap((one) => (one.status === 'rejected' ? [(one.reason as { code: string }).code] : []))
        expect(refused).toEqual(['nestingCycle'])
      }
    })

    it('do not undo each other when one fails', async () => {
      const outcomes = await Promise.allSettled(
        Array.from({ length: 30 }, (_, i) =>
          at.store.transact(async (tx) => {
            await tx.users.insert(aUser({ loginName: `neighbour${i}` }), undefined)
            if (i % 3 === 0) throw new Error('mine alone')
          }),
        ),
      )
      expect(outcomes.filter((one) => one.status === 'rejected')).toHaveLength(10)
      expect(await at.query(`SELECT 1 FROM directory_user WHERE login_key LIKE 'neighbour%'`)).toHaveLength(20)
    })
  })

  it('are refused when the store is closed', async () => {
    const other = await open()
    await other.close()
    await expect(other.store.transact((tx) => tx.settings.set('x', 1))).rejects.toThrow()
    expect(await other.store.health()).toMatchObject({ ready: false })
    expect(await at.store.health()).toEqual({ ready: true })
  })
}
