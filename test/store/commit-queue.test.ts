import path from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import type { Priority, Store } from '../../src/ports/store'
import { aUser } from '../kit/builders'
import { openTempStore, tempFolder } from '../kit/temp-store'

describe('the queue of writers (SQLite)', () => {
  const folder = tempFolder()
  const file = path.join(folder.path, 'kagami.db')
  let store: Store
  let close: () => Promise<void>
  beforeAll(async () => void ({ store, close } = await openTempStore({ kind: 'sqlite', file })))
  afterAll(async () => {
    await close()
    folder.remove()
  })

  const write = (name: string, priority: Priority = 'interactive') =>
    store.transact((tx) => tx.settings.set(name, true), priority)

  it('refuses more than 2,000 that wait, loses none of them, and goes on afterwards', async () => {
    const outcomes = await Promise.allSettled(Array.from({ length: 2_005 }, (_, i) => write(`q${i}`)))
    const refused = outcomes.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []))
    expect(refused).toHaveLength(5)
    for (const reason of refused)
      expect(reason).toMatchObject({ code: 'storeBusy', detail: expect.stringContaining('Try again') as string })
    expect(await store.read.settings.find('q1999')).toBe(true)
    expect(await store.read.settings.find('q2000')).toBeUndefined()
    await write('afterwards')
  })

  it('lets interactive work go before bulk work', async () => {
    const order: string[] = []
    const noted = (name: string, priority: Priority) => store.transact(async () => void order.push(name), priority)
    await Promise.all([
      noted('bulk 1', 'bulk'),
      noted('bulk 2', 'bulk'),
      noted('page 1', 'interactive'),
      noted('page 2', 'interactive'),
    ])
    expect(order).toEqual(['page 1', 'page 2', 'bulk 1', 'bulk 2'])
  })

  it('lets those who wait share one commit: all are seen at once', async () => {
    const seen: unknown[] = []
    const look = async () => seen.push(await store.read.settings.find('shared 0'))
    await Promise.all([
      ...Array.from({ length: 5 }, (_, i) => write(`shared ${i}`)),
      store.transact(look), // the last of them: the first is done, but not committed
    ])
    expect(seen).toEqual([undefined])
    expect(await store.read.settings.find('shared 0')).toBe(true)
  })

  it('answers nobody before the commit', async () => {
    const other = new BetterSqlite3(file, { readonly: true })
    const find = other.prepare(`SELECT 1 FROM system_setting WHERE name = ?`)
    await Promise.all(
      Array.from({ length: 20 }, async (_, i) => {
        await write(`durable ${i}`)
        expect(find.get(`durable ${i}`)).toBeDefined()
      }),
    )
    other.close()
  })

  it('waits for another process that writes, without holding up the event loop', async () => {
    const other = new BetterSqlite3(file)
    other.exec('BEGIN IMMEDIATE')
    let turns = 0
    const ticking = setInterval(() => turns++, 5)
    const waiting = write('patient')
    await new Promise((resolve) => setTimeout(resolve, 200))
    other.exec('COMMIT')
    await waiting
    clearInterval(ticking)
    other.close()
    expect(turns).toBeGreaterThan(10)
    expect(await store.read.settings.find('patient')).toBe(true)
  })

  it('lets a second process open the file while the first one migrates it', async () => {
    const fresh = path.join(folder.path, 'fresh.db')
    const other = new BetterSqlite3(fresh)
    other.pragma('journal_mode = WAL')
    other.exec('BEGIN IMMEDIATE')
    const opening = openTempStore({ kind: 'sqlite', file: fresh })
    await new Promise((resolve) => setTimeout(resolve, 100))
    other.exec('COMMIT')
    other.close()
    await (await opening).close()
  })

  it('is emptied before the store closes', async () => {
    const other = await openTempStore()
    const writes = Array.from({ length: 50 }, (_, i) =>
      other.store.transact((tx) => tx.users.insert(aUser({ loginName: `last${i}` }), undefined)),
    )
    await other.close()
    await Promise.all(writes)
  })
})
