import type { Instant } from '../../domain/brand'
import type { UserId } from '../../domain/ids'
import type { MailAddress } from '../../domain/system/mail-address'
import { foldCase } from '../../domain/text'
import type { ResetReads, ResetWrites } from '../../ports/store/resets'
import { raw, rows, sql, type Database } from '../sql'
import { purge } from './access'

const hourMs = 3_600_000

export function resetReads(database: Database): ResetReads {
  return {
    resets: {
      find: async (tokenHash) => {
        const [row] = await database.all<{ user_id: UserId; address: MailAddress; expires_at: Instant }>(
          sql`SELECT user_id, address, expires_at FROM access_password_reset WHERE token_hash = ${tokenHash}`,
        )
        return row && { userId: row.user_id, tokenHash, address: row.address, expiresAt: row.expires_at }
      },
      holders: async (address) => {
        const found = await database.all<{ user_id: UserId }>(
          sql`SELECT DISTINCT user_id FROM directory_user_email WHERE value_key = ${foldCase(address)} LIMIT 2`,
        )
        return found.map((row) => row.user_id)
      },
    },
  }
}

export function resetWrites(database: Database): ResetWrites {
  const { dialect } = database
  return {
    resets: {
      ...resetReads(database).resets,
      put: async ({ userId, tokenHash, address, expiresAt }, now, perHour) => {
        await database.run(sql`INSERT INTO access_password_reset (user_id, address, expires_at, hour_at, sent)
          VALUES ${rows([[userId, address, 0, now, 0]])} ${dialect.onConflict(['user_id'], { user_id: raw('access_password_reset.user_id') })}`)
        await database.run(sql`UPDATE access_password_reset SET hour_at = ${now}, sent = 0
          WHERE user_id = ${userId} AND hour_at <= ${now - hourMs}`)
        const put = await database.run(sql`UPDATE access_password_reset SET token_hash = ${tokenHash}, address = ${address},
          expires_at = ${expiresAt}, sent = sent + 1 WHERE user_id = ${userId} AND sent < ${perHour}`)
        return put > 0
      },
      take: async (tokenHash) =>
        (await database.run(sql`UPDATE access_password_reset SET token_hash = NULL WHERE token_hash = ${tokenHash}`)) > 0,
      purge: (before, limit) => purge(database, 'access_password_reset', 'user_id', sql`hour_at < ${before}`, limit),
    },
  }
}
