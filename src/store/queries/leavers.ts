import type { Instant } from '../../domain/brand'
import type { UserId } from '../../domain/ids'
import type { AccountName } from '../../domain/mirror/account'
import type { MirrorReads, MirrorWrites } from '../../ports/store/mirror'
import { list, raw, sql, type Database } from '../sql'

const dayMs = 24 * 60 * 60 * 1000

/** How long a deleted person can still come back, with his id, after his accounts are gone. */
const marginDays = 7

/** Deleted people whose accounts are kept for now. */
export function leaverReads(database: Database): Pick<MirrorReads['mirror'], 'countLeavers' | 'leavers'> {
  const { dialect } = database
  const leavers = sql`directory_tombstone t WHERE t.accounts_until > ${dialect.now} AND t.object_kind = 'user'
    AND EXISTS (SELECT 1 FROM mirror_link l WHERE l.target IN ('chat', 'mail') AND l.object_id = t.object_id AND l.account_name IS NOT NULL)`
  return {
    countLeavers: async () => Number((await database.all<{ n: number }>(sql`SELECT COUNT(*) AS n FROM ${leavers}`))[0]?.n ?? 0),
    leavers: async (limit, nameOrId) => {
      const account = sql`(SELECT MIN(l.account_name) FROM mirror_link l WHERE l.target IN ('chat', 'mail') AND l.object_id = t.object_id)`
      const only =
        nameOrId === undefined
          ? raw('')
          : sql`AND (t.object_id = ${nameOrId.toLowerCase()} OR t.label = ${nameOrId} OR ${account} = ${nameOrId.toLowerCase()})`
      const found = await database.all<{
        object_id: UserId
        label: string
        account: AccountName
        deleted_at: Instant
        kept_until: Instant
      }>(sql`SELECT t.object_id, t.label, ${account} AS account, t.deleted_at, t.accounts_until AS kept_until FROM ${leavers} ${only}
        ORDER BY t.accounts_until, t.object_id LIMIT ${limit}`)
      return found.map((row) => ({
        objectId: row.object_id,
        loginName: row.label,
        accountName: row.account,
        deletedAt: row.deleted_at,
        keptUntil: row.kept_until,
      }))
    },
  }
}

export function leaverWrites(database: Database): Pick<MirrorWrites['mirror'], 'keepAccounts' | 'releaseAccounts'> {
  const { dialect } = database
  return {
    keepAccounts: async (id, days) => {
      const tombstoneMs = (days + marginDays) * dayMs
      await database.run(sql`UPDATE directory_tombstone SET accounts_until = ${dialect.now} + ${days * dayMs},
          expires_at = CASE WHEN expires_at < deleted_at + ${tombstoneMs} THEN deleted_at + ${tombstoneMs} ELSE expires_at END
          WHERE object_id = ${id}`)
    },
    releaseAccounts: async (id) =>
      (await database.run(
        sql`UPDATE directory_tombstone SET accounts_until = NULL WHERE object_id = ${id} AND accounts_until > ${dialect.now}`,
      )) > 0,
  }
}

/** Which deleted people's accounts are kept, and until when. */
export async function keptAccounts(database: Database, ids: readonly UserId[]): Promise<ReadonlyMap<UserId, Instant>> {
  if (ids.length === 0) return new Map()
  const found = await database.all<{ object_id: UserId; accounts_until: Instant }>(
    sql`SELECT object_id, accounts_until FROM directory_tombstone WHERE object_id IN ${list(ids)} AND accounts_until > ${database.dialect.now}`,
  )
  return new Map(found.map((row) => [row.object_id, row.accounts_until]))
}
