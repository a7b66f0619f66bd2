import type { AccountFacts } from '../../domain/audit/explain'
import type { Instant } from '../../domain/brand'
import type { UserId } from '../../domain/ids'
import type { AccountName, TargetName } from '../../domain/mirror/account'
import { foldCase } from '../../domain/text'
import type { ExplainReads } from '../../ports/store/explain'
import { raw, sql, type Database } from '../sql'

export function explainReads(database: Database): ExplainReads {
  return {
    explain: {
      deleted: async (idOrLoginName) => {
        const [row] = await database.all<{ id: UserId; label: string; deleted_at: Instant; expires_at: Instant }>(
          sql`SELECT object_id AS id, label, deleted_at, expires_at FROM directory_tombstone
            WHERE object_kind = 'user' AND (object_id = ${idOrLoginName.toLowerCase()} OR label = ${idOrLoginName}) ORDER BY deleted_at DESC LIMIT 1`,
        )
        return row && { id: row.id, loginName: row.label, deletedAt: row.deleted_at, expiresAt: row.expires_at }
      },
      externalIds: async (id) => {
        const found = await database.all<{ external_id: string }>(
          sql`SELECT external_id FROM directory_external_id WHERE object_id = ${id}`,
        )
        return found.map((row) => row.external_id)
      },
      account: (target, id) => account(database, target, id),
      namesLike: async (beginning) => {
        const begins = database.dialect.startsWith(raw('login_key'), foldCase(beginning))
        const found = await database.all<{ login_name: string }>(
          sql`SELECT login_name FROM directory_user WHERE ${begins} AND kind = 'person' ORDER BY login_key LIMIT 5`,
        )
        return found.map((row) => row.login_name)
      },
    },
  }
}

type Row = {
  readonly wanted: number
  readonly done: number
  readonly due_at: Instant | null
  readonly attempts: number
  readonly claimed: number
  readonly reason: string | null
  readonly dead_since: Instant | null
  readonly done_at: Instant | null
  readonly account_name: AccountName | null
  readonly intent: 'put' | 'delete' | null
  readonly applied_hash: string | null
  readonly kept_until: Instant | null
}

async function account(database: Database, target: TargetName, id: UserId): Promise<AccountFacts> {
  const { dialect } = database
  const [row] =
    await database.all<Row>(sql`SELECT w.wanted, w.done, w.due_at, w.attempts, w.lease_until > ${dialect.now} AS claimed,
    w.reason, w.dead_since, w.done_at, l.account_name, l.intent, l.applied_hash, t.accounts_until AS kept_until FROM mirror_work w
    LEFT JOIN mirror_link l ON l.target = w.target AND l.object_id = w.object_id
    LEFT JOIN directory_tombstone t ON t.object_id = w.object_id AND t.accounts_until > ${dialect.now}
    WHERE w.target = ${target} AND w.object_id = ${id}`)
  const [down] = await database.all<{ reason: string; since: Instant }>(
    sql`SELECT down_reason AS reason, down_since AS since FROM mirror_target WHERE target = ${target} AND down_reason IS NOT NULL`,
  )
  return {
    target,
    ...(row && {
      work: {
        isDone: row.wanted === row.done,
        attempts: row.attempts,
        isClaimed: Boolean(Number(row.claimed)),
        ...(row.due_at === null ? {} : { dueAt: row.due_at }),
        ...(row.reason === null ? {} : { reason: row.reason }),
        ...(row.dead_since === null ? {} : { deadSince: row.dead_since }),
        ...(row.done_at === null ? {} : { doneAt: row.done_at }),
      },
    }),
    ...(row?.account_name ? { accountName: row.account_name } : {}),
    ...(row?.intent ? { intent: row.intent } : {}),
    isApplied: Boolean(row?.applied_hash),
    ...(row?.kept_until ? { keptUntil: row.kept_until } : {}),
    ...(down ? { outage: down } : {}),
  }
}
