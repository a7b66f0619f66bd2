import SqliteDatabase from 'better-sqlite3'
import { chmodSync, mkdirSync } from 'node:fs'
import path from 'node:path'
import type { Pool, PoolConnection, RowDataPacket } from 'mysql2/promise'
import { TargetDown } from '../../ports/targets'

export type TargetDatabaseConfig =
  | { readonly kind: 'sqlite'; readonly file: string }
  | {
      readonly kind: 'mysql'
      readonly host: string
      readonly port: number
      readonly user: string
      readonly password: string
      readonly database: string
    }

export type Param = string | number | null

/** A transaction at a target. Texts are the same for SQLite and MySQL; what differs is in `dialect`. */
export interface TargetTx {
  /** `bytes` is put behind a column that is compared and ordered by its bytes. */
  readonly dialect: { readonly forUpdate: string; readonly bytes: string; readonly tableOptions: string }
  all<Row>(text: string, params?: readonly Param[]): Promise<readonly Row[]>
  run(text: string, params?: readonly Param[]): Promise<void>
}

export interface TargetDatabase {
  /** @throws TargetDown when it does not answer */
  transact<T>(work: (tx: TargetTx) => Promise<T>): Promise<T>
  close(): Promise<void>
}

/**
 * A target's database; opened at the first use, and again after it was away. `prepare` makes our tables; it is run until it succeeded.
 */
export function openTargetDatabase(config: TargetDatabaseConfig, prepare: (tx: TargetTx) => Promise<void>): TargetDatabase {
  const database = config.kind === 'sqlite' ? sqliteDatabase(config.file) : mysqlDatabase(config)
  let prepared = false
  return {
    transact: async (work) => {
      if (!prepared) {
        await database.transact(prepare)
        prepared = true
      }
      return database.transact(work)
    },
    close: () => database.close(),
  }
}

/** Rollback journal, not WAL: Dovecot and Postfix read the file as other users (they need no write access to its folder). */
function sqliteDatabase(file: string): TargetDatabase {
  let open: SqliteDatabase.Database | undefined
  let tail: Promise<unknown> = Promise.resolve()
  const connect = () => {
    if (open) return open
    try {
      mkdirSync(path.dirname(file), { recursive: true })
      open = new SqliteDatabase(file, { timeout: 2_000 })
      open.pragma('journal_mode = DELETE')
      open.pragma('synchronous = FULL')
      chmodSync(file, 0o644)
      return open
    } catch (cause) {
      throw new TargetDown(`${file} cannot be opened (${messageOf(cause)}). Check the folder and its permissions.`, { cause })
    }
  }
  const once = async <T>(work: (tx: TargetTx) => Promise<T>): Promise<T> => {
    const db = connect()
    try {
      db.exec('BEGIN IMMEDIATE')
    } catch (cause) {
      throw new TargetDown(`${file} cannot be written (${messageOf(cause)}).`, { cause })
    }
    try {
      const value = await work({
        dialect: { forUpdate: '', bytes: '', tableOptions: '' },
        all: async <Row>(text: string, params: readonly Param[] = []) => db.prepare(text).all(...params) as Row[],
        run: async (text, params = []) => void db.prepare(text).run(...params),
      })
      db.exec('COMMIT')
      return value
    } catch (error) {
      if (db.inTransaction) db.exec('ROLLBACK')
      if (isOutOfOrder(error)) throw new TargetDown(`${file} cannot be used (${messageOf(error)}).`, { cause: error })
      throw error
    }
  }
  return {
    transact: (work) => {
      const done = tail.then(() => once(work))
      tail = done.catch(() => undefined)
      return done
    },
    close: async () => {
      await tail
      open?.close()
    },
  }
}

/** The file, its disk or its folder, not what was asked of it. */
const isOutOfOrder = (error: unknown) =>
  /^SQLITE_(BUSY|CANTOPEN|CORRUPT|FULL|IOERR|NOTADB|READONLY)/.test((error as DriverError).code ?? '')

const maxTries = 5
/** For each statement: a server that stands still must not hold a worker for ever. */
const timeoutMs = 10_000
const mysql = {
  forUpdate: 'FOR UPDATE',
  bytes: 'COLLATE utf8mb4_bin',
  tableOptions: 'CHARACTER SET utf8mb4 COLLATE utf8mb4_bin',
}

function mysqlDatabase(config: Extract<TargetDatabaseConfig, { readonly kind: 'mysql' }>): TargetDatabase {
  const { host, port, user, password, database } = config
  // its driver takes memory only where it is used
  const pool: Promise<Pool> = import('mysql2/promise').then(({ createPool }) =>
    createPool({
      host,
      port,
      user,
      password,
      database,
      charset: 'utf8mb4',
      connectionLimit: 4,
      connectTimeout: 5_000,
      supportBigNumbers: true,
    }),
  )
  const once = async <T>(connection: PoolConnection, work: (tx: TargetTx) => Promise<T>): Promise<T> => {
    const run = async (sql: string, params: readonly Param[] = []) =>
      (await connection.query<RowDataPacket[]>({ sql, timeout: timeoutMs }, [...params]))[0]
    await run('SET TRANSACTION ISOLATION LEVEL READ COMMITTED')
    await run('START TRANSACTION')
    try {
      const value = await work({
        dialect: mysql,
        all: async <Row>(text: string, params?: readonly Param[]) => (await run(text, params)) as unknown as Row[],
        run: async (text, params) => void (await run(text, params)),
      })
      await run('COMMIT')
      return value
    } catch (error) {
      // where the connection is lost nothing is left to undo
      if (!isUnavailable(error)) await run('ROLLBACK').catch(() => undefined)
      throw error
    }
  }
  return {
    transact: async (work) => {
      for (let attempt = 1; ; attempt++) {
        let connection: PoolConnection | undefined
        try {
          connection = await (await pool).getConnection()
          return await once(connection, work)
        } catch (error) {
          if (isUnavailable(error)) {
            connection?.destroy()
            connection = undefined
            throw new TargetDown(`The database ${database} at ${host}:${port} does not answer (${messageOf(error)}).`, {
              cause: error,
            })
          }
          if (!isConflict(error) || attempt === maxTries) throw error
          await new Promise((resolve) => setTimeout(resolve, Math.random() * 20 * 2 ** attempt))
        } finally {
          connection?.release()
        }
      }
    },
    close: async () => (await pool).end(),
  }
}

type DriverError = { readonly code?: string; readonly errno?: number }

const isConflict = (error: unknown) => [1213, 1205, 1020, 1047, 1180].includes((error as DriverError).errno ?? 0)

function isUnavailable(error: unknown): boolean {
  const code = (error as DriverError).code ?? ''
  return /^(PROTOCOL_|ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EHOSTUNREACH|EAI_AGAIN|ER_SERVER_SHUTDOWN|ER_CON_COUNT|ER_CONNECTION_KILLED|ER_ACCESS_DENIED|ER_DBACCESS_DENIED|ER_BAD_DB_ERROR|ER_NO_SUCH_TABLE)/.test(
    code,
  )
}

export const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error))

/** `?, ?, ?` for an IN that is never empty: MySQL takes no `IN ()`, and nothing equals NULL. */
export const marks = (values: readonly unknown[]) => (values.length === 0 ? 'NULL' : values.map(() => '?').join(', '))

/** Those that are missing; names in them are compared by their bytes. */
export async function createTables(tx: TargetTx, tables: readonly string[]): Promise<void> {
  for (const table of tables) await tx.run(`CREATE TABLE IF NOT EXISTS ${table} ${tx.dialect.tableOptions}`)
}

/** One INSERT of many rows, in chunks that both databases take. */
export async function insertRows(tx: TargetTx, into: string, rows: readonly (readonly Param[])[]): Promise<void> {
  for (let i = 0; i < rows.length; i += 500) {
    const some = rows.slice(i, i + 500)
    await tx.run(`INSERT INTO ${into} VALUES ${some.map((row) => `(${marks(row)})`).join(', ')}`, some.flat())
  }
}
