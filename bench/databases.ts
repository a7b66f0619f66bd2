import { existsSync } from 'node:fs'
import path from 'node:path'
import type { DatabaseConfig } from '../src/config'
import { tempFolder } from '../test/kit/temp-store'
import { query, startMariadb } from '../test/services/mariadb'

export const databaseKinds = ['sqlite', 'mariadb'] as const
export type DatabaseKind = (typeof databaseKinds)[number]

/** Where empty databases come from, until it is closed. */
export type Databases = { create(): Promise<DatabaseConfig>; close(): Promise<void> }

/** @returns undefined when its server is not installed here */
export async function openDatabases(kind: DatabaseKind): Promise<Databases | undefined> {
  if (kind === 'sqlite') return sqliteFiles()
  return existsSync('/usr/sbin/mariadbd') ? throwAwayMariadb() : undefined
}

function sqliteFiles(): Databases {
  const folder = tempFolder()
  let files = 0
  return {
    create: async () => ({ kind: 'sqlite', file: path.join(folder.path, `${++files}.db`) }),
    close: async () => folder.remove(),
  }
}

/** With a commit on the disk when it is answered, as SQLite has it here, and memory for 100,000 users; the tests' MariaDB is smaller. */
async function throwAwayMariadb(): Promise<Databases> {
  const mariadb = await startMariadb()
  return {
    create: async () => {
      const database = await mariadb.createDatabase()
      await query(database, `ALTER DATABASE ${database.database} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`)
      await query(database, 'SET GLOBAL innodb_flush_log_at_trx_commit = 1, innodb_buffer_pool_size = 1073741824')
      return database
    },
    close: () => mariadb.stop(),
  }
}

/** As KAGAMI_DATABASE_URL says it. */
export function databaseUrl(database: DatabaseConfig): string {
  if (database.kind === 'sqlite') return `sqlite:${database.file}`
  const { host, port, user, password, database: name } = database
  return `mysql://${user}:${password}@${host}:${port}/${name}`
}
