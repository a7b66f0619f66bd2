import { fullMs, guessesIn, waitAfter, type GuessCount } from '../../domain/access/guessing'
import type { GuessReads, GuessWrites } from '../../ports/store/guesses'
import { list, raw, rows, sql, type Database } from '../sql'
import { purge } from './access'

export const guessReads = (database: Database): GuessReads['guesses'] => ({ list: (keys) => findCounts(database, keys) })

export function guessWrites(database: Database): GuessWrites['guesses'] {
  const { dialect } = database
  return {
    add: async (key, limit, now) => {
      // the first write takes the row: who comes at the same moment waits for the commit
      await database.run(sql`INSERT INTO access_guess (key_hash, empty_at, wait_until) VALUES ${rows([[key, now, 0]])}
        ${dialect.onConflict(['key_hash'], { wait_until: raw('access_guess.wait_until') })}`)
      const count = (await findCounts(database, [key]))[0]!
      if (count.waitUntil > now) return count.waitUntil
      const emptyAt = Math.min(Math.max(count.emptyAt, now) + limit.leakMs, now + fullMs(limit))
      const wait = waitAfter(limit, guessesIn(limit, { ...count, emptyAt }, now))
      const waitUntil = wait === 0 ? 0 : now + wait
      await database.run(sql`UPDATE access_guess SET empty_at = ${emptyAt}, wait_until = ${waitUntil} WHERE key_hash = ${key}`)
      return undefined
    },
    takeBack: async (key, limit) => {
      await database.run(
        sql`UPDATE access_guess SET empty_at = empty_at - ${limit.leakMs}, wait_until = 0 WHERE key_hash = ${key}`,
      )
    },
    delete: async (key) => {
      await database.run(sql`DELETE FROM access_guess WHERE key_hash = ${key}`)
    },
    purge: (now, limit) => purge(database, 'access_guess', 'key_hash', sql`empty_at < ${now} AND wait_until < ${now}`, limit),
  }
}

async function findCounts(database: Database, keys: readonly string[]): Promise<readonly GuessCount[]> {
  const found = await database.all<{ empty_at: number; wait_until: number }>(
    sql`SELECT empty_at, wait_until FROM access_guess WHERE key_hash IN ${list(keys)}`,
  )
  return found.map(({ empty_at: emptyAt, wait_until: waitUntil }) => ({ emptyAt, waitUntil }))
}
