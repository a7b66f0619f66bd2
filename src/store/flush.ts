import { close, fdatasync, fdatasyncSync, open } from 'node:fs'
import { promisify } from 'node:util'
import { DomainError } from '../domain/errors'

/** To go to a thread and come back is worth so much. */
const quickMs = 0.5

/**
 * Brings what was written to a file onto the disk, in a thread unless the disk is quick: the event loop goes on meanwhile. Who asks during a flush shares the
 * next one. Once the disk has failed nothing is promised any more, for the system then forgets what it could not write.
 */
export class Flush {
  private descriptor: number | undefined
  /** The disk took what it was given last in less time than a thread is worth. */
  private isQuick = false
  private running: Promise<void> = Promise.resolve()
  private next: Promise<void> | undefined
  private failed: DomainError | undefined

  /** @param file there at the latest when the first flush is asked for */
  constructor(private readonly file: string) {}

  /** Until what is written by now is on the disk. @throws DomainError storeUnavailable */
  done(): Promise<void> {
    return (this.next ??= this.running
      .catch(() => undefined)
      .then(() => {
        this.next = undefined
        return (this.running = this.flush())
      }))
  }

  /** Absent: the disk takes what it is given. */
  get whyFailed(): string | undefined {
    return this.failed?.detail
  }

  async close(): Promise<void> {
    await this.running.catch(() => undefined)
    if (this.descriptor !== undefined) await promisify(close)(this.descriptor)
  }

  private async flush(): Promise<void> {
    if (this.failed) throw this.failed
    try {
      this.descriptor ??= await promisify(open)(this.file, 'r+')
      const started = performance.now()
      if (this.isQuick) fdatasyncSync(this.descriptor)
      else await promisify(fdatasync)(this.descriptor)
      this.isQuick = performance.now() - started < quickMs
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause)
      this.failed = new DomainError(
        'storeUnavailable',
        `The disk did not take the change (${why}): it may be lost. Look at the disk, then restart.`,
        { cause },
      )
      throw this.failed
    }
  }
}
