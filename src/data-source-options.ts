import path from 'node:path'
import type { DataSourceOptions } from 'typeorm'
import type { DatabaseConfig } from './config'
import { entities } from './store/entities/entities'
import type { StoreOptions } from './store/open-store'

const migrations = [path.join(__dirname, 'store/migrations/*.{ts,js}')]

/** What better-sqlite3 hands over when it has opened a file. */
type Sqlite = { pragma(this: Sqlite, text: string): unknown }

/** How a database is opened: on SQLite one connection that writes and one that only reads, on the MySQL family pools. */
export function dataSourceOptions(database: DatabaseConfig): StoreOptions & { readonly writer: DataSourceOptions } {
  const common = { entities, migrations, migrationsTableName: 'system_migration', synchronize: false, logging: false } as const
  if (database.kind === 'mysql') {
    const { host, port, user: username, password, database: name } = database
    const connection = { host, port, database: name, charset: 'utf8mb4_bin', connectTimeout: 5_000 }
    return {
      kind: 'mysql',
      pool: { ...connection, user: username, password, connectionLimit: 16 },
      writer: {
        ...common,
        ...connection,
        type: 'mysql',
        username,
        password,
        poolSize: 1,
      },
    }
  }
  const file = { ...common, type: 'better-sqlite3', database: database.file, statementCacheSize: 500 } as const
  return {
    kind: 'sqlite',
    writer: {
      ...file,
      enableWAL: true,
      prepareDatabase: (db) => {
        const sqlite = db as Sqlite
        sqlite.pragma('synchronous = NORMAL') // the store flushes each commit itself, beside the event loop, before anybody is answered
        sqlite.pragma('busy_timeout = 0') // waiting here would hold up the event loop; the queue waits instead
        sqlite.pragma('cache_size = -16000')
        sqlite.pragma('wal_autocheckpoint = 16000') // pages, where a thread did not bring them into the file before
        sqlite.pragma('case_sensitive_like = ON')
      },
    },
    reader: {
      ...file,
      readonly: true,
      prepareDatabase: (db) => {
        const sqlite = db as Sqlite
        sqlite.pragma('cache_size = -16000')
        sqlite.pragma('case_sensitive_like = ON')
      },
    },
  }
}
