import type { Instant } from '../../domain/brand'
import type { UserId } from '../../domain/ids'
import type { Secrets } from '../../ports/secrets'
import type { Challenge, SecondStep, SecondStepReads, SecondStepWrites } from '../../ports/store/second-steps'
import { rows, sql, type Database } from '../sql'
import { parsedJson, purge } from './access'

type Deps = { readonly secrets: Secrets }
const [stepPurpose, challengePurpose] = ['second step', 'half-way sign-in']

export function secondStepReads(database: Database, deps: Deps): SecondStepReads {
  return {
    secondSteps: {
      find: (userId) => find(database, deps, userId),
      findChallenge: async (idHash) => {
        const [row] = await database.all<{
          user_id: UserId
          content: string
          code_mac: string | null
          tries: number
          expires_at: Instant
        }>(sql`SELECT user_id, content, code_mac, tries, expires_at FROM access_challenge WHERE id_hash = ${idHash}`)
        const content = row && deps.secrets.open(challengePurpose, row.content)
        if (!row || content === undefined) return undefined
        const { user_id: userId, code_mac: codeMac, tries, expires_at: expiresAt } = row
        return { idHash, userId, content, ...(codeMac === null ? {} : { codeMac }), tries, expiresAt } satisfies Challenge
      },
    },
  }
}

export function secondStepWrites(database: Database, deps: Deps): SecondStepWrites {
  const { dialect } = database
  return {
    secondSteps: {
      ...secondStepReads(database, deps).secondSteps,
      put: async ({ userId, method, secret, lastStep, since, recovery }) => {
        await database.run(sql`DELETE FROM access_second_step WHERE user_id = ${userId}`)
        const sealed = deps.secrets.seal(stepPurpose, secret)
        await database.run(sql`INSERT INTO access_second_step (user_id, method, secret, last_step, since, recovery)
          VALUES ${rows([[userId, method, sealed, lastStep, since, JSON.stringify(recovery)]])}`)
      },
      delete: async (userId) => {
        await database.run(sql`DELETE FROM access_challenge WHERE user_id = ${userId}`)
        return (await database.run(sql`DELETE FROM access_second_step WHERE user_id = ${userId}`)) > 0
      },
      useStep: async (userId, step) =>
        (await database.run(
          sql`UPDATE access_second_step SET last_step = ${step} WHERE user_id = ${userId} AND method = 'totp' AND last_step < ${step}`,
        )) > 0,
      useRecovery: async (userId, mac) => {
        const [row] = await database.all<{ recovery: unknown }>(
          sql`SELECT recovery FROM access_second_step WHERE user_id = ${userId} ${dialect.forUpdate}`,
        )
        const kept = (row ? parsedJson(row.recovery) : []) as readonly string[]
        if (!kept.includes(mac)) return false
        const left = JSON.stringify(kept.filter((one) => one !== mac))
        await database.run(sql`UPDATE access_second_step SET recovery = ${left} WHERE user_id = ${userId}`)
        return true
      },
      putChallenge: async ({ idHash, userId, content, codeMac, tries, expiresAt }) => {
        await database.run(sql`DELETE FROM access_challenge WHERE id_hash = ${idHash}`)
        const sealed = deps.secrets.seal(challengePurpose, content)
        await database.run(sql`INSERT INTO access_challenge (id_hash, user_id, content, code_mac, tries, expires_at)
          VALUES ${rows([[idHash, userId, sealed, codeMac, tries, expiresAt]])}`)
      },
      countTry: async (idHash, now, tries) =>
        (await database.run(
          sql`UPDATE access_challenge SET tries = tries + 1 WHERE id_hash = ${idHash} AND tries < ${tries} AND expires_at > ${now}`,
        )) > 0,
      takeChallenge: async (idHash) => (await database.run(sql`DELETE FROM access_challenge WHERE id_hash = ${idHash}`)) > 0,
      purgeChallenges: (now, limit) => purge(database, 'access_challenge', 'id_hash', sql`expires_at < ${now}`, limit),
    },
  }
}

async function find(database: Database, { secrets }: Deps, userId: UserId): Promise<SecondStep | undefined> {
  const [row] = await database.all<{
    method: SecondStep['method']
    secret: string
    last_step: number
    since: Instant
    recovery: unknown
  }>(sql`SELECT method, secret, last_step, since, recovery FROM access_second_step WHERE user_id = ${userId}`)
  if (!row) return undefined
  const secret = secrets.open(stepPurpose, row.secret)
  const { method, last_step: lastStep, since } = row
  return {
    userId,
    method,
    ...(secret === undefined ? {} : { secret }),
    lastStep,
    since,
    recovery: parsedJson(row.recovery) as readonly string[],
  }
}
