import { statSync } from 'node:fs'
import path from 'node:path'
import { aUser } from '../kit/builders'
import { openTempStore, tempFolder } from '../kit/temp-store'

describe('checkpoints (SQLite)', () => {
  const folder = tempFolder()
  afterAll(() => folder.remove())

  it('bring what was committed into the file while the store is open, long before the log is full', async () => {
    const file = path.join(folder.path, 'kagami.db')
    const { store, close } = await openTempStore({ kind: 'sqlite', file })
    const size = () => statSync(file).size
    const before = size()
    let users = 0
    const add = () => store.transact((tx) => tx.users.insert(aUser({ loginName: `user${++users}` }), undefined))
    for (let i = 0; i < 25; i++) await Promise.all(Array.from({ length: 100 }, add))
    const giveUp = Date.now() + 10_000
    while (size() === before && Date.now() < giveUp) {
      await add()
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    expect(statSync(`${file}-wal`).size).toBeLessThan(16_000 * 4096)
    expect(size()).toBeGreaterThan(before)
    expect(await store.read.users.count()).toBe(users)
    await close()
  })
})
