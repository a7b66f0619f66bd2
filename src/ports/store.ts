import type { Actor } from '../domain/access/actor'
import type { Operation } from '../domain/audit/change'
import type { ObjectId } from '../domain/ids'
import type { AccessReads, AccessWrites } from './store/access'
import type { ClientReads, ClientWrites } from './store/clients'
import type { DirectoryReads, DirectoryWrites } from './store/directory'
import type { ExplainReads } from './store/explain'
import type { GuessReads, GuessWrites } from './store/guesses'
import type { LogReads, LogWrites } from './store/logs'
import type { MailReads, MailWrites } from './store/mail'
import type { MirrorReads, MirrorWrites } from './store/mirror'
import type { ResetReads, ResetWrites } from './store/resets'
import type { SecondStepReads, SecondStepWrites } from './store/second-steps'
import type { SamlReads, SamlWrites } from './store/saml'
import type { SystemReads, SystemWrites } from './store/system'

/** Interactive work goes before bulk work where writers queue (SQLite). */
export type Priority = 'interactive' | 'bulk'

/** Reads outside a transaction: each sees what is committed. */
export type Reader = DirectoryReads &
  AccessReads &
  GuessReads &
  MirrorReads &
  SystemReads &
  MailReads &
  ResetReads &
  SecondStepReads &
  LogReads &
  SamlReads &
  ExplainReads & { readonly clients: ClientReads }

/**
 * One transaction. It is an explicit parameter and dies at the end: a use after that throws. Nothing inside calls another server,
 * hashes, or reads a file; everything inside is awaited.
 */
export interface Tx
  extends
    DirectoryWrites,
    AccessWrites,
    GuessWrites,
    MirrorWrites,
    SystemWrites,
    MailWrites,
    ResetWrites,
    SecondStepWrites,
    LogWrites,
    SamlWrites {
  readonly clients: ClientWrites
  /**
   * The trace of one change, written together so that none can be forgotten: the line in the audit log, which is one of the
   * provisioning log when a client asked, and the work of each mirror. What changes a row raises its version itself.
   */
  record(change: RecordedChange): Promise<void>
  /** The same of several, as a set. */
  recordAll(changes: readonly RecordedChange[]): Promise<void>
  /** Runs only when the transaction really committed; used to wake workers. */
  afterCommit(work: () => void): void
}

export type RecordedChange = {
  readonly actor: Actor
  /** As in the audit table of manual 001 (監査ログの見かた): `add user`, `update group user`. */
  readonly action: string
  /** What a client asked for. */
  readonly operation?: Operation
  /** Absent: it was done. */
  readonly result?: 'FAILED'
  readonly object: {
    readonly kind: 'user' | 'group' | 'token' | 'client' | 'setting' | 'system'
    readonly id?: ObjectId | string
    readonly label: string
  }
  /** What changed, for people: `changes` (AttributeChange) of a user or group; secrets never. */
  readonly detail?: Readonly<Record<string, unknown>>
  /** Habits of the identity provider that the request showed. */
  readonly dialect?: ReadonlySet<string>
  /** The person's accounts have to be looked at again, at every target; `'failed'`: only where they could not be made. */
  readonly mirror?: boolean | 'failed'
}

export interface Store {
  /**
   * Runs `work` in one transaction, and again as a whole where the database asks for it; so it may have no effect but on `tx`.
   *
   * @throws DomainError storeBusy (queue full, conflicts that did not end: 503, Retry-After), storeUnavailable
   */
  transact<T>(work: (tx: Tx) => Promise<T>, priority?: Priority): Promise<T>
  /** So many transactions of gathered work side by side serve best: one where writers follow each other anyway. */
  readonly roundsAtOnce: number
  readonly read: Reader
  /** Wakes who waits for mirror work in this process; the commit did it. */
  onMirrorWork(listener: () => void): void
  /** Tells that this process has changed clients or tokens: what is remembered of them is no longer true. */
  onClientsChanged(listener: () => void): void
  /** Answers and has the schema this program needs. */
  health(): Promise<{ readonly ready: true } | { readonly ready: false; readonly detail: string }>
  close(): Promise<void>
}
