import type { Instant, Version } from '../../domain/brand'
import type { Group, GroupKind, Member } from '../../domain/directory/group'
import { DomainError } from '../../domain/errors'
import { parseUuid, type GroupId } from '../../domain/ids'
import { foldCase } from '../../domain/text'
import type { Clock } from '../../ports/clock'
import type { AsClient, GroupReads, GroupWrites, UnknownMembers } from '../../ports/store/directory'
import { filterToSql, type ColumnOf, type ElementsColumn, type ValueColumn } from '../filter-to-sql'
import { chunks, list, raw, rows, sql, type Database, type Sql } from '../sql'
import { clearExternalId, clearExternalIds, saveExternalId, tombstoneFor } from './external-ids'
import type { Kept } from './kept'
import { page } from './page'
import { externalIdColumn } from './user-columns'

type Row = {
  readonly id: GroupId
  readonly kind: GroupKind
  readonly built_in: number
  readonly name: string
  readonly version: Version
  readonly created_at: Instant
  readonly updated_at: Instant
  readonly external_id: string | null
}

export function groupReads(database: Database, kept?: Kept): GroupReads {
  return {
    find: async (id, as) => (await select(database, as, sql`g.id = ${id}`))[0],
    list: (query, as) =>
      page(database, query, {
        from: raw('directory_group g'),
        id: raw('g.id'),
        where: query.filter
          ? sql`g.built_in = 0 AND ${filterToSql(query.filter, groupColumn(as), database.dialect)}`
          : raw('g.built_in = 0'),
        unique: ['displayName', 'externalId', 'id'],
        orderBy: query.sort && groupOrder(as, query.sort.attribute),
        load: (where) => select(database, as, where),
        kept,
      }),
    members: (id, after, limit) => membersOf(database, id, after, limit),
    isMember: async (id, user) =>
      (await database.all(sql`SELECT 1 AS x FROM directory_member WHERE group_id = ${id} AND member_id = ${user}`)).length > 0,
    countMembers: async (id) =>
      Number(
        (await database.all<{ n: number }>(sql`SELECT COUNT(*) AS n FROM directory_member WHERE group_id = ${id}`))[0]?.n ?? 0,
      ),
  }
}

/** @param cameOrWent told of each that is inserted or deleted */
export function groupWrites(database: Database, deps: { readonly clock: Clock }, cameOrWent: () => void): GroupWrites {
  return {
    ...groupReads(database),
    insert: async (group, as) => {
      await unlessTaken(database, group.name, () =>
        database.run(sql`INSERT INTO directory_group (id, kind, built_in, name, name_key, code, version, created_at, updated_at)
          VALUES ${rows([[group.id, group.kind, group.builtIn, group.name, foldCase(group.name), group.id, group.version, group.createdAt, group.updatedAt]])}`),
      )
      if (as && group.externalId !== undefined) await saveExternalId(database, as, 'group', group.id, group.externalId)
      cameOrWent()
    },
    getForUpdate: async (id, as, ifVersions) => {
      const [group] = await select(database, as, sql`g.id = ${id}`, database.dialect.forUpdate)
      if (!group) throw new DomainError('groupNotFound', `There is no group ${id}.`)
      if (ifVersions && !ifVersions.includes(group.version)) {
        throw new DomainError(
          'versionMismatch',
          `The group has changed meanwhile: it is at version ${group.version}. Read it again and repeat.`,
        )
      }
      return group
    },
    update: async ({ id, ...from }, change, as) => {
      const { name = from.name } = change
      const version = (from.version + 1) as Version
      await unlessTaken(database, name, () =>
        database.run(sql`UPDATE directory_group SET name = ${name}, name_key = ${foldCase(name)}, version = ${version},
          updated_at = ${deps.clock.now()} WHERE id = ${id}`),
      )
      if (as && change.externalId !== undefined) {
        await clearExternalId(database, as, id)
        if (change.externalId !== null) await saveExternalId(database, as, 'group', id, change.externalId)
      }
      return version
    },
    addMembers: async (id, members, unknown) => addMembers(database, id, parseMembers(members, unknown), unknown),
    join: async (id, user) => {
      const { dialect } = database
      await database.run(sql`INSERT INTO directory_group (id, kind, built_in, name, name_key, code, version, created_at, updated_at)
        VALUES ${rows([[id, 'static', true, 'Administrators', 'administrators', 'Administrators', 1, 0, 0]])}
        ${dialect.onConflict(['id'], { built_in: raw('1') })}`)
      await database.run(sql`INSERT INTO directory_member (group_id, member_id, member_kind) VALUES ${rows([[id, user, 'user']])}
        ${dialect.onConflict(['group_id', 'member_id'], { member_kind: dialect.excluded('member_kind') })}`)
    },
    removeMembers: async (id, members) => removeMembers(database, id, parseMembers(members, 'ignore')),
    replaceMembers: async (id, members, unknown) => {
      const wanted = new Set(parseMembers(members, unknown))
      const gone: string[] = []
      for await (const present of memberIds(database, id)) {
        for (const member of present) if (!wanted.delete(member)) gone.push(member)
      }
      const removed = await removeMembers(database, id, gone)
      return removed + (await addMembers(database, id, [...wanted], unknown))
    },
    delete: async (group) => {
      await tombstoneFor(database, deps.clock.now(), { id: group.id, kind: 'group', label: group.name, snapshot: group })
      await clearExternalIds(database, group.id)
      // first the row itself, as with users
      await database.run(sql`DELETE FROM directory_group WHERE id = ${group.id}`)
      await database.run(sql`DELETE FROM directory_member WHERE group_id = ${group.id}`)
      await database.run(sql`DELETE FROM directory_member WHERE member_id = ${group.id}`)
      cameOrWent()
    },
  }
}

/** Direct members, static ones for now; the one place that says who is in a group. */
async function membersOf(database: Database, id: GroupId, after: string | undefined, limit: number): Promise<readonly Member[]> {
  return database.all<Member>(sql`SELECT m.member_id AS id, m.member_kind AS kind, COALESCE(u.display_name, u.login_name, g.name) AS display
    FROM directory_member m LEFT JOIN directory_user u ON u.id = m.member_id LEFT JOIN directory_group g ON g.id = m.member_id
    WHERE m.group_id = ${id} AND m.member_id > ${after ?? ''} ORDER BY m.member_id LIMIT ${limit}`)
}

async function* memberIds(database: Database, id: GroupId): AsyncIterable<readonly string[]> {
  let after = ''
  for (;;) {
    const found = await database.all<{ id: string }>(
      sql`SELECT member_id AS id FROM directory_member WHERE group_id = ${id} AND member_id > ${after} ORDER BY member_id LIMIT 5000`,
    )
    if (found.length === 0) return
    yield found.map((row) => row.id)
    after = found[found.length - 1]!.id
  }
}

/** Each id once. One that cannot be an id of ours names nobody. */
function parseMembers(members: readonly string[], unknown: UnknownMembers = 'refuse'): readonly string[] {
  const ids = new Set<string>()
  for (const member of members) {
    const id = parseUuid(member)
    if (id !== undefined) ids.add(id)
    else if (unknown === 'refuse') throw noSuchMember([member])
  }
  return [...ids]
}

/** The group row is locked already, so between looking and inserting nobody else adds to it. */
async function addMembers(
  database: Database,
  group: GroupId,
  members: readonly string[],
  unknown: UnknownMembers = 'refuse',
): Promise<number> {
  let added = 0
  const nested: string[] = []
  for (const some of chunks(members)) {
    const present = await database.all<{ id: string }>(
      sql`SELECT member_id AS id FROM directory_member WHERE group_id = ${group} AND member_id IN ${list(some)}`,
    )
    const known = new Set(present.map((row) => row.id))
    const wanted = some.filter((id) => !known.has(id))
    if (wanted.length === 0) continue
    const kinds = await kindsOf(database, wanted)
    const missing = wanted.filter((id) => kinds.has(id))
    if (unknown === 'refuse' && missing.length < wanted.length) throw noSuchMember(wanted.filter((id) => !kinds.has(id)))
    if (missing.length === 0) continue
    await database.run(
      sql`INSERT INTO directory_member (group_id, member_id, member_kind) VALUES ${rows(
        missing.map((id) => [group, id, kinds.get(id)!]),
      )}`,
    )
    added += missing.length
    nested.push(...missing.filter((id) => kinds.get(id) === 'group'))
  }
  if (nested.length > 0) await refuseCycle(database, group)
  return added
}

/** Users and groups by id, held against a deletion until the commit; who is nobody is not among them. */
async function kindsOf(database: Database, ids: readonly string[]): Promise<ReadonlyMap<string, 'user' | 'group'>> {
  const kinds = new Map<string, 'user' | 'group'>()
  const users = await database.all<{ id: string }>(
    sql`SELECT id FROM directory_user WHERE kind = 'person' AND id IN ${list(ids)} ${database.dialect.forShare}`,
  )
  for (const user of users) kinds.set(user.id, 'user')
  const others = ids.filter((id) => !kinds.has(id))
  if (others.length === 0) return kinds
  const groups = await database.all<{ id: string }>(
    sql`SELECT id FROM directory_group WHERE built_in = 0 AND id IN ${list(others)} ${database.dialect.forShare}`,
  )
  for (const group of groups) kinds.set(group.id, 'group')
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

/** One nesting change at a time: two that each look harmless could close a circle together. */
async function refuseCycle(database: Database, group: GroupId): Promise<void> {
  const { dialect } = database
  await database.run(sql`INSERT INTO system_lease (name, node, lease_until) VALUES ('nesting', '', 0)
    ${dialect.onConflict(['name'], { lease_until: raw('0') })}`)
  const found = await database.all(sql`WITH RECURSIVE below (id) AS (
      SELECT member_id FROM directory_member WHERE group_id = ${group} AND member_kind = 'group'
      UNION SELECT m.member_id FROM below b JOIN directory_member m ON m.group_id = b.id WHERE m.member_kind = 'group'
    ) SELECT id FROM below WHERE id = ${group}`)
  if (found.length > 0) {
    throw new DomainError(
      'nestingCycle',
      'The group would become a member of itself, directly or by a group inside it. Leave that group out.',
    )
  }
}

async function removeMembers(database: Database, group: GroupId, members: readonly string[]): Promise<number> {
  let removed = 0
  for (const some of chunks(members)) {
    removed += await database.run(sql`DELETE FROM directory_member WHERE group_id = ${group} AND member_id IN ${list(some)}`)
  }
  return removed
}

async function select(database: Database, as: AsClient, where: Sql, lock: Sql = raw('')): Promise<readonly Group[]> {
  const found =
    await database.all<Row>(sql`SELECT g.id, g.kind, g.built_in, g.name, g.version, g.created_at, g.updated_at, x.external_id
    FROM directory_group g LEFT JOIN directory_external_id x ON x.object_id = g.id AND x.client_id = ${as ?? ''} WHERE ${where} ${lock}`)
  return found.map((row) => ({
    id: row.id,
    kind: row.kind,
    builtIn: Boolean(row.built_in),
    name: row.name,
    ...(row.external_id === null ? {} : { externalId: row.external_id }),
    version: row.version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }))
}

async function unlessTaken(database: Database, name: string, write: () => Promise<unknown>): Promise<void> {
  try {
    await write()
  } catch (error) {
    if (database.dialect.duplicateKey(error) === undefined) throw error
    throw new DomainError('groupNameTaken', `Another group has the name ${name} already (case does not count). Choose another.`, {
      cause: error,
    })
  }
}

const value = (text: string, compare: ValueColumn['compare']): ValueColumn => ({ kind: 'value', sql: raw(text), compare })

const columns: Readonly<Record<string, ValueColumn>> = {
  id: value('g.id', 'exact'),
  displayName: value('g.name_key', 'folded'),
  'meta.created': value('g.created_at', 'number'),
  'meta.lastModified': value('g.updated_at', 'number'),
  'meta.resourceType': value(`'Group'`, 'exact'),
}

const members: ElementsColumn = {
  kind: 'elements',
  any: (condition) => sql`(g.id IN (SELECT m.group_id FROM directory_member m WHERE ${condition}))`,
  column: (attribute) => (attribute === 'members.type' ? value('m.member_kind', 'folded') : value('m.member_id', 'exact')),
  default: 'members.value',
}

function groupColumn(as: AsClient): ColumnOf {
  return (attribute) => {
    if (attribute === 'externalId') return externalIdColumn(as, 'group', 'g.id')
    if (attribute === 'members' || attribute.startsWith('members.')) {
      return attribute === 'members' ? members : { ...members, default: attribute }
    }
    const column = columns[attribute]
    if (!column) throw new Error(`no column for ${attribute}`)
    return column
  }
}

function groupOrder(as: AsClient, attribute: string): Sql {
  if (attribute === 'externalId') {
    return sql`(SELECT x.external_id FROM directory_external_id x WHERE x.object_id = g.id AND x.client_id = ${as ?? ''})`
  }
  const column = groupColumn(as)(attribute)
  return column.kind === 'value' ? column.sql : raw('g.id')
}
