import { Worker } from 'node:worker_threads'
import { builtScript } from '../built-script'

/** So many changed rows are some 16 MB of the log at most. */
const changesBetween = 2_000

/**
 * Brings what was committed from SQLite's log into its file, in a thread: that waits for the disk, and the event loop must not. Where
 * the thread cannot keep up or has died, the writing connection does the rest when the log is long (`wal_autocheckpoint`), and begins
 * it anew.
 */
export class Checkpoints {
  private worker: Worker | undefined
  private isUnderWay = false
  private last = 0

  constructor(private readonly file: string) {}

  /** @param changes rows changed by the writing connection since it was opened */
  committed(changes: number): void {
    if (this.isUnderWay || changes - this.last < changesBetween) return
    this.last = changes
    this.isUnderWay = true
    this.worker ??= this.start()
    this.worker.postMessage('checkpoint')
  }

  async close(): Promise<void> {
    await this.worker?.terminate()
  }

  private start(): Worker {
    const worker = new Worker(builtScript(__dirname, 'checkpoint-thread'), {
      workerData: this.file,
      resourceLimits: { maxYoungGenerationSizeMb: 2 },
    })
    worker.unref()
    worker.on('message', () => (this.isUnderWay = false))
    worker.on('error', () => undefined) // it stays under way
    return worker
  }
}
