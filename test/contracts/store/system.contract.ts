import type { Version } from '../../../src/domain/brand'
import type { JobId } from '../../../src/domain/ids'
import type { AccountName } from '../../../src/domain/mirror/account'
import { newUuid } from '../../../src/ports/clock'
import type { Tx } from '../../../src/ports/store'
import type { Job } from '../../../src/ports/store/system'
import { aLink, aUser, start } from '../../kit/builders'
import { addUser, changeUser, deleteUser, type OpenStore, type StoreUnderTest } from './under-test'

const minute = 60_000
const day = 24 * 60 * minute

/** Access, settings, leases, jobs, and what is purged. */
export function systemContract(open: OpenStore): void {
  let at: StoreUnderTest
  beforeAll(async () => void (at = await open()))
  afterAll(() => at.close())

  describe('access', () => {
    it('keeps one password a user: the last', async () => {
      const { id } = await addUser(at.store, aUser({ loginName: 'password' }))
      const scram = { iterations: 1, salt: 's', storedKey: 'k', serverKey: 'v' }
      const fresh = { neverExpires: false, failures: 0 }
      await at.store.transact((tx) => tx.passwords.set(id, { argon2: 'a', changedAt: 1, temporary: true }))
      expect(await at.store.read.passwords.find(id)).toEqual({ argon2: 'a', changedAt: 1, temporary: true, ...fresh })
      await at.store.transact((tx) => tx.passwords.set(id, { argon2: 'b', scram, changedAt: 2, temporary: false }))
      expect(await at.store.read.passwords.find(id)).toEqual({ argon2: 'b', scram, changedAt: 2, temporary: false, ...fresh })
    })

    it('finds sessions of people in use only, and ends all but one', async () => {
      const { id } = await addUser(at.store, aUser({ loginName: 'session' }))
      const session = { userId: id, method: 'saml', createdAt: start, lastSeenAt: start } as const
      await at.store.transact(async (tx) => {
        for (const idHash of ['s1', 's2', 's3']) await tx.sessions.insert({ ...session, idHash })
        await tx.sessions.touch('s1', start + 5)
      })
      const found = {
        ...session,
        idHash: 's1',
        loginName: 'session',
        administrator: false,
        remembered: false,
        passwordExpired: false,
        lastSeenAt: start + 5,
      }
      expect(await at.store.read.sessions.find('s1')).toEqual(found)
      expect(await at.store.transact((tx) => tx.sessions.deleteOf(id, 's1'))).toBe(2)
      expect(await at.store.read.sessions.find('s2')).toBeUndefined()
      await at.query(`UPDATE directory_user SET status = 'suspended' WHERE id = '${id}'`)
      expect(await at.store.read.sessions.find('s1')).toBeUndefined()
    })

    it.each<[first: 'sign-in' | 'suspension' | 'deletion', second: 'sign-in' | 'suspension' | 'deletion']>([
      ['sign-in', 'suspension'],
      ['suspension', 'sign-in'],
      ['sign-in', 'deletion'],
      ['deletion', 'sign-in'],
    ])('leaves no session to who comes back where a %s and a %s met', async (first, second) => {
      const user = await addUser(at.store, aUser({ loginName: `${first}-${second}` }))
      const idHash = `${first}-${second}`
      const work = {
        'sign-in': (tx: Tx) =>
          tx.sessions.insert({ idHash, userId: user.id, method: 'saml', createdAt: start, lastSeenAt: start }),
        suspension: async (tx: Tx) => {
          const locked = await tx.users.getForUpdate(user.id, undefined)
          await tx.users.update(locked, { ...locked, status: 'suspended' }, undefined)
          await tx.sessions.deleteOf(user.id)
        },
        deletion: async (tx: Tx) => tx.users.delete(await tx.users.getForUpdate(user.id, undefined)),
      }
      let meeting: Promise<unknown> | undefined
      await at.store.transact(async (tx) => {
        await work[first](tx)
        meeting ??= at.store.transact<unknown>(work[second])
        await new Promise((resolve) => setTimeout(resolve, 200))
      })
      await meeting
      if (first === 'deletion' || second === 'deletion') await addUser(at.store, { ...user, version: 2 as Version })
      else await changeUser(at.store, user.id, { status: 'inUse' })
      expect(await at.store.read.sessions.find(idHash)).toBeUndefined()
    })

    it('lets an id be used once by one of many, and forgets it when its time is over', async () => {
      const take = (id: string, kind: 'assertion' | 'authnRequest' = 'assertion') =>
        at.store.transact((tx) => tx.consumed.take(kind, id, start + minute))
      const taken = await Promise.all(Array.from({ length: 20 }, () => take('a-1')))
      expect(taken.filter(Boolean)).toHaveLength(1)
      expect(await take('A-1')).toBe(true)
      expect(await take('a-1', 'authnRequest')).toBe(true)
      await at.store.transact((tx) => tx.consumed.take('authnRequest', 'A-1', start + day))
      expect(await at.store.transact((tx) => tx.consumed.purge(start + minute, 10))).toBe(0)
      expect(await at.store.transact((tx) => tx.consumed.purge(start + minute + 1, 10))).toBe(3)
      expect(await take('A-1', 'authnRequest')).toBe(false)
    })
  })

  it('settings are JSON values, the last one counts', async () => {
    expect(await at.store.read.settings.find('none')).toBeUndefined()
    for (const value of [{ a: ['か', 1, null] }, 'text', 5, false]) {
      await at.store.transact((tx) => tx.settings.set('setting', value))
      expect(await at.store.read.settings.find('setting')).toEqual(value)
    }
  })

  describe('leases', () => {
    const take = (node: string) => at.store.transact((tx) => tx.leases.take('tick', node, minute))

    it('go to one node at a time, until they end', async () => {
      const taken = await Promise.all(Array.from({ length: 10 }, (_, i) => take(`node${i}`)))
      expect(taken.filter(Boolean)).toHaveLength(1)
      expect(await take('late')).toBe(false)
      await at.query(`UPDATE system_lease SET lease_until = 1 WHERE name = 'tick'`)
      expect(await take('late')).toBe(true)
    })

    it('are given back by the node that holds them, by no other', async () => {
      await at.query(`UPDATE system_lease SET lease_until = 1 WHERE name = 'tick'`)
      expect(await take('holder')).toBe(true)
      await at.store.transact((tx) => tx.leases.release('tick', 'other'))
      expect(await take('other')).toBe(false)
      await at.store.transact((tx) => tx.leases.release('tick', 'holder'))
      expect(await take('other')).toBe(true)
    })
  })

  describe('jobs', () => {
    const aJob = (requestedAt = start): Job => ({
      id: newUuid(start) as JobId,
      kind: 'groupSync',
      state: 'waiting',
      requestedBy: 'admin',
      requestedAt,
      total: 0,
      done: 0,
      failed: 0,
    })
    const begin = (job: Job) => at.store.transact((tx) => tx.jobs.start(job))
    const claim = (node: string) => at.store.transact((tx) => tx.jobs.claim('groupSync', node, minute))
    const counts = { total: 3, done: 2, failed: 1 }

    it('of a kind wait or run one at a time, on one node', async () => {
      const jobs = Array.from({ length: 10 }, () => aJob())
      const begun = await Promise.all(jobs.map(begin))
      const active = begun.filter(({ started }) => started)
      expect(active).toHaveLength(1)
      for (const { job } of begun) expect(job.id).toBe(active[0]!.job.id)
      const claimed = await Promise.all(['n1', 'n2', 'n3'].map(claim))
      expect(claimed.filter((job) => job !== undefined)).toMatchObject([{ id: active[0]!.job.id, state: 'running' }])
    })

    it('are taken over when their node is gone, which can then report nothing', async () => {
      await at.query(`UPDATE system_job SET node = 'gone', lease_until = 1`)
      const job = (await claim('heir'))!
      expect(job.state).toBe('running')
      expect(await at.store.transact((tx) => tx.jobs.progress(job.id, 'gone', minute, counts))).toBe(false)
      await at.store.transact((tx) => tx.jobs.finish(job.id, 'gone', { state: 'failed', ...counts }))
      expect(await at.store.transact((tx) => tx.jobs.progress(job.id, 'heir', minute, counts))).toBe(true)
      expect(await at.store.read.jobs.find(job.id)).toMatchObject({ state: 'running', ...counts })
      expect(await at.store.read.jobs.latestFinished('groupSync')).toBeUndefined()
      await at.store.transact((tx) => tx.jobs.finish(job.id, 'heir', { state: 'succeeded', ...counts, message: 'm' }))
      expect(await at.store.read.jobs.latestFinished('groupSync')).toMatchObject({
        id: job.id,
        state: 'succeeded',
        message: 'm',
        finishedAt: expect.any(Number) as number,
      })
    })

    it('may begin again when the one before has ended; the latest is shown', async () => {
      const job = aJob(start + 1)
      expect(await begin(job)).toEqual({ job, started: true })
      expect((await at.store.read.jobs.latest('groupSync'))?.id).toBe(job.id)
      expect((await at.store.read.jobs.latestFinished('groupSync'))?.id).not.toBe(job.id)
      expect(await at.store.read.jobs.latest('reconcile')).toBeUndefined()
    })
  })

  describe('purge', () => {
    it('takes sessions that were not used, at most as many as asked', async () => {
      const { id } = await addUser(at.store, aUser({ loginName: 'purged' }))
      await at.store.transact(async (tx) => {
        for (let i = 0; i < 5; i++)
          await tx.sessions.insert({ idHash: `old${i}`, userId: id, method: 'saml', createdAt: 0, lastSeenAt: 1_000 + i })
      })
      const purge = (before: number, limit: number) => at.store.transact((tx) => tx.sessions.purge(before, limit))
      expect([await purge(1_004, 3), await purge(1_004, 3), await purge(1_004, 3)]).toEqual([3, 1, 0])
      expect(await at.store.read.sessions.find('old4')).toBeDefined()
    })

    it('takes log lines by their age', async () => {
      const other = await open()
      await addUser(other.store, aUser({ loginName: 'a' }))
      other.clock.set(start + day)
      await addUser(other.store, aUser({ loginName: 'b' }))
      const purge = (before: number) => other.store.transact((tx) => tx.logs.purge(before, 10))
      expect(await purge(start)).toBe(0)
      expect(await purge(start + day)).toBe(1)
      expect(await other.store.read.logs.countAudit()).toBe(1)
      await other.close()
    })

    it('takes tombstones after 30 days with their work, but none whose account still stands', async () => {
      const other = await open()
      const [gone, standing] = [
        await addUser(other.store, aUser({ loginName: 'gone' })),
        await addUser(other.store, aUser({ loginName: 'standing' })),
      ]
      await other.store.transact((tx) =>
        tx.mirror.saveIntents('mail', [aLink(standing.id, { accountName: 'standing' as AccountName })]),
      )
      await deleteUser(other.store, gone.id)
      await deleteUser(other.store, standing.id)
      const purge = (now: number) => other.store.transact((tx) => tx.users.purgeTombstones(now, 10))
      expect(await purge(other.clock.now() + 30 * day)).toBe(0)
      expect(await purge(other.clock.now() + 30 * day + 1)).toBe(1)
      const left = await other.query(`SELECT object_id FROM directory_tombstone`)
      expect(left).toEqual([{ object_id: standing.id }])
      expect(await other.query(`SELECT 1 FROM mirror_work WHERE object_id = '${gone.id}'`)).toEqual([])
      expect(await other.query(`SELECT 1 FROM mirror_work WHERE object_id = '${standing.id}'`)).toHaveLength(2)
      await other.close()
    })
  })
}
