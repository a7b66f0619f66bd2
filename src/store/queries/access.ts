import type { Instant } from '../../domain/brand'
import { administratorsId } from '../../domain/directory/group'
import type { UserId } from '../../domain/ids'
import type { Clock } from '../../ports/clock'
import type { Secrets } from '../../ports/secrets'
import type { AccessReads, AccessWrites, KeptSession, SessionRow } from '../../ports/store/access'
import { list, raw, rows, sql, type Database, type Sql } from '../sql'
import { membersOfGroups } from './members'
import { passwordReads, passwordWrites } from './passwords'

type Deps = { readonly clock: Clock; readonly secrets: Secrets }

export function accessReads(database: Database, deps: Deps): AccessReads {
  return {
    passwords: passwordReads(database, deps.secrets),
    sessions: {
      find: (idHash) => findSession(database, idHash),
      listOf: (userId, since) => listSessions(database, userId, since),
    },
  }
}

export function accessWrites(database: Database, deps: Deps): AccessWrites {
  const reads = accessReads(database, deps)
  const { dialect } = database
  return {
    passwords: passwordWrites(database, deps.secrets),
    sessions: {
      ...reads.sessions,
      insert: async (session, passwordAt) => {
        const { idHash, userId, method, createdAt, lastSeenAt, address, agent, passwordExpired, remembered } = session
        const samePassword = sql`JOIN access_password p ON p.user_id = u.id AND p.changed_at = ${passwordAt}`
        const begun =
          await database.run(sql`INSERT INTO access_session (id_hash, user_id, method, created_at, last_seen_at, address, agent,
            password_expired, remembered)
          SELECT ${idHash}, u.id, ${method}, ${createdAt}, ${lastSeenAt}, ${address?.slice(0, 64)}, ${agent?.slice(0, 255)},
            ${passwordExpired ?? false}, ${remembered ?? false}
          FROM directory_user u ${passwordAt === undefined ? raw('') : samePassword}
          WHERE u.id = ${userId} AND u.status = 'inUse' ${dialect.forShare}`)
        return begun > 0
      },
      touch: async (idHash, at) => {
        await database.write(sql`UPDATE access_session SET last_seen_at = ${at} WHERE id_hash = ${idHash}`)
      },
      passwordChanged: async (idHash) => {
        await database.run(sql`UPDATE access_session SET password_expired = 0 WHERE id_hash = ${idHash}`)
      },
      delete: async (idHash) => (await database.run(sql`DELETE FROM access_session WHERE id_hash = ${idHash}`)) > 0,
      deleteOne: async (userId, idHash) =>
        (await database.run(sql`DELETE FROM access_session WHERE user_id = ${userId} AND id_hash = ${idHash}`)) > 0,
      deleteOf: (userId, except) =>
        database.run(sql`DELETE FROM access_session WHERE user_id = ${userId} AND id_hash <> ${except ?? ''}`),
      purge: (before, limit) => purge(database, 'access_session', 'id_hash', sql`last_seen_at < ${before}`, limit),
    },
    consumed: {
      take: async (kind, id, expiresAt) => {
        try {
          await database.run(sql`INSERT INTO access_consumed (kind, id, expires_at) VALUES ${rows([[kind, id, expiresAt]])}`)
          return true
        } catch (error) {
          if (dialect.duplicateKey(error) === undefined) throw error
          return false
        }
      },
      purge: (now, limit) => purge(database, 'access_consumed', 'id', sql`expires_at < ${now}`, limit),
    },
  }
}

/** In chunks by key: MySQL and SQLite both delete a list of keys, neither needs a LIMIT in DELETE. */
export async function purge(database: Database, table: string, key: string, where: Sql, limit: number): Promise<number> {
  const found = await database.all<{ id: string }>(sql`SELECT ${raw(key)} AS id FROM ${raw(table)} WHERE ${where} LIMIT ${limit}`)
  if (found.length === 0) return 0
  return database.run(sql`DELETE FROM ${raw(table)} WHERE ${raw(key)} IN ${list(found.map((row) => row.id))} AND ${where}`)
}

/** A JSON column is text on SQLite and MariaDB; MySQL's driver has parsed it. */
export const parsedJson = (value: unknown): unknown => (typeof value === 'string' ? JSON.parse(value) : value)

async function findSession(database: Database, idHash: string): Promise<KeptSession | undefined> {
  const [row] = await database.all<
    Omit<StoredSession, 'id_hash'> & {
      login_name: string
      administrator: number
      temporary: number | null
      changed_at: Instant | null
      usable_until: Instant | null
    }
  >(sql`SELECT s.user_id, u.login_name, s.method, s.created_at, s.last_seen_at, s.address, s.agent, s.password_expired, s.remembered,
    p.temporary, p.changed_at, p.usable_until,
    EXISTS (SELECT 1 FROM ${membersOfGroups} WHERE g.id = ${administratorsId} AND m.member_id = s.user_id) AS administrator
    FROM access_session s JOIN directory_user u ON u.id = s.user_id LEFT JOIN access_password p ON p.user_id = s.user_id
    WHERE s.id_hash = ${idHash} AND u.status = 'inUse'`)
  if (!row) return undefined
  const { changed_at: changedAt, usable_until: usableUntil } = row
  return {
    ...sessionRow({ ...row, id_hash: idHash }),
    loginName: row.login_name,
    administrator: Boolean(row.administrator),
    ...(changedAt !== null && {
      password: { temporary: Boolean(row.temporary), changedAt, ...(usableUntil !== null && { usableUntil }) },
    }),
  }
}

type StoredSession = {
  readonly id_hash: string
  readonly user_id: UserId
  readonly method: 'saml' | 'password'
  readonly created_at: Instant
  readonly last_seen_at: Instant
  readonly address: string | null
  readonly agent: string | null
  readonly password_expired: number
  readonly remembered: number
}

async function listSessions(database: Database, userId: UserId, since: Instant): Promise<readonly SessionRow[]> {
  const found = await database.all<StoredSession>(sql`SELECT id_hash, user_id, method, created_at, last_seen_at, address, agent,
    password_expired, remembered FROM access_session WHERE user_id = ${userId} AND last_seen_at > ${since} ORDER BY last_seen_at DESC, id_hash LIMIT 1000`)
  return found.map(sessionRow)
}

const sessionRow = (row: StoredSession): SessionRow => ({
  idHash: row.id_hash,
  userId: row.user_id,
  method: row.method,
  createdAt: row.created_at,
  lastSeenAt: row.last_seen_at,
  passwordExpired: Boolean(row.password_expired),
  remembered: Boolean(row.remembered),
  ...(row.address === null ? {} : { address: row.address }),
  ...(row.agent === null ? {} : { agent: row.agent }),
})
