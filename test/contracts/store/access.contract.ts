import { guessLimits } from '../../../src/domain/access/guessing'
import type { UserId } from '../../../src/domain/ids'
import type { Tx } from '../../../src/ports/store'
import { aUser, start } from '../../kit/builders'
import { addUser, type OpenStore, type StoreUnderTest } from './under-test'

const [minute, hour] = [60_000, 3_600_000]

/** Sessions and wrong guesses. */
export function accessContract(open: OpenStore): void {
  let at: StoreUnderTest
  beforeAll(async () => void (at = await open()))
  afterAll(() => at.close())

  describe('sessions', () => {
    const sessionOf = (userId: UserId, idHash: string) =>
      ({ idHash, userId, method: 'password', createdAt: start, lastSeenAt: start }) as const

    it('tell from where and by which browser they began, who was seen last first', async () => {
      const { id } = await addUser(at.store, aUser({ loginName: 'list' }))
      const agent = 'x'.repeat(300)
      await at.store.transact(async (tx) => {
        await tx.sessions.insert({ ...sessionOf(id, 'l1'), address: '2001:db8::1', agent })
        await tx.sessions.insert({ ...sessionOf(id, 'l2'), lastSeenAt: start + minute })
        await tx.sessions.insert({ ...sessionOf(id, 'l3'), lastSeenAt: start - hour })
      })
      expect(await at.store.read.sessions.listOf(id, start - minute)).toMatchObject([
        { ...sessionOf(id, 'l2'), lastSeenAt: start + minute },
        { ...sessionOf(id, 'l1'), address: '2001:db8::1', agent: agent.slice(0, 255) },
      ])
      expect(await at.store.read.sessions.find('l1')).toMatchObject({ address: '2001:db8::1' })
      expect([await remove('l1'), await remove('l1')]).toEqual([true, false])
    })
    const remove = (idHash: string) => at.store.transact((tx) => tx.sessions.delete(idHash))

    it.each<[first: 'sign-in' | 'change', second: 'sign-in' | 'change']>([
      ['sign-in', 'change'],
      ['change', 'sign-in'],
    ])('leave none to who had the old password where a %s and a %s meet', async (first, second) => {
      const { id } = await addUser(at.store, aUser({ loginName: `password-${first}` }))
      await at.store.transact((tx) => tx.passwords.set(id, { argon2: 'old', changedAt: start, temporary: false }))
      const idHash = `password-${first}`
      const work = {
        'sign-in': async (tx: Tx) => void (await tx.sessions.insert(sessionOf(id, idHash), start)),
        change: async (tx: Tx) => {
          await tx.passwords.set(id, { argon2: 'new', changedAt: start + 1, temporary: false })
          await tx.sessions.deleteOf(id)
        },
      }
      let meeting: Promise<unknown> | undefined
      await at.store.transact(async (tx) => {
        await work[first](tx)
        meeting ??= at.store.transact(work[second])
        await new Promise((resolve) => setTimeout(resolve, 200))
      })
      await meeting
      expect(await at.store.read.sessions.find(idHash)).toBeUndefined()
      expect(await at.store.transact((tx) => tx.sessions.insert(sessionOf(id, idHash), start + 1))).toBe(true)
    })
  })

  describe('wrong guesses', () => {
    const limit = guessLimits.account
    const add = (key: string, now = start) => at.store.transact((tx) => tx.guesses.add(key, limit, now))
    const waits = async (key: string) => (await at.store.read.guesses.list([key]))[0]?.waitUntil

    it('cost nothing four times, then a second, and twice as long each time, up to a quarter of an hour', async () => {
      let now = start
      const waited: number[] = []
      for (let i = 0; i < 17; i++) {
        expect(await add('grows', now)).toBeUndefined()
        const wait = Math.max(0, (await waits('grows'))! - now)
        waited.push(wait / 1000)
        now += wait
      }
      expect(waited).toEqual([0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900])
      const [counted] = await at.store.read.guesses.list(['grows'])
      expect(counted!.emptyAt).toBe(now - 900_000 + 15 * hour)
    })

    it('are not counted while a wait goes on, and are forgotten one by one', async () => {
      for (let i = 0; i < 5; i++) await add('waits')
      expect(await add('waits', start + 999)).toBe(start + 1000)
      expect(await at.store.read.guesses.list(['waits'])).toEqual([{ emptyAt: start + 5 * hour, waitUntil: start + 1000 }])
      expect(await add('waits', start + 2 * hour)).toBeUndefined()
      expect(await waits('waits')).toBeLessThanOrEqual(start + 2 * hour)
    })

    it('of one moment are counted one after the other', async () => {
      const answers = await Promise.all(Array.from({ length: 20 }, () => add('at once')))
      expect(answers.filter((until) => until === undefined)).toHaveLength(5)
      expect(answers.filter((until) => until === start + 1000)).toHaveLength(15)
    })

    it('are taken back, forgotten and purged', async () => {
      for (let i = 0; i < 5; i++) await add('back')
      await at.store.transact((tx) => tx.guesses.takeBack('back', limit))
      expect(await at.store.read.guesses.list(['back', 'none'])).toEqual([{ emptyAt: start + 4 * hour, waitUntil: 0 }])
      await at.store.transact((tx) => tx.guesses.delete('back'))
      expect(await at.store.read.guesses.list(['back'])).toEqual([])
      await add('old')
      expect(await at.store.transact((tx) => tx.guesses.purge(start + hour, 10))).toBe(0)
      expect(await at.store.transact((tx) => tx.guesses.purge(start + 100 * hour, 1))).toBe(1)
      expect(await at.store.transact((tx) => tx.guesses.purge(start + 100 * hour, 100))).toBe(3)
    })
  })
}
