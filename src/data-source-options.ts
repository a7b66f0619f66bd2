import path from 'node:path'
import type { DataSourceOptions } from 'typeorm'
import type { DatabaseConfig } from './config'
import { entities } from './store/entities/entities'

const migrations = [path.join(__dirname, 'store/migrations/*.{ts,js}')]

/** What better-sqlite3 hands over when it has opened a file. */
type Sqlite = { pragma(this: Sqlite, text: string): unknown }

/** The DataSources of a database: on SQLite one that writes and one that only reads, on the MySQL family one pool. */
export function dataSourceOptions(database: DatabaseConfig): {
  readonly writer: DataSourceOptions
  readonly reader?: DataSourceOptions
} {
  const common = { entities, migrations, migrationsTableName: 'system_migration', synchronize: false, logging: false } as const
  if (database.kind === 'mysql') {
    const { host, port, user: username, password, database: name } = database
    return {
      writer: {
        ...common,
        type: 'mysql',
        host,
        port,
        username,
        password,
        database: name,
        charset: 'utf8mb4_bin',
        supportBigNumbers: true,
        bigNumberStrings: false,
        isolationLevel: 'READ COMMITTED',
        poolSize: 16,
        connectTimeout: 5_000,
        // a Galera node then shows what any other node has committed; other servers do not know the variable
        extra: { enableKeepAlive: true, jsonStrings: true },
      },
    }
  }
  const file = { ...common, type: 'better-sqlite3', database: database.file, statementCacheSize: 500 } as const
  return {
    writer: {
      ...file,
      enableWAL: true,
      prepareDatabase: (db) => {
        const sqlite = db as Sqlite
        sqlite.pragma('synchronous = FULL') // an acknowledged change survives a power cut
        sqlite.pragma('busy_timeout = 0') // waiting here would hold up the event loop; the queue waits instead
        sqlite.pragma('cache_size = -32000')
        sqlite.pragma('case_sensitive_like = ON')
      },
    },
    reader: {
      ...file,
      readonly: true,
      prepareDatabase: (db) => {
        const sqlite = db as Sqlite
        sqlite.pragma('cache_size = -32000')
        sqlite.pragma('case_sensitive_like = ON')
      },
    },
  }
}
