import type { GroupId, UserId } from '../../domain/ids'
import type { GroupRef } from '../../ports/store/directory'
import { chunks, list, sql, type Database } from '../sql'
import { groupsOfMembers } from './members'

type Row = { readonly member: string; readonly id: GroupId; readonly name: string; readonly nested: number }

/**
 * Direct groups and the groups around them: one query a level for a whole page of users.
 * Built-in groups are ours.
 */
export async function groupsOf(database: Database, ids: readonly UserId[]): Promise<ReadonlyMap<UserId, readonly GroupRef[]>> {
  const around = new Map<string, readonly Row[]>()
  let next: readonly string[] = ids
  while (next.length > 0) {
    const found = new Set<GroupId>()
    for (const some of chunks(next)) {
      const level = await database.all<Row>(
        sql`SELECT m.member_id AS member, g.id, g.name,
          EXISTS (SELECT 1 FROM directory_member o WHERE o.member_id = g.id) AS nested FROM ${groupsOfMembers} WHERE m.member_id IN ${list(some)} AND g.built_in = 0`,
      )
      for (const row of level) {
        const of = around.get(row.member) as Row[] | undefined
        if (of) of.push(row)
        else around.set(row.member, [row])
        if (row.nested) found.add(row.id)
      }
    }
    next = [...found].filter((id) => !around.has(id))
    for (const id of next) around.set(id, [])
  }
  return new Map(ids.filter((id) => around.has(id)).map((id) => [id, refsOf(around, id)]))
}

function refsOf(around: ReadonlyMap<string, readonly Row[]>, user: UserId): readonly GroupRef[] {
  const refs = new Map<GroupId, GroupRef>()
  for (const { id, name } of around.get(user) ?? []) refs.set(id, { id, name, direct: true })
  // a Map goes on to what is added while it is walked
  for (const id of refs.keys()) {
    for (const outer of around.get(id) ?? []) {
      if (!refs.has(outer.id)) refs.set(outer.id, { id: outer.id, name: outer.name, direct: false })
    }
  }
  return [...refs.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
}
