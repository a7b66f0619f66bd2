import { DataSource, type DataSourceOptions } from 'typeorm'
import { DomainError } from '../domain/errors'
import type { Clock } from '../ports/clock'
import type { Secrets } from '../ports/secrets'
import type { Priority, Reader, Store, Tx } from '../ports/store'
import { isLocked } from './dialect'
import type { Engine } from './engine'
import { migrate } from './migrate'
import { mysqlEngine, type MysqlOptions } from './mysql-engine'
import { accessReads, accessWrites } from './queries/access'
import { groupReads, groupWrites } from './queries/groups'
import { mirrorReads, mirrorWrites } from './queries/mirror'
import { systemReads, systemWrites } from './queries/system'
import { userReads, userWrites } from './queries/users'
import { recorder } from './record'
import type { Database } from './sql'
import { sqliteEngine } from './sqlite-engine'
import { whenUnlocked } from './when-unlocked'

/** What the store needs beside its database. */
export type StoreDeps = { readonly clock: Clock; readonly secrets: Secrets }

/** Where the database is: TypeORM migrates by `writer`; on SQLite a second connection only reads, the MySQL family has pools. */
export type StoreOptions =
  | { readonly kind: 'sqlite'; readonly writer: DataSourceOptions; readonly reader: DataSourceOptions }
  | { readonly kind: 'mysql'; readonly writer: DataSourceOptions; readonly pool: MysqlOptions }

/** The store on SQLite or the MySQL family, migrated to the schema of this program. */
export async function openStore(options: StoreOptions, deps: StoreDeps): Promise<Store> {
  return new SqlStore(await openEngine(options), deps)
}

async function openEngine(options: StoreOptions): Promise<Engine> {
  const writer = await whenUnlocked(() => connect(options.writer))
  try {
    await migrate(writer)
    if (options.kind === 'sqlite') return sqliteEngine(writer, await new DataSource(options.reader).initialize())
  } catch (error) {
    await writer.destroy()
    throw error
  }
  await writer.destroy()
  return mysqlEngine(options.pool)
}

/** @throws DomainError storeUnavailable for what an operator can mend; a file that is only locked is tried again */
async function connect(options: DataSourceOptions): Promise<DataSource> {
  try {
    return await new DataSource(options).initialize()
  } catch (cause) {
    if (isLocked(cause)) throw cause
    const place = options.type === 'mysql' ? `${options.host}:${options.port}/${options.database}` : String(options.database)
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new DomainError('storeUnavailable', `The database ${place} cannot be opened (${why}). Check KAGAMI_DATABASE_URL.`, {
      cause,
    })
  }
}

class SqlStore implements Store {
  readonly read: Reader
  private readonly mirrorListeners: (() => void)[] = []

  constructor(
    private readonly engine: Engine,
    private readonly deps: StoreDeps,
  ) {
    this.read = reads(engine.read, deps)
  }

  async transact<T>(work: (tx: Tx) => Promise<T>, priority: Priority = 'interactive'): Promise<T> {
    let committed: (() => void)[] = []
    const value = await this.engine.transact((database) => {
      committed = [] // of the run that was committed
      return work(this.tx(database, committed))
    }, priority)
    for (const wake of committed) wake()
    return value
  }

  onMirrorWork(listener: () => void): void {
    this.mirrorListeners.push(listener)
  }

  async health() {
    const detail = await this.engine.whyNotReady()
    return detail === undefined ? ({ ready: true } as const) : ({ ready: false, detail } as const)
  }

  close(): Promise<void> {
    return this.engine.close()
  }

  private tx(database: Database, committed: (() => void)[]): Tx {
    const afterCommit = (wake: () => void) => void committed.push(wake)
    const record = recorder(database, this.deps, () => afterCommit(() => this.mirrorListeners.forEach((wake) => wake())))
    return {
      users: userWrites(database, this.deps),
      groups: groupWrites(database, this.deps),
      ...accessWrites(database, this.deps),
      ...mirrorWrites(database, this.deps),
      ...systemWrites(database),
      record,
      afterCommit,
    }
  }
}

function reads(database: Database, deps: StoreDeps): Reader {
  return {
    users: userReads(database),
    groups: groupReads(database),
    ...accessReads(database, deps),
    ...mirrorReads(database),
    ...systemReads(database),
  }
}
