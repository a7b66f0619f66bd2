import { createTask, type ScheduledTask } from 'node-cron'
import type { Log } from '../ports/log'
import type { Store } from '../ports/store'

/** A job of the clock: on one node of several, in UTC. */
export type ScheduledJob = { readonly name: string; readonly cron: string; readonly run: () => Promise<void> }

/**
 * Starts the jobs of the clock. Whatever is due is also found without them: the tick is the safety net.
 *
 * @param node this program's name among several; a lease row lets one of them run each firing
 * @returns how to stop them
 */
export function startSchedule(
  deps: { readonly store: Store; readonly log: Log },
  node: string,
  jobs: readonly ScheduledJob[],
): () => Promise<void> {
  const tasks: readonly ScheduledTask[] = jobs.map((job) =>
    createTask(
      job.cron,
      async () => {
        try {
          const mine = await deps.store.transact((tx) => tx.leases.take(`cron ${job.name}`, node, 20_000), 'bulk')
          if (mine) await job.run()
        } catch (error) {
          deps.log.error({ err: error, job: job.name }, 'scheduled job failed')
        }
      },
      { timezone: 'Etc/UTC', noOverlap: true, name: job.name },
    ),
  )
  for (const task of tasks) void task.start()
  return async () => {
    for (const task of tasks) await task.destroy()
  }
}
