import type { Instant } from '../../domain/brand'
import type { JobId } from '../../domain/ids'
import type { Job, JobKind, JobState, SystemReads, SystemWrites } from '../../ports/store/system'
import { raw, rows, sql, type Database, type Sql } from '../sql'
import { parsedJson } from './access'

type JobRow = {
  readonly id: JobId
  readonly kind: JobKind
  readonly state: JobState
  readonly requested_by: string
  readonly requested_at: Instant
  readonly started_at: Instant | null
  readonly finished_at: Instant | null
  readonly total: number
  readonly done: number
  readonly failed: number
  readonly message: string | null
}

export function systemReads(database: Database): SystemReads {
  return {
    settings: {
      find: async (key) => {
        const [row] = await database.all<{ value: unknown }>(sql`SELECT value FROM system_setting WHERE name = ${key}`)
        return row && (parsedJson(row.value) ?? undefined)
      },
    },
    jobs: {
      find: async (id) => (await selectJobs(database, sql`id = ${id}`))[0],
      latest: async (kind) => (await selectJobs(database, sql`kind = ${kind}`))[0],
      latestFinished: async (kind) => (await selectJobs(database, sql`kind = ${kind} AND finished_at IS NOT NULL`))[0],
    },
  }
}

export function systemWrites(database: Database): SystemWrites {
  const reads = systemReads(database)
  const { dialect } = database
  return {
    settings: {
      ...reads.settings,
      findForUpdate: async (key) => {
        // a setting that nobody has set is locked as well: its row is made, with null for its value
        await database.run(sql`INSERT INTO system_setting (name, value, updated_at) VALUES (${key}, 'null', ${dialect.now})
          ${dialect.onConflict(['name'], { name: raw('system_setting.name') })}`)
        const [row] = await database.all<{ value: unknown }>(
          sql`SELECT value FROM system_setting WHERE name = ${key} ${dialect.forUpdate}`,
        )
        return row && (parsedJson(row.value) ?? undefined)
      },
      set: async (key, value) => {
        await database.run(sql`INSERT INTO system_setting (name, value, updated_at) VALUES (${key}, ${JSON.stringify(value)}, ${dialect.now})
          ${dialect.onConflict(['name'], { value: dialect.excluded('value'), updated_at: dialect.excluded('updated_at') })}`)
      },
    },
    jobs: {
      ...reads.jobs,
      start: async (job) => {
        try {
          await database.run(sql`INSERT INTO system_job (id, kind, active_kind, state, requested_by, requested_at, total, done, failed, lease_until)
            VALUES ${rows([[job.id, job.kind, job.kind, job.state, job.requestedBy.slice(0, 255), job.requestedAt, 0, 0, 0, 0]])}`)
          return { job, started: true }
        } catch (error) {
          if (dialect.duplicateKey(error) === undefined) throw error
        }
        const [active] = await selectJobs(database, sql`active_kind = ${job.kind}`)
        return { job: active ?? job, started: false }
      },
      claim: async (kind, node, leaseMs) => {
        const [job] = await selectJobs(
          database,
          sql`active_kind = ${kind} AND (state = 'waiting' OR lease_until < ${dialect.now})`,
          dialect.forUpdate,
        )
        if (!job) return undefined
        await database.run(sql`UPDATE system_job SET state = 'running', node = ${node}, lease_until = ${dialect.now} + ${leaseMs},
          started_at = COALESCE(started_at, ${dialect.now}) WHERE id = ${job.id}`)
        return { ...job, state: 'running' }
      },
      progress: async (id, node, leaseMs, counts) =>
        (await database.run(sql`UPDATE system_job SET lease_until = ${dialect.now} + ${leaseMs}, total = ${counts.total}, done = ${counts.done},
          failed = ${counts.failed} WHERE id = ${id} AND node = ${node} AND state = 'running'`)) > 0,
      finish: async (id, node, end) => {
        await database.run(sql`UPDATE system_job SET state = ${end.state}, active_kind = NULL, finished_at = ${dialect.now}, lease_until = 0,
          total = ${end.total}, done = ${end.done}, failed = ${end.failed}, message = ${end.message}
          WHERE id = ${id} AND node = ${node} AND state = 'running'`)
      },
    },
    leases: {
      take: async (name, node, leaseMs) => {
        await database.run(sql`INSERT INTO system_lease (name, node, lease_until) VALUES (${name}, '', 0)
          ${dialect.onConflict(['name'], { node: raw('system_lease.node') })}`)
        const changed = await database.run(sql`UPDATE system_lease SET node = ${node}, lease_until = ${dialect.now} + ${leaseMs}
          WHERE name = ${name} AND lease_until < ${dialect.now}`)
        return changed > 0
      },
      release: async (name, node) => {
        await database.run(sql`UPDATE system_lease SET lease_until = 0 WHERE name = ${name} AND node = ${node}`)
      },
    },
  }
}

async function selectJobs(database: Database, where: Sql, lock: Sql = raw('')): Promise<readonly Job[]> {
  const found =
    await database.all<JobRow>(sql`SELECT id, kind, state, requested_by, requested_at, started_at, finished_at, total, done, failed,
    message FROM system_job WHERE ${where} ORDER BY requested_at DESC, id DESC LIMIT 1 ${lock}`)
  return found.map((row) => ({
    id: row.id,
    kind: row.kind,
    state: row.state,
    requestedBy: row.requested_by,
    requestedAt: row.requested_at,
    ...(row.started_at === null ? {} : { startedAt: row.started_at }),
    ...(row.finished_at === null ? {} : { finishedAt: row.finished_at }),
    total: row.total,
    done: row.done,
    failed: row.failed,
    ...(row.message === null ? {} : { message: row.message }),
  }))
}
