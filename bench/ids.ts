import SqliteDatabase from 'better-sqlite3'
import { statSync } from 'node:fs'
import { createConnection, type RowDataPacket } from 'mysql2/promise'
import { newUuid } from '../src/ports/clock'
import { openDatabases, type DatabaseKind } from './databases'
import { median } from './turns'

/** What ids cost as text of 36 characters and as 16 bytes that are text again wherever they are seen. */
export type IdFigure = {
  readonly database: DatabaseKind
  readonly id: 'text' | 'BINARY(16)'
  readonly insertMs: number
  readonly getMs: number
  readonly listMs: number
  readonly megabytes: number
}

type IdKind = {
  readonly name: IdFigure['id']
  readonly column: string
  /** To what is bound, and back from what a row holds. */
  readonly bind: (id: string) => string | Buffer
  readonly read: (value: string | Buffer) => string
}

const kinds: readonly IdKind[] = [
  { name: 'text', column: 'VARCHAR(36)', bind: (id) => id, read: (value) => value as string },
  {
    name: 'BINARY(16)',
    column: 'BINARY(16)',
    bind: (id) => Buffer.from(id.replaceAll('-', ''), 'hex'),
    read: (value) => (value as Buffer).toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'),
  },
]

type Value = string | Buffer | number
type Sql = {
  run(text: string, values?: readonly Value[]): Promise<void>
  all(text: string, values?: readonly Value[]): Promise<readonly { readonly id: string | Buffer }[]>
  bytes(): Promise<number>
  close(): Promise<void>
}

const chunk = 500

const turns = 3

/**
 * A group's members with the index by member, as Kagami has them; each kind of id in turn, medians of three turns.
 *
 * @returns undefined when the database is not installed here
 */
export async function measureIds(kind: DatabaseKind, rows: number): Promise<readonly IdFigure[] | undefined> {
  const databases = await openDatabases(kind)
  if (!databases) return undefined
  try {
    const measured = kinds.map((id) => ({ id, turns: [] as Measured[] }))
    for (let turn = 0; turn < turns; turn++) {
      for (const { id, turns } of measured) {
        const database = await databases.create()
        const sql = database.kind === 'sqlite' ? onSqlite(database.file) : await onMysql(database)
        turns.push(await measureKind(sql, id, rows))
        await sql.close()
      }
    }
    return measured.map(({ id, turns }) => {
      const middle = (of: keyof Measured) => median(turns.map((turn) => turn[of]))
      const [insertMs, getMs, listMs, megabytes] = [middle('insertMs'), middle('getMs'), middle('listMs'), middle('megabytes')]
      return { database: kind, id: id.name, insertMs, getMs, listMs, megabytes }
    })
  } finally {
    await databases.close()
  }
}

type Measured = Omit<IdFigure, 'database' | 'id'>

async function measureKind(sql: Sql, { column, bind, read }: IdKind, rows: number): Promise<Measured> {
  const group = newUuid(Date.now())
  const members = Array.from({ length: rows }, (_, i) => newUuid(Date.now() + i))
  await sql.run(`CREATE TABLE person (id ${column} PRIMARY KEY, name VARCHAR(64) NOT NULL)`)
  await sql.run(`CREATE TABLE member (group_id ${column}, member_id ${column}, PRIMARY KEY (group_id, member_id))`)
  await sql.run('CREATE INDEX ix_member ON member (member_id, group_id)')
  await inOneCommit(sql, members, async (some) =>
    sql.run(
      `INSERT INTO person VALUES ${some.map(() => '(?, ?)').join()}`,
      some.flatMap((id) => [bind(id), `name of ${id}`]),
    ),
  )
  const insertMs = await timed(() =>
    inOneCommit(sql, members, async (some) =>
      sql.run(
        `INSERT INTO member VALUES ${some.map(() => '(?, ?)').join()}`,
        some.flatMap((id) => [bind(group), bind(id)]),
      ),
    ),
  )
  const getMs = await timed(async () => {
    for (const id of members) {
      const [found] = await sql.all('SELECT id, name FROM person WHERE id = ?', [bind(id)])
      if (!found || read(found.id) !== id) throw new Error(`${id} was not found`)
    }
  })
  const listMs = await timed(async () => {
    const found = await sql.all('SELECT member_id AS id FROM member WHERE group_id = ? ORDER BY member_id', [bind(group)])
    if (found.map(({ id }) => read(id)).length !== rows) throw new Error('members are missing')
  })
  return { insertMs, getMs, listMs, megabytes: (await sql.bytes()) / 2 ** 20 }
}

async function inOneCommit(sql: Sql, ids: readonly string[], work: (some: readonly string[]) => Promise<void>): Promise<void> {
  await sql.run('BEGIN')
  for (let i = 0; i < ids.length; i += chunk) await work(ids.slice(i, i + chunk))
  await sql.run('COMMIT')
}

async function timed(work: () => Promise<void>): Promise<number> {
  const started = performance.now()
  await work()
  return performance.now() - started
}

function onSqlite(file: string): Sql {
  const database = new SqliteDatabase(file)
  database.pragma('journal_mode = WAL')
  database.pragma('synchronous = FULL')
  const prepared = new Map<string, SqliteDatabase.Statement>()
  const statement = (text: string) => {
    const known = prepared.get(text) ?? database.prepare(text)
    prepared.set(text, known)
    return known
  }
  return {
    run: async (text, values = []) => void statement(text).run(...values),
    all: async (text, values = []) => statement(text).all(...values) as { readonly id: string | Buffer }[],
    bytes: async () => {
      database.pragma('wal_checkpoint(TRUNCATE)')
      return statSync(file).size
    },
    close: async () => void database.close(),
  }
}

async function onMysql(at: {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly password: string
  readonly database: string
}): Promise<Sql> {
  const { host, port, user, password, database } = at
  const connection = await createConnection({ host, port, user, password, database })
  const all = async (text: string, values: readonly Value[] = []) =>
    (await connection.query<RowDataPacket[]>(text, [...values]))[0]
  return {
    run: async (text, values = []) => void (await connection.query(text, [...values])),
    all: async (text, values) => (await all(text, values)) as unknown as { readonly id: string | Buffer }[],
    bytes: async () => {
      await all('ANALYZE TABLE person, member')
      const found = await all(
        'SELECT SUM(data_length + index_length) AS n FROM information_schema.tables WHERE table_schema = DATABASE()',
      )
      return Number(found[0]?.['n'])
    },
    close: () => connection.end(),
  }
}
