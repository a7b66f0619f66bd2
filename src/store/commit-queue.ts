import { DomainError } from '../domain/errors'
import type { Priority } from '../ports/store'
import { whenUnlocked } from './when-unlocked'

/** The one connection that writes to a SQLite file, as far as the queue needs it. */
export interface WritingConnection {
  execute(statement: string): Promise<void>
  /** Until what is committed by now is on the disk. */
  flushed(): Promise<void>
}

type Waiting = {
  readonly run: () => Promise<unknown>
  readonly resolve: (value: unknown) => void
  readonly reject: (error: unknown) => void
}

/** Who may wait, how many share a commit, and how long they may hold up the event loop. */
const limits = { waiting: 2_000, sharing: 100, sharingMs: 25 }

/**
 * The writers of a SQLite file, one after the other: each in a savepoint of its own, those who wait together in one commit. While it
 * is brought onto the disk the next ones write. Interactive work goes first. Who is answered is on the disk.
 */
export class CommitQueue {
  private readonly queues: Readonly<Record<Priority, Waiting[]>> = { interactive: [], bulk: [] }
  private draining: Promise<void> | undefined
  /** The last commit on its way to the disk. */
  private saving: Promise<void> = Promise.resolve()

  constructor(private readonly connection: WritingConnection) {}

  /** @throws DomainError storeBusy when too many wait already, or another process holds the file for too long. */
  run<T>(work: () => Promise<T>, priority: Priority): Promise<T> {
    if (this.queues.interactive.length + this.queues.bulk.length >= limits.waiting) {
      return Promise.reject(new DomainError('storeBusy', 'Too many changes are waiting. Try again in a few seconds.'))
    }
    return new Promise<T>((resolve, reject) => {
      this.queues[priority].push({ run: work, resolve: resolve as (value: unknown) => void, reject })
      this.draining ??= this.drain()
    })
  }

  /** Until everything that waits is done. */
  async idle(): Promise<void> {
    while (this.draining) await this.draining
    await this.saving
  }

  private async drain(): Promise<void> {
    // requests that arrived in the same turn of the event loop join the same commit
    await new Promise((resolve) => setImmediate(resolve))
    while (this.next(true)) await this.commitTogether()
    this.draining = undefined
  }

  private next(peek = false): Waiting | undefined {
    const queue = this.queues.interactive.length > 0 ? this.queues.interactive : this.queues.bulk
    return peek ? queue[0] : queue.shift()
  }

  private async commitTogether(): Promise<void> {
    const answers: (() => void)[] = []
    const taken: Waiting[] = []
    try {
      await whenUnlocked(() => this.connection.execute('BEGIN IMMEDIATE'))
      const started = performance.now()
      while (taken.length < limits.sharing && performance.now() - started < limits.sharingMs) {
        const waiting = this.next()
        if (!waiting) break
        taken.push(waiting)
        answers.push(await this.inSavepoint(waiting))
      }
      await this.connection.execute('COMMIT')
    } catch (error) {
      await this.connection.execute('ROLLBACK').catch(() => undefined) // there may be no transaction left to roll back
      if (taken.length === 0) this.rejectAll(error)
      for (const waiting of taken) waiting.reject(error)
      return
    }
    this.saving = this.connection.flushed().then(
      () => answers.forEach((answer) => answer()),
      (error: unknown) => taken.forEach(({ reject }) => reject(error)),
    )
  }

  private async inSavepoint(waiting: Waiting): Promise<() => void> {
    await this.connection.execute('SAVEPOINT work')
    try {
      const value = await waiting.run()
      await this.connection.execute('RELEASE work')
      return () => waiting.resolve(value)
    } catch (error) {
      await this.connection.execute('ROLLBACK TO work')
      await this.connection.execute('RELEASE work')
      return () => waiting.reject(error)
    }
  }

  private rejectAll(error: unknown): void {
    for (const queue of Object.values(this.queues)) for (const waiting of queue.splice(0)) waiting.reject(error)
  }
}
