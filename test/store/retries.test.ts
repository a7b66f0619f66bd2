import { dataSourceOptions } from '../../src/data-source-options'
import type { Store } from '../../src/ports/store'
import { describeWith } from '../services/describe-with'
import { query, startMariadb, type Mariadb, type MysqlConfig } from '../services/mariadb'
import { hookTimeoutMs } from '../services/service'
import { aUser } from '../kit/builders'
import { openTempStore, testSecrets } from '../kit/temp-store'
import { openStore } from '../../src/store/open-store'
import { systemClock } from '../../src/ports/clock'

/** What the server says when a transaction has to be run again. */
const failure = (errno: number, code = '') => Object.assign(new Error(`errno ${errno}`), { errno, code })

describeWith(['mariadb'], 'transactions on MariaDB', () => {
  let mariadb: Mariadb
  let database: MysqlConfig
  let store: Store
  let close: () => Promise<void>

  beforeAll(async () => {
    mariadb = await startMariadb()
    database = await mariadb.createDatabase()
    await query(database, `ALTER DATABASE ${database.database} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`)
    ;({ store, close } = await openTempStore(database))
  }, hookTimeoutMs)
  afterAll(async () => {
    await close()
    await mariadb.stop()
  }, hookTimeoutMs)

  it.each([
    [1213, 'a deadlock'],
    [1205, 'a wait for a lock'],
    [1020, 'a row that changed since the snapshot'],
    [1047, 'a node that is not ready'],
    [1180, 'a commit that the cluster refused'],
  ])('run again as a whole after error %i, %s, and leave the effect of one', async (errno) => {
    let tries = 0
    await store.transact(async (tx) => {
      await tx.users.insert(aUser({ loginName: `again-${errno}` }), undefined)
      if (++tries < 3) throw failure(errno)
    })
    expect(tries).toBe(3)
    expect(await query(database, `SELECT 1 FROM directory_user WHERE login_key = 'again-${errno}'`)).toHaveLength(1)
  })

  it('give up after eight tries: the caller is told to come back', async () => {
    let tries = 0
    const endless = store.transact(async () => {
      tries++
      throw failure(1213)
    })
    await expect(endless).rejects.toMatchObject({ code: 'storeBusy' })
    expect(tries).toBe(8)
  })

  it('do not run again after any other error', async () => {
    let tries = 0
    const broken = store.transact(async () => {
      tries++
      throw failure(1064)
    })
    await expect(broken).rejects.toThrow('errno 1064')
    expect(tries).toBe(1)
  })

  it('meet in a real deadlock, and both come through', async () => {
    const [a, b] = [aUser({ loginName: 'deadlock-a' }), aUser({ loginName: 'deadlock-b' })]
    for (const user of [a, b]) await store.transact((tx) => tx.users.insert(user, undefined))
    let tries = 0
    const locked = [deferred(), deferred()]
    const both = (mine: number, first: typeof a, second: typeof a) =>
      store.transact(async (tx) => {
        tries++
        await tx.users.getForUpdate(first.id, undefined)
        locked[mine]!.resolve()
        await locked[1 - mine]!.promise
        await tx.users.getForUpdate(second.id, undefined)
      })
    await Promise.all([both(0, a, b), both(1, b, a)])
    expect(tries).toBeGreaterThan(2)
  })

  it.each([
    ['during a statement', 0],
    ['between two statements', 100],
  ])('come through when their connections are cut off %s', async (_when, afterMs) => {
    let tries = 0
    const user = aUser({ loginName: `cut off ${afterMs}` })
    await store.transact(async (tx) => {
      if (++tries === 1) {
        await cutOff(database)
        await new Promise((resolve) => setTimeout(resolve, afterMs))
      }
      await tx.users.insert(user, undefined)
    })
    expect(tries).toBeGreaterThan(1)
    expect(await store.read.users.find(user.id, undefined)).toEqual(user)
  })

  it('tell which of several statements that went out together met a key that is taken', async () => {
    const later = Date.now() + 60_000
    await store.transact(async (tx) => {
      await tx.users.insert(aUser({ loginName: 'first come' }), undefined)
      await tx.consumed.take('assertion', '1', later)
    })
    const both = (loginName: string, id: string) =>
      store.transact(async (tx) => {
        await tx.users.insert(aUser({ loginName }), undefined) // waits for the next statement
        return tx.consumed.take('assertion', id, later)
      })
    await expect(both('first come', '2')).rejects.toMatchObject({ code: 'loginNameTaken' })
    expect(await both('second come', '1')).toBe(false)
    expect(await both('third come', '2')).toBe(true)
    const names = (await query(database, `SELECT login_key FROM directory_user WHERE login_key LIKE '% come'`)) as {
      login_key: string
    }[]
    expect(names.map((row) => row.login_key).sort()).toEqual(['first come', 'second come', 'third come'])
  })

  it(
    'are refused as unavailable while the server is down, and go on when it is back',
    async () => {
      await mariadb.down('kill')
      await expect(store.transact((tx) => tx.settings.set('down', 1))).rejects.toMatchObject({ code: 'storeUnavailable' })
      expect(await store.health()).toMatchObject({ ready: false })
      await mariadb.up()
      await store.transact((tx) => tx.settings.set('up', 1))
      expect(await store.health()).toEqual({ ready: true })
    },
    hookTimeoutMs,
  )

  it('need a database that keeps か and が apart: another is refused with the mend', async () => {
    const wrong = await mariadb.createDatabase()
    await query(wrong, `ALTER DATABASE ${wrong.database} CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci`)
    await expect(openStore(dataSourceOptions(wrong), { clock: systemClock, secrets: testSecrets })).rejects.toMatchObject({
      code: 'storeUnavailable',
      detail: expect.stringMatching(/ALTER DATABASE `test_\d+` CHARACTER SET utf8mb4 COLLATE utf8mb4_bin/) as string,
    })
  })
})

/** Every connection to the database but the one that does it. */
async function cutOff(database: MysqlConfig): Promise<void> {
  const others = `SELECT id FROM information_schema.processlist WHERE db = '${database.database}' AND id <> CONNECTION_ID()`
  for (const { id } of (await query(database, others)) as { id: number }[]) await query(database, `KILL ${id}`)
}

function deferred(): { readonly promise: Promise<void>; resolve(): void } {
  let resolve = () => {}
  const promise = new Promise<void>((done) => (resolve = done))
  return { promise, resolve: () => resolve() }
}
