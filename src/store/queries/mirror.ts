import type { Instant } from '../../domain/brand'
import type { GroupId, UserId } from '../../domain/ids'
import type { AccountName, Fence, TargetName } from '../../domain/mirror/account'
import type { Secrets } from '../../ports/secrets'
import type { Link } from '../../domain/mirror/link'
import type { ClaimedWork, MirrorReads, MirrorWrites, WorkResult } from '../../ports/store/mirror'
import { never } from '../never'
import { chunks, list, raw, rows, sql, type Database } from '../sql'
import { parsedJson } from './access'
import { openVerifier } from './passwords'
import { keptAccounts, leaverReads, leaverWrites } from './leavers'
import { membersOfGroups } from './members'
import { selectUsers } from './users'

type LinkRow = {
  readonly object_id: UserId
  readonly account_name: AccountName | null
  readonly intent: 'put' | 'delete' | null
  readonly applied_hash: string | null
  readonly named: number
  readonly address: string | null
  readonly aliases: unknown
}

export function mirrorReads(database: Database): MirrorReads {
  return { mirror: reads(database) }
}

export function mirrorWrites(database: Database, deps: { readonly secrets: Secrets }): MirrorWrites {
  const { dialect } = database
  return {
    mirror: {
      ...reads(database),
      claim: async (target, limit, leaseMs) => {
        const fence = await nextFence(database, target)
        const due = await database.all<{
          object_id: UserId
          wanted: number
          attempts: number
        }>(sql`SELECT object_id, wanted, attempts FROM mirror_work
          WHERE target = ${target} AND due_at <= ${dialect.now} AND lease_until <= ${dialect.now} ORDER BY due_at, object_id LIMIT ${limit} ${dialect.skipLocked}`)
        if (due.length === 0) return { fence, work: [] }
        const ids = due.map((row) => row.object_id)
        await database.run(sql`UPDATE mirror_work SET lease_until = ${dialect.now} + ${leaseMs}, fence = ${fence}, claimed = wanted
          WHERE target = ${target} AND object_id IN ${list(ids)}`)
        return { fence, work: await withFacts(database, deps.secrets, target, due) }
      },
      nameHolders: async (target, names) => {
        const found = await database.all<{
          account_name: AccountName
          object_id: UserId
          living: string | null
          kept_until: Instant | null
        }>(
          sql`SELECT l.account_name, l.object_id, u.id AS living, t.accounts_until AS kept_until FROM mirror_link l
            LEFT JOIN directory_user u ON u.id = l.object_id
            LEFT JOIN directory_tombstone t ON t.object_id = l.object_id AND t.accounts_until > ${dialect.now}
            WHERE l.target = ${target} AND l.account_name IN ${list(names)}`,
        )
        return new Map(
          found.map((row) => [
            row.account_name,
            {
              objectId: row.object_id,
              leaving: row.living === null,
              ...(row.kept_until === null ? {} : { keptUntil: row.kept_until }),
            },
          ]),
        )
      },
      saveIntents: (target, links) => saveLinks(database, target, links),
      settle: (target, fence, results) => settle(database, target, fence, results),
      retryAll: (target) =>
        database.run(sql`UPDATE mirror_work SET due_at = 0, attempts = 0, dead_since = NULL
          WHERE target = ${target} AND due_at IS NOT NULL`),
      retryWaiting: (target) =>
        database.run(sql`UPDATE mirror_work SET due_at = 0 WHERE target = ${target} AND due_at < ${never} AND attempts > 0`),
      endClaims: async () => void (await database.run(sql`UPDATE mirror_work SET lease_until = 0 WHERE lease_until > 0`)),
      nameFreed: async (target, loginNames) => {
        // no claim goes on meanwhile: it would have seen the name held, and its work would wait on
        await database.all(sql`SELECT fence FROM mirror_target WHERE target = ${target} ${dialect.forUpdate}`)
        for (const some of chunks(loginNames)) {
          const found = await database.all<{ id: UserId }>(sql`SELECT id FROM directory_user WHERE login_key IN ${list(some)}`)
          if (found.length === 0) continue
          await database.run(sql`UPDATE mirror_work SET wanted = wanted + 1, due_at = 0, attempts = 0, dead_since = NULL
            WHERE target = ${target} AND object_id IN ${list(found.map((row) => row.id))} AND wanted > done`)
        }
      },
      ...leaverWrites(database),
      doubt: async (target, ids) => {
        for (const some of chunks(ids)) {
          await database.run(
            sql`UPDATE mirror_link SET applied_hash = NULL WHERE target = ${target} AND object_id IN ${list(some)}`,
          )
          await database.run(sql`UPDATE mirror_work SET wanted = wanted + 1, due_at = 0, attempts = 0, dead_since = NULL
            WHERE target = ${target} AND object_id IN ${list(some)}`)
        }
      },
      nextFence: (target) => nextFence(database, target),
      setOutage: async (target, reason) => {
        if (reason === undefined) {
          await database.run(sql`UPDATE mirror_target SET down_reason = NULL, down_since = NULL WHERE target = ${target}`)
          return
        }
        await database.run(sql`INSERT INTO mirror_target (target, fence, down_reason, down_since) VALUES (${target}, 0, ${reason}, ${dialect.now})
          ${dialect.onConflict(['target'], {
            down_reason: dialect.excluded('down_reason'),
            down_since: sql`COALESCE(mirror_target.down_since, ${dialect.excluded('down_since')})`,
          })}`)
      },
    },
  }
}

function reads(database: Database): MirrorReads['mirror'] {
  const { dialect } = database
  // never due, or a leaver's not before he is to go: few are due later
  const dead = sql`due_at > ${dialect.now} AND dead_since IS NOT NULL`
  return {
    status: async (target) => {
      const one = async (query: ReturnType<typeof sql>) => Number((await database.all<{ n: number | null }>(query))[0]?.n ?? 0)
      const doneAt = await one(sql`SELECT done_at AS n FROM mirror_target WHERE target = ${target}`)
      const [failing] = await database.all<{ reason: string }>(
        sql`SELECT reason FROM mirror_work WHERE target = ${target} AND due_at < ${never} AND reason IS NOT NULL LIMIT 1`,
      )
      return {
        target,
        accounts: await one(
          sql`SELECT COUNT(*) AS n FROM mirror_link WHERE target = ${target} AND account_name IS NOT NULL AND named = 1`,
        ),
        waiting: await one(sql`SELECT COUNT(*) AS n FROM mirror_work WHERE target = ${target} AND due_at < ${never}
          AND (wanted > done OR attempts > 0 OR due_at <= ${dialect.now})`),
        deadLetters: await one(sql`SELECT COUNT(*) AS n FROM mirror_work WHERE target = ${target} AND ${dead}`),
        ...(doneAt === 0 ? {} : { lastDoneAt: doneAt }),
        ...(failing ? { lastError: failing.reason } : {}),
      }
    },
    deadLetters: async (limit) => {
      const found = await database.all<{
        target: TargetName
        object_id: UserId
        login_name: string | null
        reason: string
        dead_since: Instant
      }>(
        sql`SELECT w.target, w.object_id, u.login_name, w.reason, w.dead_since FROM mirror_work w LEFT JOIN directory_user u ON u.id = w.object_id
          WHERE w.target IN ('chat', 'mail') AND ${dead} ORDER BY w.dead_since, w.object_id LIMIT ${limit}`,
      )
      return found.map((row) => ({
        target: row.target,
        objectId: row.object_id,
        ...(row.login_name === null ? {} : { loginName: row.login_name }),
        reason: row.reason,
        since: row.dead_since,
      }))
    },
    ...leaverReads(database),
    hasDueWork: async (target) =>
      (
        await database.all(
          sql`SELECT 1 AS x FROM mirror_work WHERE target = ${target} AND due_at <= ${dialect.now} AND lease_until <= ${dialect.now} LIMIT 1`,
        )
      ).length > 0,
    listLinks: async (target, after, limit) => {
      const found = await database.all<{ object_id: UserId; account_name: AccountName; applied_hash: string | null }>(
        sql`SELECT object_id, account_name, applied_hash FROM mirror_link WHERE target = ${target} AND account_name > ${after ?? ''}
          ORDER BY account_name LIMIT ${limit}`,
      )
      return found.map((row) => ({
        objectId: row.object_id,
        accountName: row.account_name,
        ...(row.applied_hash === null ? {} : { appliedHash: row.applied_hash }),
      }))
    },
    groupAccounts: async (target, group) => {
      const found = await database.all<{ name: AccountName }>(sql`WITH RECURSIVE inside (id, kind) AS (
          SELECT m.member_id, m.member_kind FROM ${membersOfGroups} WHERE g.id = ${group}
          UNION SELECT m.member_id, m.member_kind FROM inside i CROSS JOIN ${membersOfGroups} WHERE g.id = i.id AND i.kind = 'group'
        ) SELECT DISTINCT l.account_name AS name FROM inside i JOIN mirror_link l ON l.target = ${target} AND l.object_id = i.id
        WHERE i.kind = 'user' AND l.account_name IS NOT NULL AND l.applied_hash IS NOT NULL ORDER BY l.account_name`)
      return found.map((row) => row.name)
    },
    listGroups: (after, limit) =>
      database.all<{ id: GroupId; name: string }>(
        sql`SELECT id, name FROM directory_group WHERE built_in = 0 AND id > ${after ?? ''} ORDER BY id LIMIT ${limit}`,
      ),
  }
}

/** Locks the target's row: claims of one target follow each other, so no two give one account name away. */
async function nextFence(database: Database, target: TargetName): Promise<Fence> {
  const { dialect } = database
  await database.run(sql`INSERT INTO mirror_target (target, fence) VALUES (${target}, 1)
    ${dialect.onConflict(['target'], { fence: raw('mirror_target.fence + 1') })}`)
  const [row] = await database.all<{ fence: Fence }>(sql`SELECT fence FROM mirror_target WHERE target = ${target}`)
  return row!.fence
}

async function withFacts(
  database: Database,
  secrets: Secrets,
  target: TargetName,
  due: readonly { readonly object_id: UserId; readonly attempts: number }[],
): Promise<readonly ClaimedWork[]> {
  const ids = due.map((row) => row.object_id)
  const users = new Map((await selectUsers(database, ids)).map((user) => [user.id, user]))
  const links = new Map((await selectLinks(database, target, ids)).map((link) => [link.objectId, link]))
  const passwords = await database.all<{ user_id: UserId; argon2: string; scram: string }>(
    sql`SELECT user_id, argon2, scram FROM access_password WHERE user_id IN ${list(ids)}`,
  )
  const secretOf = new Map(
    passwords.map((row) => {
      const scram = openVerifier(secrets, row.scram)
      return [row.user_id, { argon2: row.argon2, ...(scram ? { scram } : {}) }] as const
    }),
  )
  const keptUntil = await keptAccounts(
    database,
    ids.filter((id) => !users.has(id)),
  )
  return due.map((row) => {
    const until = keptUntil.get(row.object_id)
    return {
      objectId: row.object_id,
      attempts: row.attempts,
      link: links.get(row.object_id),
      user: users.get(row.object_id),
      secret: secretOf.get(row.object_id),
      ...(until === undefined ? {} : { keptUntil: until }),
    }
  })
}

async function selectLinks(database: Database, target: TargetName, ids: readonly UserId[]): Promise<readonly Link[]> {
  const found =
    await database.all<LinkRow>(sql`SELECT object_id, account_name, intent, applied_hash, named, address, aliases FROM mirror_link
    WHERE target = ${target} AND object_id IN ${list(ids)}`)
  return found.map((row) => ({
    objectId: row.object_id,
    ...(row.account_name === null ? {} : { accountName: row.account_name }),
    ...(row.intent === null ? {} : { intent: row.intent }),
    ...(row.applied_hash === null ? {} : { appliedHash: row.applied_hash }),
    named: Boolean(row.named),
    ...(row.address === null ? {} : { address: row.address }),
    aliases: parsedJson(row.aliases) as readonly string[],
  }))
}

async function saveLinks(database: Database, target: TargetName, links: readonly Link[]): Promise<void> {
  const { dialect } = database
  const columns = ['account_name', 'intent', 'applied_hash', 'named', 'address', 'aliases']
  for (const some of chunks(links)) {
    await database.run(
      sql`INSERT INTO mirror_link (target, object_id, account_name, intent, applied_hash, named, address, aliases) VALUES ${rows(
        some.map((link) => [
          target,
          link.objectId,
          link.accountName,
          link.intent,
          link.appliedHash,
          link.named,
          link.address,
          JSON.stringify(link.aliases),
        ]),
      )} ${dialect.onConflict(['target', 'object_id'], Object.fromEntries(columns.map((column) => [column, dialect.excluded(column)])))}`,
    )
    // where another person has the account name, MySQL would have written over his link
    const saved = await selectLinks(
      database,
      target,
      some.map((link) => link.objectId),
    )
    if (saved.length !== some.length) throw new Error(`an account name at ${target} belongs to another person`)
  }
}

async function settle(
  database: Database,
  target: TargetName,
  fence: Fence,
  results: ReadonlyMap<UserId, WorkResult>,
): Promise<number> {
  const { dialect } = database
  const found = await database.all<{ object_id: UserId }>(sql`SELECT object_id FROM mirror_work
    WHERE target = ${target} AND fence = ${fence} AND object_id IN ${list([...results.keys()])} ${dialect.forUpdate}`)
  const ours = found.map((row) => ({ id: row.object_id, result: results.get(row.object_id)! }))
  const done = ours.flatMap(({ id, result }) => (result.kind === 'done' ? [{ id, link: result.link }] : []))
  if (done.length > 0) {
    await saveLinks(
      database,
      target,
      done.map(({ link }) => link),
    )
    await database.run(sql`UPDATE mirror_work SET done = claimed, due_at = CASE WHEN wanted > claimed THEN 0 ELSE NULL END, attempts = 0,
      lease_until = 0, reason = NULL, dead_since = NULL, done_at = ${dialect.now}
      WHERE target = ${target} AND object_id IN ${list(done.map(({ id }) => id))}`)
    await database.run(sql`UPDATE mirror_target SET done_at = ${dialect.now} WHERE target = ${target}`)
  }
  for (const { id, result } of ours) {
    // what was asked meanwhile is due at once, whatever became of this try
    if (result.kind === 'retry' || result.kind === 'wait') {
      const next = result.kind === 'wait' ? sql`${result.until}` : sql`${dialect.now} + ${result.delayMs}`
      await database.run(sql`UPDATE mirror_work SET due_at = CASE WHEN wanted > claimed THEN 0 ELSE ${next} END,
        attempts = attempts + 1, lease_until = 0, reason = ${result.reason} WHERE target = ${target} AND object_id = ${id}`)
    } else if (result.kind === 'deadLetter') {
      await database.run(sql`UPDATE mirror_work SET due_at = CASE WHEN wanted > claimed THEN 0 ELSE ${never} END, attempts = attempts + 1,
        lease_until = 0, reason = ${result.reason}, dead_since = CASE WHEN wanted > claimed THEN NULL ELSE ${dialect.now} END
        WHERE target = ${target} AND object_id = ${id}`)
    }
    if ('nextAt' in result && result.nextAt !== undefined) {
      await database.run(
        sql`UPDATE mirror_work SET due_at = ${result.nextAt} WHERE target = ${target} AND object_id = ${id} AND (due_at IS NULL OR due_at = ${never})`,
      )
    }
  }
  return ours.length
}
