import { DataSource, type DataSourceOptions } from 'typeorm'
import { DomainError } from '../domain/errors'
import type { Clock } from '../ports/clock'
import type { Secrets } from '../ports/secrets'
import type { Priority, Reader, RecordedChange, Store, Tx } from '../ports/store'
import type { AccessWrites } from '../ports/store/access'
import type { ClientWrites } from '../ports/store/clients'
import type { GroupWrites, UserWrites } from '../ports/store/directory'
import type { LogWrites } from '../ports/store/logs'
import type { MailWrites } from '../ports/store/mail'
import type { ResetWrites } from '../ports/store/resets'
import type { SecondStepWrites } from '../ports/store/second-steps'
import type { MirrorWrites } from '../ports/store/mirror'
import type { SamlWrites } from '../ports/store/saml'
import type { SystemWrites } from '../ports/store/system'
import { isLocked } from './dialect'
import type { Engine } from './engine'
import { migrate } from './migrate'
import { mysqlEngine, type MysqlOptions } from './mysql-engine'
import { accessReads, accessWrites } from './queries/access'
import { clientReads, clientWrites } from './queries/clients'
import { explainReads } from './queries/explain'
import { groupReads, groupWrites } from './queries/groups'
import { guessReads, guessWrites } from './queries/guesses'
import { Kept } from './queries/kept'
import { logReads, logWrites } from './queries/logs'
import { mailReads, mailWrites } from './queries/mail'
import { mirrorReads, mirrorWrites } from './queries/mirror'
import { samlReads, samlWrites } from './queries/saml'
import { resetReads, resetWrites } from './queries/resets'
import { secondStepReads, secondStepWrites } from './queries/second-steps'
import { systemReads, systemWrites } from './queries/system'
import { userReads, userWrites } from './queries/users'
import { recordAll } from './record'
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

/** Who is told of what was committed. */
type Listeners = { readonly mirror: (() => void)[]; readonly clients: (() => void)[] }

class SqlStore implements Store {
  readonly read: Reader
  private readonly listeners: Listeners = { mirror: [], clients: [] }
  private readonly kept: KeptLists = { users: new Kept(), groups: new Kept() }

  constructor(
    private readonly engine: Engine,
    private readonly deps: StoreDeps,
  ) {
    this.read = reads(engine.read, deps, this.kept)
  }

  async transact<T>(work: (tx: Tx) => Promise<T>, priority: Priority = 'interactive'): Promise<T> {
    let committed: (() => void)[] = []
    const value = await this.engine.transact((database) => {
      committed = [] // of the run that was committed
      return work(new SqlTx(database, this.deps, this.kept, committed, this.listeners))
    }, priority)
    for (const wake of committed) wake()
    return value
  }

  get roundsAtOnce(): number {
    return this.engine.roundsAtOnce
  }

  onMirrorWork(listener: () => void): void {
    this.listeners.mirror.push(listener)
  }

  onClientsChanged(listener: () => void): void {
    this.listeners.clients.push(listener)
  }

  async health() {
    const detail = await this.engine.whyNotReady()
    return detail === undefined ? ({ ready: true } as const) : ({ ready: false, detail } as const)
  }

  close(): Promise<void> {
    return this.engine.close()
  }
}

/** One transaction. Most touch one or two areas: each is made when it is asked for. */
class SqlTx implements Tx {
  private readonly areas: {
    users?: UserWrites
    groups?: GroupWrites
    clients?: ClientWrites
    access?: AccessWrites
    mirror?: MirrorWrites
    system?: SystemWrites
    mails?: MailWrites
    resets?: ResetWrites
    secondSteps?: SecondStepWrites
    logs?: LogWrites
    saml?: SamlWrites
  } = {}

  constructor(
    private readonly database: Database,
    private readonly deps: StoreDeps,
    private readonly kept: KeptLists,
    private readonly committed: (() => void)[],
    private readonly listeners: Listeners,
  ) {}

  get users() {
    return (this.areas.users ??= userWrites(this.database, this.deps, () => this.afterCommit(() => this.kept.users.changed())))
  }

  get groups() {
    return (this.areas.groups ??= groupWrites(this.database, this.deps, () => this.afterCommit(() => this.kept.groups.changed())))
  }

  get clients() {
    const changed = () => this.afterCommit(() => this.listeners.clients.forEach((forget) => forget()))
    return (this.areas.clients ??= clientWrites(this.database, changed))
  }

  get passwords() {
    return this.access.passwords
  }

  get sessions() {
    return this.access.sessions
  }

  get consumed() {
    return this.access.consumed
  }

  get guesses() {
    return guessWrites(this.database)
  }

  get mirror() {
    return (this.areas.mirror ??= mirrorWrites(this.database, this.deps)).mirror
  }

  get settings() {
    return this.system.settings
  }

  get jobs() {
    return this.system.jobs
  }

  get leases() {
    return this.system.leases
  }

  get resets() {
    return (this.areas.resets ??= resetWrites(this.database)).resets
  }

  get secondSteps() {
    return (this.areas.secondSteps ??= secondStepWrites(this.database, this.deps)).secondSteps
  }

  get mails() {
    return (this.areas.mails ??= mailWrites(this.database, this.deps)).mails
  }

  get logs() {
    return (this.areas.logs ??= logWrites(this.database)).logs
  }

  get samlTrace() {
    return (this.areas.saml ??= samlWrites(this.database)).samlTrace
  }

  record(change: RecordedChange): Promise<void> {
    return this.recordAll([change])
  }

  async recordAll(changes: readonly RecordedChange[]): Promise<void> {
    const hasMirrorWork = await recordAll(this.database, this.deps.clock.now(), changes)
    if (hasMirrorWork) this.afterCommit(() => this.listeners.mirror.forEach((wake) => wake()))
  }

  afterCommit(work: () => void): void {
    this.committed.push(work)
  }

  private get access() {
    return (this.areas.access ??= accessWrites(this.database, this.deps))
  }

  private get system() {
    return (this.areas.system ??= systemWrites(this.database))
  }
}

/** What this node remembers of its lists. */
type KeptLists = { readonly users: Kept; readonly groups: Kept }

function reads(database: Database, deps: StoreDeps, kept: KeptLists): Reader {
  return {
    users: userReads(database, kept.users),
    groups: groupReads(database, kept.groups),
    clients: clientReads(database),
    ...accessReads(database, deps),
    guesses: guessReads(database),
    ...mirrorReads(database),
    ...systemReads(database),
    ...mailReads(database),
    ...resetReads(database),
    ...secondStepReads(database, deps),
    ...logReads(database),
    ...samlReads(database),
    ...explainReads(database),
  }
}
