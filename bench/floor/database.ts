import SqliteDatabase from 'better-sqlite3'
import { createPool, type RowDataPacket } from 'mysql2/promise'
import type { DatabaseConfig } from '../../src/config'

export type Param = string | number | null
export type Statement = readonly [text: string, params: readonly Param[]]

/** The driver and as little around it as there can be. */
export type FloorDatabase = {
  all<Row>(text: string, params?: readonly Param[]): Promise<readonly Row[]>
  /** One transaction, on the disk when this settles. */
  write(statements: readonly Statement[]): Promise<void>
}

export const openFloor = (database: DatabaseConfig): FloorDatabase =>
  database.kind === 'sqlite' ? sqliteFloor(database.file, 'WAL') : mysqlFloor(database)

/** @param journal as the product has it in the same file */
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
  const write = database.transaction((statements: readonly Statement[]) => {
    for (const [text, params] of statements) statement(text).run(...params)
  })
  return {
    all: async <Row>(text: string, params: readonly Param[] = []) => statement(text).all(...params) as Row[],
    write: async (statements) => write.immediate(statements),
  }
}

function mysqlFloor({
  host,
  port,
  user,
  password,
  database,
}: Extract<DatabaseConfig, { readonly kind: 'mysql' }>): FloorDatabase {
  const pool = createPool({
    host,
    port,
    user,
    password,
    database,
    charset: 'utf8mb4_bin',
    connectionLimit: 16,
    jsonStrings: true,
  })
  return {
    all: async <Row>(text: string, params: readonly Param[] = []) => {
      const [rows] = await pool.query<RowDataPacket[]>(text, [...params])
      return rows as unknown as Row[]
    },
    write: async (statements) => {
      const connection = await pool.getConnection()
      try {
        await connection.beginTransaction()
        for (const [text, params] of statements) await connection.query(text, [...params])
        await connection.commit()
      } finally {
        connection.release()
      }
    },
  }
}
