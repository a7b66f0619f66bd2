import type { Instant } from '../../domain/brand'
import type { UserId } from '../../domain/ids'
import type { ScramVerifier } from '../../domain/mirror/account'
import type { Secrets } from '../../ports/secrets'
import type { AccessReads, AccessWrites, PasswordRow } from '../../ports/store/access'
import { raw, rows, sql, type Database, type Sql } from '../sql'

/** As many as a policy can ask for, the present one beside them. */
const historyKept = 23

export function passwordReads(database: Database, secrets: Secrets): AccessReads['passwords'] {
  return {
    find: (userId) => findPassword(database, secrets, userId),
    history: async (userId, limit) => {
      const found = await database.all<{ argon2: string }>(
        sql`SELECT argon2 FROM access_password_history WHERE user_id = ${userId} ORDER BY number DESC LIMIT ${limit}`,
      )
      return found.map(({ argon2 }) => argon2)
    },
  }
}

export function passwordWrites(database: Database, secrets: Secrets): AccessWrites['passwords'] {
  const { dialect } = database
  return {
    ...passwordReads(database, secrets),
    getForUpdate: (userId) => findPassword(database, secrets, userId, dialect.forUpdate),
    set: async (userId, row) => {
      const scram = row.scram === undefined ? '' : secrets.seal('chat verifier', JSON.stringify(row.scram))
      const kept = await database.run(sql`INSERT INTO access_password_history (user_id, number, argon2)
        SELECT user_id, changes, argon2 FROM access_password WHERE user_id = ${userId} ${dialect.forUpdate}`)
      if (kept > 0) {
        await database.run(sql`DELETE FROM access_password_history WHERE user_id = ${userId}
          AND number <= (SELECT changes FROM access_password WHERE user_id = ${userId}) - ${historyKept}`)
      }
      await database.run(sql`INSERT INTO access_password (user_id, argon2, scram, changed_at, temporary, never_expires)
        VALUES ${rows([[userId, row.argon2, scram, row.changedAt, row.temporary, row.neverExpires ?? false]])}
        ${dialect.onConflict(['user_id'], {
          argon2: dialect.excluded('argon2'),
          scram: dialect.excluded('scram'),
          changed_at: dialect.excluded('changed_at'),
          temporary: dialect.excluded('temporary'),
          changes: raw('access_password.changes + 1'),
          failures: raw('0'),
          failed_at: raw('NULL'),
          ...(row.neverExpires !== undefined && { never_expires: dialect.excluded('never_expires') }),
        })}`)
    },
    setNeverExpires: async (userId, neverExpires) => {
      await database.run(sql`UPDATE access_password SET never_expires = ${neverExpires} WHERE user_id = ${userId}`)
      return (await findPassword(database, secrets, userId)) !== undefined
    },
    setUsableUntil: async (userId, until) => {
      await database.run(sql`UPDATE access_password SET usable_until = ${until} WHERE user_id = ${userId}`)
    },
    noteFailure: async (userId, at, limit, released) => {
      // in this order: MySQL gives what stands behind the value that was just set
      await database.run(sql`UPDATE access_password
        SET failures = CASE WHEN failures > ${limit} AND failed_at <= ${released} THEN 1 ELSE failures + 1 END, failed_at = ${at}
        WHERE user_id = ${userId} AND (failures <= ${limit} OR failed_at <= ${released})`)
    },
    forgetFailures: async (userId) => {
      await database.run(
        sql`UPDATE access_password SET failures = 0, failed_at = NULL WHERE user_id = ${userId} AND failures > 0`,
      )
    },
  }
}

async function findPassword(
  database: Database,
  secrets: Secrets,
  userId: UserId,
  lock: Sql = raw(''),
): Promise<PasswordRow | undefined> {
  const [row] = await database.all<{
    argon2: string
    scram: string
    changed_at: Instant
    temporary: number
    never_expires: number
    usable_until: Instant | null
    failures: number
    failed_at: Instant | null
  }>(sql`SELECT argon2, scram, changed_at, temporary, never_expires, usable_until, failures, failed_at FROM access_password
    WHERE user_id = ${userId} ${lock}`)
  if (!row) return undefined
  const scram = openVerifier(secrets, row.scram)
  return {
    argon2: row.argon2,
    ...(scram ? { scram } : {}),
    changedAt: row.changed_at,
    temporary: Boolean(row.temporary),
    neverExpires: Boolean(row.never_expires),
    ...(row.usable_until === null ? {} : { usableUntil: row.usable_until }),
    failures: row.failures,
    ...(row.failed_at === null ? {} : { failedAt: row.failed_at }),
  }
}

export function openVerifier(secrets: Secrets, sealed: string): ScramVerifier | undefined {
  const plain = sealed === '' ? undefined : secrets.open('chat verifier', sealed)
  return plain === undefined ? undefined : (JSON.parse(plain) as ScramVerifier)
}
