import { DomainError } from '../../domain/errors'
import type { MemberListId } from '../../domain/ids'
import type { MemberLists } from '../../ports/store/members'
import { chunks, list, sql, type Database } from '../sql'
import { addMembers, present, refuseCycle, removeMembers } from './members'

/** How long a list is kept that a program prepares, and one that was exchanged: who reads it goes on reading. */
const kept = { preparingMs: 60 * 60_000, readingMs: 10 * 60_000 } as const

export function memberLists(database: Database): MemberLists {
  const { dialect } = database
  return {
    open: (of) => register(database, of, kept.preparingMs),
    fill: async (of, ids, unknown) => {
      const { added, nested } = await addMembers(database, of, ids, unknown)
      return { ids: [...added], nested }
    },
    watch: async (id, notes) => {
      await database.run(
        sql`INSERT INTO directory_member_list (id, group_id, due_at) VALUES (${notes}, ${id}, ${dialect.now} + ${kept.preparingMs})`,
      )
      const [group] = await database.all<{ list_id: MemberListId }>(sql`SELECT list_id FROM directory_group WHERE id = ${id}`)
      return group!.list_id
    },
    takeNotes: async (id, of, notes) => {
      const valid = await database.all(sql`SELECT 1 AS x FROM directory_group g JOIN directory_member_list w ON w.group_id = g.id
        WHERE g.id = ${id} AND g.list_id = ${of} AND w.id = ${notes}`)
      if (valid.length === 0) return undefined
      await discard(database, [notes])
      const noted = await database.all<{ id: string }>(sql`SELECT member_id AS id FROM directory_member WHERE list_id = ${notes}`)
      const members = new Set<string>()
      for (const some of chunks(noted)) {
        const ids = some.map((row) => row.id)
        for (const member of await present(database, of, ids)) members.add(member)
      }
      return { members: [...members], others: noted.map((row) => row.id).filter((one) => !members.has(one)) }
    },
    exchange: async (id, of, correction, nested, unknown) => {
      await removeMembers(database, of, correction.remove)
      const corrected = await addMembers(database, of, correction.add, unknown)
      await refuseCycle(database, id, [...nested, ...corrected.nested])
      const [group] = await database.all<{ list_id: MemberListId }>(sql`SELECT list_id FROM directory_group WHERE id = ${id}`)
      await takeOver(database, of)
      await register(database, group!.list_id, kept.readingMs)
      await database.run(sql`UPDATE directory_group SET list_id = ${of} WHERE id = ${id}`)
    },
    discard: (lists) => discard(database, lists),
    purge: (limit) => purge(database, limit),
  }
}

/** A list that is no group's, until it is purged. */
async function register(database: Database, of: MemberListId, keptMs: number): Promise<void> {
  await database.run(sql`INSERT INTO directory_member_list (id, due_at) VALUES (${of}, ${database.dialect.now} + ${keptMs})`)
}

async function discard(database: Database, lists: readonly MemberListId[]): Promise<void> {
  await database.run(
    sql`UPDATE directory_member_list SET group_id = NULL, due_at = ${database.dialect.now} WHERE id IN ${list(lists)}`,
  )
}

/** The list of a group that is deleted: nobody's from now on. */
export const releaseList = (database: Database, of: MemberListId) => register(database, of, kept.readingMs)

/** From now on it is a group's. @throws DomainError storeBusy when it was purged already */
export async function takeOver(database: Database, of: MemberListId): Promise<void> {
  const there = await database.run(sql`DELETE FROM directory_member_list WHERE id = ${of} AND due_at > ${database.dialect.now}`)
  if (there === 0) throw new DomainError('storeBusy', 'The change took more than an hour. Try again when less is going on.')
}

async function purge(database: Database, limit: number): Promise<number> {
  const { dialect } = database
  // notes of a program that died: who changes the group at this moment may still write to them
  await database.run(sql`UPDATE directory_member_list SET group_id = NULL, due_at = ${dialect.now} + ${kept.readingMs}
    WHERE group_id IS NOT NULL AND due_at <= ${dialect.now}`)
  const [due] = await database.all<{ id: MemberListId }>(
    sql`SELECT id FROM directory_member_list WHERE due_at <= ${dialect.now} ORDER BY due_at LIMIT 1 ${dialect.skipLocked}`,
  )
  if (!due) return 0
  const first = await database.all<{ id: string }>(
    sql`SELECT member_id AS id FROM directory_member WHERE list_id = ${due.id} ORDER BY member_id LIMIT ${limit}`,
  )
  if (first.length > 0) {
    await database.run(
      sql`DELETE FROM directory_member WHERE list_id = ${due.id} AND member_id <= ${first[first.length - 1]!.id}`,
    )
  }
  if (first.length < limit) await database.run(sql`DELETE FROM directory_member_list WHERE id = ${due.id}`)
  return first.length + 1
}
