import { DataSource, type DataSourceOptions, type QueryRunner } from 'typeorm'
import { DomainError } from '../domain/errors'
import type { Clock } from '../ports/clock'
import type { Secrets } from '../ports/secrets'
import type { Priority, Reader, Store, Tx } from '../ports/store'
import { CommitQueue } from './commit-queue'
import { isConnectionError, isLocked, isTransient, mysql, sqlite } from './dialect'
import { migrate } from './migrate'
import { accessReads, accessWrites } from './queries/access'
import { groupReads, groupWrites } from './queries/groups'
import { mirrorReads, mirrorWrites } from './queries/mirror'
import { systemReads, systemWrites } from './queries/system'
import { userReads, userWrites } from './queries/users'
import { recorder } from './record'
import type { Database, Dialect, Sql } from './sql'
import { whenUnlocked } from './when-unlocked'

/** What the store needs beside its database. */
export type StoreDeps = { readonly clock: Clock; readonly secrets: Secrets }

/** How often a transaction is run again before its caller is told to come back later. */
const maxTries = 8

/**
 * The store on SQLite or the MySQL family, migrated to the schema of this program.
 *
 * @param writer its options; on SQLite the one connection that writes
 * @param reader absent: reads go to the writer's pool (MySQL family)
 */
export async function openStore(
  options: { readonly writer: DataSourceOptions; readonly reader?: DataSourceOptions },
  deps: StoreDeps,
): Promise<Store> {
  const writer = await whenUnlocked(() => connect(options.writer))
  try {
    await migrate(writer)
    const reader = options.reader ? await new DataSource(options.reader).initialize() : writer
    return new SqlStore(writer, reader, deps)
  } catch (error) {
    await writer.destroy()
    throw error
  }
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
  private readonly dialect: Dialect
  private readonly queue: CommitQueue | undefined
  private readonly mirrorListeners: (() => void)[] = []

  constructor(
    private readonly writer: DataSource,
    private readonly reader: DataSource,
    private readonly deps: StoreDeps,
  ) {
    const serial = writer.options.type === 'better-sqlite3'
    this.dialect = serial ? sqlite : mysql
    if (serial) {
      const runner = writer.createQueryRunner() // the same one every time: SQLite has one connection
      this.queue = new CommitQueue({ execute: async (statement) => void (await runner.query(statement)) })
    }
    this.read = reads(new RunnerDatabase(this.dialect, reader), deps)
  }

  async transact<T>(work: (tx: Tx) => Promise<T>, priority: Priority = 'interactive'): Promise<T> {
    const committed: (() => void)[] = []
    const value = this.queue
      ? await this.queue.run(() => this.inTx(this.writer.createQueryRunner(), work, committed), priority)
      : await this.inPool(work, committed)
    for (const wake of committed) wake()
    return value
  }

  onMirrorWork(listener: () => void): void {
    this.mirrorListeners.push(listener)
  }

  async health() {
    try {
      await this.writer.query('SELECT 1 FROM system_setting WHERE 1 = 0')
      if (this.dialect.name === 'mysql' && (await this.isCutOff()))
        return { ready: false, detail: 'this cluster node is not ready (wsrep_ready is not ON)' } as const
      return { ready: true } as const
    } catch (error) {
      return { ready: false, detail: error instanceof Error ? error.message : String(error) } as const
    }
  }

  async close(): Promise<void> {
    await this.queue?.idle()
    if (this.reader !== this.writer) await this.reader.destroy()
    await this.writer.destroy()
  }

  /** A Galera node that lost its cluster. A single MariaDB shows the same status, but has wsrep_on OFF. */
  private async isCutOff(): Promise<boolean> {
    const isOff = async (show: string) =>
      (await this.writer.query<readonly { Value: string }[]>(show)).some(({ Value }) => Value !== 'ON')
    return !(await isOff(`SHOW VARIABLES LIKE 'wsrep_on'`)) && (await isOff(`SHOW STATUS LIKE 'wsrep_ready'`))
  }

  private async inTx<T>(runner: QueryRunner, work: (tx: Tx) => Promise<T>, committed: (() => void)[]): Promise<T> {
    const database = new RunnerDatabase(this.dialect, runner)
    committed.length = 0
    try {
      return await work(this.tx(database, committed))
    } finally {
      database.end()
    }
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

  /** READ COMMITTED; again as a whole on conflicts, with growing, jittered pauses. */
  private async inPool<T>(work: (tx: Tx) => Promise<T>, committed: (() => void)[]): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.tryInPool(work, committed)
      } catch (error) {
        if (!isTransient(error)) throw error
        if (attempt === maxTries) {
          throw isConnectionError(error)
            ? new DomainError('storeUnavailable', 'The database does not answer. Try again in a few seconds.', { cause: error })
            : new DomainError('storeBusy', 'Too many changes met each other. Try again in a few seconds.', { cause: error })
        }
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 10 * 2 ** attempt))
      }
    }
  }

  private async tryInPool<T>(work: (tx: Tx) => Promise<T>, committed: (() => void)[]): Promise<T> {
    const runner = this.writer.createQueryRunner()
    try {
      await runner.startTransaction('READ COMMITTED')
      let value: T
      try {
        value = await this.inTx(runner, work, committed)
      } catch (error) {
        await runner.rollbackTransaction().catch(() => undefined) // the connection may be gone; then there is nothing to undo
        throw error
      }
      await this.commit(runner)
      return value
    } finally {
      await runner.release()
    }
  }

  /** A connection that is lost while committing leaves it open whether the change is there: never run again, the caller looks. */
  private async commit(runner: QueryRunner): Promise<void> {
    try {
      await runner.commitTransaction()
    } catch (error) {
      if (!isConnectionError(error)) throw error
      throw new DomainError(
        'storeUnavailable',
        'The database was lost while saving. Look whether the change is there before you repeat it.',
        {
          cause: error,
        },
      )
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

/** A DataSource or one of its connections as our queries see it. After `end` it refuses: a transaction is never used after its end. */
class RunnerDatabase implements Database {
  private ended = false

  constructor(
    readonly dialect: Dialect,
    private readonly runner: Pick<QueryRunner, 'query'> | DataSource,
  ) {}

  async all<Row>(query: Sql): Promise<readonly Row[]> {
    this.requireOpen()
    return (await this.runner.query(query.text, bound(query))) as readonly Row[]
  }

  async run(query: Sql): Promise<number> {
    this.requireOpen()
    const result = (await (this.runner as QueryRunner).query(query.text, bound(query), true)) as { affected?: number }
    return result.affected ?? 0
  }

  end(): void {
    this.ended = true
  }

  private requireOpen(): void {
    if (this.ended) throw new Error('this transaction has ended; what runs later needs one of its own')
  }
}

const bound = (query: Sql) => query.values.map((value) => (typeof value === 'boolean' ? Number(value) : value))
