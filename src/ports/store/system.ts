import type { Instant } from '../../domain/brand'
import type { JobId } from '../../domain/ids'

export type JobKind = 'groupSync' | 'reconcile'
export type JobState = 'waiting' | 'running' | 'succeeded' | 'failed' | 'cancelled'

/** Long work that survives a restart and runs on one node. */
export type Job = {
  readonly id: JobId
  readonly kind: JobKind
  readonly state: JobState
  readonly requestedBy: string
  readonly requestedAt: Instant
  readonly startedAt?: Instant
  readonly finishedAt?: Instant
  readonly total: number
  readonly done: number
  readonly failed: number
  /** For an administrator: why it failed, and the mend. */
  readonly message?: string
}

export interface SystemReads {
  readonly settings: {
    /** The JSON value last written. */
    find(key: string): Promise<unknown>
  }
  readonly jobs: {
    find(id: JobId): Promise<Job | undefined>
    latest(kind: JobKind): Promise<Job | undefined>
    /** The last one that came to an end. */
    latestFinished(kind: JobKind): Promise<Job | undefined>
  }
}

export interface SystemWrites extends SystemReads {
  readonly settings: SystemReads['settings'] & {
    set(key: string, value: unknown): Promise<void>
    /** The value, which nobody else changes until this transaction has ended. */
    findForUpdate(key: string): Promise<unknown>
  }
  readonly jobs: SystemReads['jobs'] & {
    /** One of a kind waits or runs at a time. @returns the active one, and whether it is this one. */
    start(job: Job): Promise<{ readonly job: Job; readonly started: boolean }>
    /** A waiting job, or a running one whose node is gone. `leaseMs` from the database's now. */
    claim(kind: JobKind, node: string, leaseMs: number): Promise<Job | undefined>
    /** Renews the lease as well. @returns false when another node has it. */
    progress(id: JobId, node: string, leaseMs: number, counts: Pick<Job, 'total' | 'done' | 'failed'>): Promise<boolean>
    finish(
      id: JobId,
      node: string,
      end: Pick<Job, 'state' | 'total' | 'done' | 'failed'> & { readonly message?: string },
    ): Promise<void>
  }
  readonly leases: {
    /** True for one node until the lease ends, in the database's time. */
    take(name: string, node: string, leaseMs: number): Promise<boolean>
    /** Ends the lease of this node now; another's stays. */
    release(name: string, node: string): Promise<void>
  }
}
