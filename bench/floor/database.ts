import SqliteDatabase from 'better-sqlite3'
import { createPool, type PoolConnection, type RowDataPacket } from 'mysql2/promise'
import type { DatabaseConfig } from '../../src/config'

export type Param = string | number | null
export type Statement = readonly [text: string, params: readonly Param[]]

/** The driver and as little around it as there can be. */
export type FloorDatabase = {
  all<Row>(text: string, params?: readonly Param[]): Promise<readonly Row[]>
  /** One transaction, on the disk when this settles. */
  write(statements: readonly Statement[]): Promise<void>
  /** The same, with what `then` makes of the row that `first` reads and locks. @returns that row */
  change<Row>(first: Statement, then: (row: Row) => Statement): Promise<Row>
  close(): Promise<void>
}

export const openFloor = (database: DatabaseConfig): FloorDatabase =>
  database.kind === 'sqlite' ? sqliteFloor(database.file, 'WAL') : mysqlFloor(database)

/** @param journal as the product has it in the same kind of file */
export function sqliteFloor(file: string, journal: 'WAL' | 'DELETE'): FloorDatabase {
  const database = new SqliteDatabase(file)
  database.pragma(`journal_mode = ${journal}`)
  database.pragma('synchronous = FULL')
  database.pragma('cache_size = -32000')
  const prepared = new Map<string, SqliteDatabase.Statement>()
  const statement = (text: string) => {
    const known = prepared.get(text) ?? database.prepare(text)
    prepared.set(text, known)
    return known
  }
  const run = ([text, params]: Statement) => void statement(text).run(...params)
  const write = database.transaction((statements: readonly Statement[]) => statements.forEach(run))
  const change = database.transaction(([text, params]: Statement, then: (row: unknown) => Statement) => {
    const row = statement(text).get(...params)
    run(then(row))
    return row
  })
  return {
    all: async <Row>(text: string, params: readonly Param[] = []) => statement(text).all(...params) as Row[],
    write: async (statements) => write.immediate(statements),
    change: async <Row>(first: Statement, then: (row: Row) => Statement) =>
      change.immediate(first, then as (row: unknown) => Statement) as Row,
    close: async () => void database.close(),
  }
}

function mysqlFloor(config: Extract<DatabaseConfig, { readonly kind: 'mysql' }>): FloorDatabase {
  const { host, port, user, password, database } = config
  const pool = createPool({ host, port, user, password, database, charset: 'utf8mb4_bin', connectionLimit: 16 })
  const transaction = async <Result>(work: (connection: PoolConnection) => Promise<Result>): Promise<Result> => {
    const connection = await pool.getConnection()
    try {
      await connection.beginTransaction()
      const result = await work(connection)
      await connection.commit()
      return result
    } finally {
      connection.release()
    }
  }
  return {
    all: async <Row>(text: string, params: readonly Param[] = []) => {
      const [rows] = await pool.query<RowDataPacket[]>(text, [...params])
      return rows as unknown as Row[]
    },
    write: (statements) =>
      transaction(async (connection) => {
        for (const [text, params] of statements) await connection.query(text, [...params])
      }),
    change: <Row>([first, firstParams]: Statement, then: (row: Row) => Statement) =>
      transaction(async (connection) => {
        const [rows] = await connection.query<RowDataPacket[]>(`${first} FOR UPDATE`, [...firstParams])
        const row = rows[0] as Row
        const [text, params] = then(row)
        await connection.query(text, [...params])
        return row
      }),
    close: () => pool.end(),
  }
}
