import type { UserId } from '../../../src/domain/ids'
import type { AccountName, Fence } from '../../../src/domain/mirror/account'
import type { Link } from '../../../src/domain/mirror/link'
import type { WorkResult } from '../../../src/ports/store/mirror'
import { aGroup, aLink, aUser } from '../../kit/builders'
import { addGroup, addMembers, addUser, changeUser, deleteUser, type OpenStore, type StoreUnderTest } from './under-test'

const minute = 60_000

/** Work, claims, fences, links and dead letters of the mirror; each test on an empty store. */
export function mirrorContract(open: OpenStore): void {
  let at: StoreUnderTest
  beforeEach(async () => void (at = await open()))
  afterEach(() => at.close())

  const claim = (limit = 100) => at.store.transact((tx) => tx.mirror.claim('chat', limit, minute))
  const settle = (fence: Fence, id: UserId, result: WorkResult) =>
    at.store.transact((tx) => tx.mirror.settle('chat', fence, new Map([[id, result]])))
  const done = (id: UserId, rest: Partial<Link> = {}): WorkResult => ({ kind: 'done', link: aLink(id, rest) })
  const isDue = () => at.store.read.mirror.hasDueWork('chat')
  const endLeases = () => at.query('UPDATE mirror_work SET lease_until = 1')
  const addTaro = () => addUser(at.store, aUser({ loginName: 'taro' }))

  it('a change is due at once at every target, and claimed with all that a plan needs', async () => {
    expect(await isDue()).toBe(false)
    const user = await addTaro()
    const scram = { iterations: 10_000, salt: 's', storedKey: 'k', serverKey: 'v' }
    await at.store.transact((tx) => tx.passwords.set(user.id, { argon2: '$argon2id$', scram, changedAt: 0, temporary: false }))
    expect(await isDue()).toBe(true)
    expect(await at.store.read.mirror.hasDueWork('mail')).toBe(true)
    expect((await claim()).work).toEqual([
      { objectId: user.id, user, link: undefined, secret: { argon2: '$argon2id$', scram }, attempts: 0 },
    ])
    expect(JSON.stringify(await at.query('SELECT scram FROM access_password'))).not.toContain('storedKey')
  })

  it('a claim is one worker’s alone until it is settled, and never takes more than asked for', async () => {
    for (const loginName of ['a', 'b', 'c']) await addUser(at.store, aUser({ loginName }))
    const [one, other] = await Promise.all([claim(2), claim(2)])
    const claimed = [...one.work, ...other.work].map((work) => work.objectId)
    expect(new Set(claimed).size).toBe(3)
    expect(claimed).toHaveLength(3)
    expect(one.fence).not.toBe(other.fence)
    expect(await isDue()).toBe(false)
    expect((await claim()).work).toEqual([])
  })

  it('done work closes, and its link is remembered', async () => {
    const user = await addTaro()
    const { fence } = await claim()
    const link = aLink(user.id, { accountName: 'taro' as AccountName, appliedHash: 'h', address: 'taro@x', aliases: ['t@x'] })
    expect(await settle(fence, user.id, { kind: 'done', link })).toBe(1)
    expect(await isDue()).toBe(false)
    expect(await at.store.read.mirror.listLinks('chat', undefined, 10)).toEqual([
      { objectId: user.id, accountName: 'taro', appliedHash: 'h' },
    ])
    expect(await at.store.read.mirror.status('chat')).toMatchObject({
      accounts: 1,
      waiting: 0,
      deadLetters: 0,
      lastDoneAt: expect.any(Number) as number,
    })
    await changeUser(at.store, user.id)
    expect((await claim()).work[0]?.link).toEqual(link)
  })

  it('what is asked for meanwhile stays due, whatever became of the try', async () => {
    const results: readonly WorkResult[] = [
      done('' as UserId),
      { kind: 'retry', reason: 'r', delayMs: minute },
      { kind: 'deadLetter', reason: 'd' },
    ]
    for (const [i, result] of results.entries()) {
      const user = await addUser(at.store, aUser({ loginName: `meanwhile${i}` }))
      const { fence } = await claim()
      await changeUser(at.store, user.id)
      expect(await isDue()).toBe(false)
      await settle(fence, user.id, result.kind === 'done' ? done(user.id, { accountName: `m${i}` as AccountName }) : result)
      const again = await claim()
      expect(again.work.map((work) => work.objectId)).toEqual([user.id])
      await settle(again.fence, user.id, done(user.id, { accountName: `m${i}` as AccountName }))
    }
  })

  it('who comes after the end of the lease takes over, and the first can settle nothing any more', async () => {
    const user = await addTaro()
    const first = await claim()
    await endLeases()
    const second = await claim()
    expect(second.work.map((work) => work.objectId)).toEqual([user.id])
    expect(second.fence).toBeGreaterThan(first.fence)
    expect(await settle(first.fence, user.id, done(user.id))).toBe(0)
    expect(await at.store.read.mirror.listLinks('chat', undefined, 10)).toEqual([])
    expect(await settle(second.fence, user.id, done(user.id))).toBe(1)
  })

  it('what failed comes again later, or as soon as the target answers', async () => {
    const user = await addTaro()
    await settle((await claim()).fence, user.id, { kind: 'retry', reason: 'chat is slow', delayMs: minute })
    expect(await isDue()).toBe(false)
    expect(await at.store.read.mirror.status('chat')).toMatchObject({ waiting: 1, lastError: 'chat is slow' })
    expect(await at.store.transact((tx) => tx.mirror.retryWaiting('chat'))).toBe(1)
    const { fence, work } = await claim()
    expect(work[0]?.attempts).toBe(1)
    await settle(fence, user.id, { kind: 'retry', reason: 'x', delayMs: 0 })
    expect((await claim()).work[0]?.attempts).toBe(2)
  })

  it('a dead letter names who and why, and waits for a change or a hand', async () => {
    const user = await addTaro()
    await settle((await claim()).fence, user.id, { kind: 'deadLetter', reason: 'Change the login name.' })
    expect(await isDue()).toBe(false)
    const [letter] = await at.store.read.mirror.deadLetters(10)
    expect(letter).toEqual({
      target: 'chat',
      objectId: user.id,
      loginName: 'taro',
      reason: 'Change the login name.',
      since: expect.any(Number) as number,
    })
    expect(await at.store.transact((tx) => tx.mirror.retryWaiting('chat'))).toBe(0)
    expect(await at.store.transact((tx) => tx.mirror.retryAll('chat'))).toBe(1)
    await settle((await claim()).fence, user.id, { kind: 'deadLetter', reason: 'still' })
    await changeUser(at.store, user.id)
    expect(await at.store.read.mirror.deadLetters(10)).toEqual([])
    expect((await claim()).work).toMatchObject([{ objectId: user.id, attempts: 0 }])
  })

  it('a deleted person is claimed without himself but with his account, which he holds until it went', async () => {
    const user = await addTaro()
    await settle((await claim()).fence, user.id, done(user.id))
    const holders = () => at.store.transact((tx) => tx.mirror.nameHolders('chat', ['taro' as AccountName]))
    expect((await holders()).get('taro' as AccountName)).toEqual({ objectId: user.id, leaving: false })
    await deleteUser(at.store, user.id)
    expect((await holders()).get('taro' as AccountName)).toEqual({ objectId: user.id, leaving: true })
    const { fence, work } = await claim()
    expect(work).toMatchObject([{ objectId: user.id, user: undefined, link: { accountName: 'taro' } }])
    await settle(fence, user.id, { kind: 'done', link: { objectId: user.id, named: false, aliases: [] } })
    expect((await holders()).size).toBe(0)
  })

  describe('a deleted person whose accounts are kept', () => {
    const dayMs = 24 * 60 * minute
    const shut = 'taro' as AccountName
    /** Taro, who had an account at both targets, has left. */
    const taroLeaves = async (days = 10) => {
      const user = await addTaro()
      await at.store.transact(async (tx) => {
        for (const target of ['chat', 'mail'] as const) {
          const { fence } = await tx.mirror.claim(target, 1, minute)
          await tx.mirror.settle(target, fence, new Map([[user.id, done(user.id)]]))
        }
      })
      await at.store.transact(async (tx) => {
        await tx.users.delete(await tx.users.getForUpdate(user.id, undefined))
        await tx.mirror.keepAccounts(user.id, days)
        await tx.record({
          actor: { kind: 'operator', name: 'x' },
          action: 'delete user',
          object: { kind: 'user', id: user.id, label: 'taro' },
          mirror: true,
        })
      })
      return user.id
    }
    const leavers = (nameOrId?: string) => at.store.read.mirror.leavers(10, nameOrId)
    const release = (id: UserId) => at.store.transact((tx) => tx.mirror.releaseAccounts(id))

    it('is claimed with the end of it, in the database’s time, and again when it has come', async () => {
      const id = await taroLeaves()
      const { fence, work } = await claim()
      const nextAt = work[0]!.keptUntil!
      expect(Math.abs(nextAt - Date.now() - 10 * dayMs)).toBeLessThan(minute)
      expect(await settle(fence, id, { ...done(id), nextAt } as WorkResult)).toBe(1)
      expect(await isDue()).toBe(false)
      expect(await at.store.read.mirror.status('chat')).toMatchObject({ waiting: 0, accounts: 1 })
      expect(await at.query("SELECT due_at FROM mirror_work WHERE target = 'chat'")).toEqual([{ due_at: nextAt }])
      await at.query('UPDATE mirror_work SET due_at = 1')
      await at.query('UPDATE directory_tombstone SET accounts_until = 1')
      expect(await at.store.read.mirror.status('chat')).toMatchObject({ waiting: 1 })
      const [again] = (await claim()).work
      expect(again).toMatchObject({ objectId: id, user: undefined })
      expect(again).not.toHaveProperty('keptUntil')
    })

    it('goes at that time also when his suspension was refused', async () => {
      const id = await taroLeaves()
      const { fence, work } = await claim()
      await settle(fence, id, { kind: 'deadLetter', reason: 'no', nextAt: work[0]!.keptUntil! })
      expect(await at.query("SELECT due_at FROM mirror_work WHERE target = 'chat'")).toEqual([{ due_at: work[0]!.keptUntil }])
    })

    it('is due at once by a doubt or at a start, and still kept', async () => {
      const id = await taroLeaves()
      const first = await claim()
      await settle(first.fence, id, { ...done(id), nextAt: first.work[0]!.keptUntil } as WorkResult)
      for (const wake of ['doubt', 'retryAll'] as const) {
        await at.store.transact<unknown>((tx) => (wake === 'doubt' ? tx.mirror.doubt('chat', [id]) : tx.mirror.retryAll('chat')))
        const { fence, work } = await claim()
        expect(work).toMatchObject([{ keptUntil: first.work[0]!.keptUntil }])
        await settle(fence, id, { ...done(id), nextAt: first.work[0]!.keptUntil } as WorkResult)
      }
      expect(await isDue()).toBe(false)
    })

    it('is found by id, login name and account name, and counted, until nothing is kept', async () => {
      const id = await taroLeaves()
      expect(await at.store.read.mirror.countLeavers()).toBe(1)
      const [leaver] = await leavers()
      expect(leaver).toEqual({
        objectId: id,
        loginName: 'taro',
        accountName: shut,
        deletedAt: at.clock.now(),
        keptUntil: expect.any(Number) as number,
      })
      for (const name of [id, id.toUpperCase(), 'taro', 'Taro']) expect(await leavers(name)).toEqual([leaver])
      expect(await leavers('jiro')).toEqual([])
      expect(await release(id)).toBe(true)
      expect(await release(id)).toBe(false)
      expect([await leavers(), await at.store.read.mirror.countLeavers()]).toEqual([[], 0])
    })

    it('holds his name until then', async () => {
      const id = await taroLeaves()
      const holders = () => at.store.transact((tx) => tx.mirror.nameHolders('chat', [shut]))
      const { keptUntil } = (await leavers())[0]!
      expect((await holders()).get(shut)).toEqual({ objectId: id, leaving: true, keptUntil })
      await at.query('UPDATE directory_tombstone SET accounts_until = 1')
      expect((await holders()).get(shut)).toEqual({ objectId: id, leaving: true })
    })

    it.each([
      [10, 30],
      [60, 67],
    ])('for %i days leaves a tombstone for %i', async (days, tombstoneDays) => {
      await taroLeaves(days)
      const [row] = await at.query('SELECT expires_at, deleted_at FROM directory_tombstone')
      expect(Number(row!['expires_at']) - Number(row!['deleted_at'])).toBe(tombstoneDays * dayMs)
    })

    it('lets nobody know who has no account to keep', async () => {
      const user = await addTaro()
      await at.store.transact(async (tx) => {
        await tx.users.delete(await tx.users.getForUpdate(user.id, undefined))
        await tx.mirror.keepAccounts(user.id, 10)
      })
      expect([await leavers(), await at.store.read.mirror.countLeavers()]).toEqual([[], 0])
    })
  })

  it('a name that was freed wakes who waits for it, also while his try is under way, and nobody else', async () => {
    const [taro, jiro] = [await addTaro(), await addUser(at.store, aUser({ loginName: 'jiro' }))]
    const freed = () => at.store.transact((tx) => tx.mirror.nameFreed('chat', ['taro', 'taro@example.jp']))
    const until = Date.now() + 60 * minute
    for (const result of [
      { kind: 'wait', reason: 'w', until },
      { kind: 'deadLetter', reason: 'd' },
    ] as const) {
      const { fence } = await claim()
      await at.store.transact((tx) => tx.mirror.settle('chat', fence, new Map([taro.id, jiro.id].map((id) => [id, result]))))
      expect(await isDue()).toBe(false)
      await freed()
      const again = await claim()
      expect(again.work.map(({ objectId }) => objectId)).toEqual([taro.id])
      await freed()
      await settle(again.fence, taro.id, result)
      expect(await isDue()).toBe(true)
      await at.store.transact((tx) => tx.mirror.retryAll('chat'))
    }
    const { fence } = await claim()
    await settle(fence, taro.id, done(taro.id))
    await freed()
    expect((await claim()).work).toEqual([])
  })

  it('no claim sees a name held that is just being freed', async () => {
    const order: string[] = []
    let claiming: Promise<unknown> | undefined
    await claim()
    await at.store.transact(async (tx) => {
      await tx.mirror.nameFreed('chat', ['taro'])
      claiming ??= claim().then(() => order.push('claimed'))
      await new Promise((resolve) => setTimeout(resolve, 200))
      order.push('freed')
    })
    await claiming
    expect(order).toEqual(['freed', 'claimed'])
  })

  it('claims of who is gone end at once where nobody else can hold them', async () => {
    await addTaro()
    expect((await claim()).work).toHaveLength(1)
    expect(await isDue()).toBe(false)
    await at.store.transact((tx) => tx.mirror.endClaims())
    expect((await claim()).work).toHaveLength(1)
  })

  it('an account name is one person’s; another’s link to it is refused, his own kept', async () => {
    const [taro, jiro] = [await addTaro(), await addUser(at.store, aUser({ loginName: 'jiro' }))]
    await at.store.transact((tx) => tx.mirror.saveIntents('chat', [aLink(taro.id)]))
    await expect(
      at.store.transact((tx) => tx.mirror.saveIntents('chat', [aLink(jiro.id, { appliedHash: 'stolen' })])),
    ).rejects.toMatchObject({ message: expect.stringMatching(/unique|belongs to another/i) as string })
    expect(await at.store.read.mirror.listLinks('chat', undefined, 10)).toEqual([
      { objectId: taro.id, accountName: 'taro', appliedHash: 'earlier' },
    ])
    await at.store.transact((tx) => tx.mirror.saveIntents('mail', [aLink(jiro.id)]))
  })

  it('who is in doubt is due again, and what was applied is forgotten', async () => {
    const user = await addTaro()
    await settle((await claim()).fence, user.id, done(user.id))
    await at.store.transact((tx) => tx.mirror.doubt('chat', [user.id]))
    const [work] = (await claim()).work
    expect(work?.link).toMatchObject({ accountName: 'taro' })
    expect(work?.link).not.toHaveProperty('appliedHash')
  })

  it('accounts are listed by the bytes of their names, page by page', async () => {
    const names = ['a.b', 'a-b', 'ab', 'a_b', 'a0'] as AccountName[]
    const links = names.map((accountName) => aLink(aUser().id, { accountName }))
    await at.store.transact((tx) => tx.mirror.saveIntents('chat', links))
    const first = await at.store.read.mirror.listLinks('chat', undefined, 3)
    const rest = await at.store.read.mirror.listLinks('chat', first[2]!.accountName, 3)
    expect([...first, ...rest].map((link) => link.accountName)).toEqual([...names].sort())
  })

  it('a group’s accounts are those of its people and of the groups inside, each once, only who has one', async () => {
    const users = []
    for (const loginName of ['a', 'b', 'c', 'd']) users.push(await addUser(at.store, aUser({ loginName })))
    const [a, b, c, d] = users.map((user) => user.id)
    const { appliedHash: _none, ...underWay } = aLink(c!, { accountName: 'c' as AccountName })
    const links = [aLink(a!, { accountName: 'a' as AccountName }), aLink(b!, { accountName: 'b' as AccountName }), underWay]
    await at.store.transact((tx) => tx.mirror.saveIntents('chat', links))
    const inner = await addGroup(at.store, aGroup({ name: 'inner' }), [a!, b!, c!, d!])
    const outer = await addGroup(at.store, aGroup({ name: 'outer' }), [inner.id])
    await addMembers(at.store, outer.id, [a!])
    expect(await at.store.read.mirror.groupAccounts('chat', outer.id)).toEqual(['a', 'b'])
    const listed = await at.store.read.mirror.listGroups(undefined, 10)
    expect(listed).toEqual([inner, outer].map(({ id, name }) => ({ id, name })).sort((x, y) => (x.id < y.id ? -1 : 1)))
    expect(await at.store.read.mirror.listGroups(listed[0]!.id, 10)).toEqual(listed.slice(1))
  })
}
