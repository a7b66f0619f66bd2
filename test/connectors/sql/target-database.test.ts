import { renameSync } from 'node:fs'
import path from 'node:path'
import {
  createTables,
  insertRows,
  marks,
  openTargetDatabase,
  type TargetDatabase,
} from '../../../src/connectors/sql/target-database'
import { TargetDown } from '../../../src/ports/targets'
import { tempFolder } from '../../kit/temp-store'
import { describeWith } from '../../services/describe-with'
import { startMariadb, type Mariadb } from '../../services/mariadb'
import { hookTimeoutMs } from '../../services/service'

const open = (config: Parameters<typeof openTargetDatabase>[0]) =>
  openTargetDatabase(config, (tx) => createTables(tx, ['thing (name VARCHAR(20) PRIMARY KEY)']))
const add = (database: TargetDatabase, name: string) => database.transact((tx) => insertRows(tx, 'thing (name)', [[name]]))
const names = (database: TargetDatabase) =>
  database.transact(async (tx) => (await tx.all<{ name: string }>('SELECT name FROM thing ORDER BY name')).map((row) => row.name))

describe('a target database in a file', () => {
  const folder = tempFolder()
  const home = path.join(folder.path, 'home')
  const database = open({ kind: 'sqlite', file: path.join(home, 'target.db') })
  afterAll(async () => {
    await database.close()
    folder.remove()
  })

  it('undoes a transaction that fails, and only that one', async () => {
    const failing = database.transact(async (tx) => {
      await insertRows(tx, 'thing (name)', [['lost']])
      throw new Error('stop')
    })
    const next = add(database, 'kept')
    await expect(failing).rejects.toThrow('stop')
    await next
    expect(await names(database)).toEqual(['kept'])
    expect(await database.transact((tx) => tx.all(`SELECT name FROM thing WHERE name IN (${marks([])})`))).toEqual([])
  })

  it('is down while its folder is away', async () => {
    renameSync(home, `${home}-away`)
    await expect(add(database, 'meanwhile')).rejects.toThrow(TargetDown)
    renameSync(`${home}-away`, home)
    await add(database, 'later')
    expect(await names(database)).toEqual(['kept', 'later'])
  })
})

describeWith(['mariadb'], 'a target database on MariaDB', () => {
  let mariadb: Mariadb
  let database: TargetDatabase
  beforeAll(async () => {
    mariadb = await startMariadb()
    database = open(await mariadb.createDatabase())
  }, hookTimeoutMs)
  afterAll(async () => {
    await database?.close()
    await mariadb?.stop()
  }, hookTimeoutMs)

  it('is down while the server stands still', async () => {
    await add(database, 'before')
    mariadb.freeze()
    await expect(add(database, 'meanwhile')).rejects.toThrow(TargetDown)
    mariadb.thaw()
    await add(database, 'later')
    expect(await names(database)).toEqual(expect.arrayContaining(['before', 'later']))
  })
})
