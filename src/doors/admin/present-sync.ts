import type { Job } from '../../ports/store/system'

const time = (at: number | undefined) => (at === undefined ? undefined : new Date(at).toISOString())

/** 前回同期時間 and 前回同期結果 of sync management (C20), and the run that goes on now. Times are UTC. */
export function presentSync({ active, last }: { readonly active?: Job; readonly last?: Job }): object {
  return {
    state: active ? 'running' : (last?.state ?? 'never'),
    lastSyncTime: time(last?.finishedAt),
    lastSyncResult: last?.state ?? 'never',
    message: last?.message,
    run: presentRun(active ?? last),
  }
}

export function presentRun(job: Job | undefined): object | undefined {
  if (!job) return undefined
  const { id, state, requestedBy, total, done, failed } = job
  const times = { requestedAt: time(job.requestedAt), startedAt: time(job.startedAt), finishedAt: time(job.finishedAt) }
  return { id, state, requestedBy, ...times, total, done, failed }
}
