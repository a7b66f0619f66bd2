import path from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import type { DatabaseConfig } from '../../../src/config'
import { query, startMariadb, type MysqlConfig } from '../../services/mariadb'
import { tempFolder } from '../../kit/temp-store'

/** A place for databases of one product; gone after `close`. */
export interface Databases {
  empty(): Promise<DatabaseConfig>
  /** One statement past the store: looks behind it, or lets a lease end. */
  query(database: DatabaseConfig, text: string): Promise<readonly Record<string, unknown>[]>
  close(): Promise<void>
}

export async function sqliteDatabases(): Promise<Databases> {
  const folder = tempFolder()
  let made = 0
  return {
    empty: async () => ({ kind: 'sqlite', file: path.join(folder.path, `${++made}.db`) }),
    query: async (database, text) => {
      const connection = new BetterSqlite3((database as Extract<DatabaseConfig, { readonly kind: 'sqlite' }>).file)
      try {
        const statement = connection.prepare(text)
        if (statement.reader) return statement.all() as Record<string, unknown>[]
        statement.run()
        return []
      } finally {
        connection.close()
      }
    },
    close: async () => folder.remove(),
  }
}

export async function mariadbDatabases(): Promise<Databases> {
  const mariadb = await startMariadb()
  return {
    empty: async () => {
      const database = await mariadb.createDatabase()
      await query(database, `ALTER DATABASE ${database.database} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`)
      return database
    },
    query: async (database, text) => {
      const answer = await query(database as MysqlConfig, text)
      return Array.isArray(answer) ? (answer as Record<string, unknown>[]) : []
    },
    close: () => mariadb.stop(),
  }
}
