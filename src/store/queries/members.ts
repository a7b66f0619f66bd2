import type { Member, MembersChanged } from '../../domain/directory/group'
import { some } from '../../domain/directory/group'
import { DomainError } from '../../domain/errors'
import { parseUuid, type GroupId, type MemberListId } from '../../domain/ids'
import type {
  Difference,
  MemberReads,
  MembersPosition,
  MemberSlice,
  MemberWrites,
  UnknownMembers,
} from '../../ports/store/members'
import { chunks, list, raw, rows, sql, type Database, type Sql } from '../sql'

/**
 * Who is in which group, static ones for now: `m` of the list that `g` has now. What asks for memberships asks one of these: from groups
 * to their members, or from members to their groups. SQLite takes a CROSS JOIN in the order it is written in; left to itself, it looks
 * at every group there is.
 */
export const membersOfGroups = raw('directory_group g CROSS JOIN directory_member m ON m.list_id = g.list_id')
export const groupsOfMembers = raw('directory_member m CROSS JOIN directory_group g ON g.list_id = m.list_id')

export function memberReads(database: Database): MemberReads {
  return {
    members: (id, from, limit) => membersOf(database, id, from, limit),
    findList: (id) => findList(database, id),
    idsOf: async (of, after, limit) => {
      const found = await database.all<{ id: string }>(
        sql`SELECT member_id AS id FROM directory_member WHERE list_id = ${of} AND member_id > ${after} ORDER BY member_id LIMIT ${limit}`,
      )
      return found.map((row) => row.id)
    },
    isMember: async (id, user) =>
      (await database.all(sql`SELECT 1 AS x FROM ${membersOfGroups} WHERE g.id = ${id} AND m.member_id = ${user}`)).length > 0,
    countMembers: async (id) =>
      Number(
        (await database.all<{ n: number }>(sql`SELECT COUNT(*) AS n FROM ${membersOfGroups} WHERE g.id = ${id}`))[0]?.n ?? 0,
      ),
  }
}

export function memberWrites(database: Database): Omit<MemberWrites, 'lists'> {
  return {
    ...memberReads(database),
    changeMembers: (id, difference, unknown = 'refuse') => changeMembers(database, id, difference, unknown),
    join: async (id, user) => {
      const { dialect } = database
      await database.run(sql`INSERT INTO directory_group (id, kind, built_in, name, name_key, code, version, created_at, updated_at, list_id)
        VALUES ${rows([[id, 'static', true, 'Administrators', 'administrators', 'Administrators', 1, 0, 0, id]])}
        ${dialect.onConflict(['id'], { built_in: raw('1') })}`)
      await database.run(sql`INSERT INTO directory_member (list_id, member_id, member_kind) VALUES ${rows([[id, user, 'user']])}
        ${dialect.onConflict(['list_id', 'member_id'], { member_kind: dialect.excluded('member_kind') })}`)
    },
  }
}

async function findList(database: Database, id: GroupId): Promise<MemberListId | undefined> {
  return (await database.all<{ list_id: MemberListId }>(sql`SELECT list_id FROM directory_group WHERE id = ${id}`))[0]?.list_id
}

async function membersOf(
  database: Database,
  id: GroupId,
  from: MembersPosition | undefined,
  limit: number,
): Promise<MemberSlice> {
  const of = from?.list ?? (await findList(database, id))
  if (of === undefined) return { members: [] }
  const members = await database.all<Member>(sql`SELECT m.member_id AS id, m.member_kind AS kind, CASE m.member_kind
      WHEN 'user' THEN (SELECT COALESCE(u.display_name, u.login_name) FROM directory_user u WHERE u.id = m.member_id)
      ELSE (SELECT name FROM directory_group WHERE id = m.member_id) END AS display
    FROM directory_member m WHERE m.list_id = ${of} AND m.member_id > ${from?.after ?? ''} ORDER BY m.member_id LIMIT ${limit}`)
  if (from) await requireKept(database, of) // only afterwards does it say that nothing was missing
  return members.length < limit ? { members } : { members, next: { list: of, after: members[limit - 1]!.id } }
}

/** A group's list, or one that was exchanged so lately that who reads it may go on. */
async function requireKept(database: Database, of: MemberListId): Promise<void> {
  const kept = await database.all(sql`SELECT 1 AS x FROM directory_group WHERE list_id = ${of}
    UNION ALL SELECT 1 FROM directory_member_list WHERE id = ${of} AND due_at > ${database.dialect.now}`)
  if (kept.length === 0) {
    throw new DomainError('storeBusy', 'The members were exchanged while they were read. Read them again.')
  }
}

async function changeMembers(
  database: Database,
  group: GroupId,
  { add, remove }: Difference,
  unknown: UnknownMembers,
): Promise<MembersChanged> {
  if (add.length + remove.length === 0) return { added: some(new Set()), removed: some(new Set()) }
  const states = await database.all<{ list: MemberListId; notes: MemberListId | null }>(
    sql`SELECT g.list_id AS list, w.id AS notes FROM directory_group g LEFT JOIN directory_member_list w ON w.group_id = g.id WHERE g.id = ${group}`,
  )
  const of = states[0]!.list
  const removed = await removeMembers(database, of, remove)
  const { added, nested } = await addMembers(database, of, add, unknown)
  await refuseCycle(database, group, nested)
  for (const { notes } of states) {
    if (notes !== null) for (const ids of chunks([...added, ...removed])) await note(database, notes, ids)
  }
  return { added: some(added), removed: some(removed) }
}

async function note(database: Database, notes: MemberListId, ids: readonly string[]): Promise<void> {
  const { dialect } = database
  await database.write(sql`INSERT INTO directory_member (list_id, member_id, member_kind) VALUES ${rows(ids.map((id) => [notes, id, 'note']))}
    ${dialect.onConflict(['list_id', 'member_id'], { member_kind: dialect.excluded('member_kind') })}`)
}

/** Who of these stands in the list. */
export async function present(database: Database, of: MemberListId, ids: readonly string[]): Promise<readonly string[]> {
  const found = await database.all<{ id: string }>(
    sql`SELECT member_id AS id FROM directory_member WHERE list_id = ${of} AND member_id IN ${list(ids)}`,
  )
  return found.map((row) => row.id)
}

export async function removeMembers(database: Database, of: MemberListId, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const removed = new Set<string>()
  for (const some of chunks(ids)) {
    const gone = await present(database, of, some)
    if (gone.length === 0) continue
    await database.write(sql`DELETE FROM directory_member WHERE list_id = ${of} AND member_id IN ${list(gone)}`)
    for (const id of gone) removed.add(id)
  }
  return removed
}

/** The list is ours, by the group's locked row or because nobody else knows it: between looking and inserting nobody adds to it. */
export async function addMembers(
  database: Database,
  of: MemberListId,
  ids: readonly string[],
  unknown: UnknownMembers,
): Promise<{ readonly added: ReadonlySet<string>; readonly nested: readonly string[] }> {
  const added = new Set<string>()
  const nested: string[] = []
  for (const some of chunks(ids)) {
    const kinds = await kindsOfNew(database, of, some, unknown)
    if (kinds.size === 0) continue
    await database.write(
      sql`INSERT INTO directory_member (list_id, member_id, member_kind) VALUES ${rows([...kinds].map(([id, kind]) => [of, id, kind]))}`,
    )
    for (const [id, kind] of kinds) {
      added.add(id)
      if (kind === 'group') nested.push(id)
    }
  }
  return { added, nested }
}

/**
 * Users and groups by id who do not stand in the list, held against a deletion until the commit.
 *
 * @throws DomainError noSuchMember
 */
async function kindsOfNew(
  database: Database,
  of: MemberListId,
  ids: readonly string[],
  unknown: UnknownMembers,
): Promise<ReadonlyMap<string, 'user' | 'group'>> {
  const kinds = new Map<string, 'user' | 'group'>()
  const found = new Set<string>()
  const { forShare } = database.dialect
  const find = async (kind: 'user' | 'group', wanted: readonly string[], isOne: Sql) => {
    if (wanted.length === 0) return
    // by id alone: an index of their kind would lock everybody
    const rows = await database.all<{ id: string; is_one: number; present: number }>(
      sql`SELECT o.id, ${isOne} AS is_one, EXISTS (SELECT 1 FROM directory_member m WHERE m.list_id = ${of} AND m.member_id = o.id) AS present
        FROM ${raw(`directory_${kind} o`)} WHERE o.id IN ${list(wanted)} ${forShare}`,
    )
    for (const { id, is_one, present } of rows) {
      if (!is_one) continue
      found.add(id)
      if (!present) kinds.set(id, kind)
    }
  }
  const possible = ids.filter((id) => parseUuid(id) !== undefined)
  await find('user', possible, raw(`o.kind = 'person'`))
  await find(
    'group',
    possible.filter((id) => !found.has(id)),
    raw('o.built_in = 0'),
  )
  if (found.size < ids.length && unknown === 'refuse') throw noSuchMember(ids.filter((id) => !found.has(id)))
  return kinds
}

const noSuchMember = (ids: readonly string[]) =>
  new DomainError(
    'noSuchMember',
    `No user or group has the id ${ids
      .slice(0, 3)
      .map((id) => id.slice(0, 80))
      .join(', ')}${ids.length > 3 ? ` and ${ids.length - 3} more` : ''}. Create it first, or leave it out.`,
  )

/**
 * One nesting change at a time: two that each look harmless could close a circle together. Looks upwards, from the group to those
 * around it: they are few, its members many.
 *
 * @param nested groups that came into it
 */
export async function refuseCycle(database: Database, group: GroupId, nested: readonly string[]): Promise<void> {
  if (nested.length === 0) return
  const { dialect } = database
  await database.run(sql`INSERT INTO system_lease (name, node, lease_until) VALUES ('nesting', '', 0)
    ${dialect.onConflict(['name'], { lease_until: raw('0') })}`)
  const around = await database.all<{ id: string }>(sql`WITH RECURSIVE around (id) AS (
      SELECT g.id FROM ${groupsOfMembers} WHERE m.member_id = ${group}
      UNION SELECT g.id FROM around a CROSS JOIN ${groupsOfMembers} WHERE m.member_id = a.id
    ) SELECT id FROM around`)
  const above = new Set([group, ...around.map((row) => row.id)])
  if (nested.some((id) => above.has(id))) {
    throw new DomainError(
      'nestingCycle',
      'The group would become a member of itself, directly or by a group inside it. Leave that group out.',
    )
  }
}
