import type { Instant, Version } from '../../domain/brand'
import type { Group, GroupKind } from '../../domain/directory/group'
import { checkVersion } from '../../domain/directory/check-version'
import { DomainError } from '../../domain/errors'
import type { GroupId, MemberListId } from '../../domain/ids'
import { foldCase } from '../../domain/text'
import type { Clock } from '../../ports/clock'
import type { AsClient, GroupReads, GroupWrites } from '../../ports/store/directory'
import { filterToSql, type ColumnOf, type ElementsColumn, type ValueColumn } from '../filter-to-sql'
import { raw, rows, sql, type Database, type Sql } from '../sql'
import { clearExternalId, clearExternalIds, saveExternalId, tombstoneFor } from './external-ids'
import type { Kept } from './kept'
import { memberLists, releaseList, takeOver } from './member-lists'
import { memberReads, memberWrites } from './members'
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
    ...memberReads(database),
  }
}

/** @param cameOrWent told of each that is inserted or deleted */
export function groupWrites(database: Database, deps: { readonly clock: Clock }, cameOrWent: () => void): GroupWrites {
  return {
    ...groupReads(database),
    ...memberWrites(database),
    lists: memberLists(database),
    insert: async (group, as, members) => {
      if (members !== undefined) await takeOver(database, members)
      await unlessTaken(database, group.name, () =>
        database.run(sql`INSERT INTO directory_group (id, kind, built_in, name, name_key, code, version, created_at, updated_at, list_id)
          VALUES ${rows([[group.id, group.kind, group.builtIn, group.name, foldCase(group.name), group.id, group.version, group.createdAt, group.updatedAt, members ?? group.id]])}`),
      )
      if (as && group.externalId !== undefined) await saveExternalId(database, as, 'group', group.id, group.externalId)
      cameOrWent()
    },
    getForUpdate: async (id, as, ifVersions) => {
      const [group] = await select(database, as, sql`g.id = ${id}`, database.dialect.forUpdate)
      if (!group) throw new DomainError('groupNotFound', `There is no group ${id}.`)
      checkVersion('group', group.version, ifVersions)
      return group
    },
    update: async ({ id, ...from }, change, as) => {
      const { name = from.name } = change
      const version = (from.version + 1) as Version
      await unlessTaken(database, name, () =>
        database.write(sql`UPDATE directory_group SET name = ${name}, name_key = ${foldCase(name)}, version = ${version},
          updated_at = ${deps.clock.now()} WHERE id = ${id}`),
      )
      if (as && change.externalId !== undefined) {
        await clearExternalId(database, as, id)
        if (change.externalId !== null) await saveExternalId(database, as, 'group', id, change.externalId)
      }
      return version
    },
    delete: async (group) => {
      await tombstoneFor(database, deps.clock.now(), { id: group.id, kind: 'group', label: group.name, snapshot: group })
      await clearExternalIds(database, group.id)
      const [row] = await database.all<{ list_id: MemberListId }>(sql`SELECT list_id FROM directory_group WHERE id = ${group.id}`)
      // first the row itself, as with users
      await database.write(sql`DELETE FROM directory_group WHERE id = ${group.id}`)
      await releaseList(database, row!.list_id)
      await database.write(sql`DELETE FROM directory_member WHERE member_id = ${group.id}`)
      cameOrWent()
    },
  }
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
  any: (condition) => sql`(g.list_id IN (SELECT m.list_id FROM directory_member m WHERE ${condition}))`,
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
