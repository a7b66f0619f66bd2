import { isDeepStrictEqual } from 'node:util'
import type { Instant, Version } from '../../domain/brand'
import { checkVersion } from '../../domain/directory/check-version'
import type { LoginName } from '../../domain/directory/login-name'
import type { User, UserAttributes, UserKind, UserProfile, UserStatus } from '../../domain/directory/user'
import { DomainError } from '../../domain/errors'
import type { UserId } from '../../domain/ids'
import { foldCase } from '../../domain/text'
import type { Clock } from '../../ports/clock'
import type { AsClient, ListQuery, Locked, UserReads, UserView, UserWrites } from '../../ports/store/directory'
import { filterToSql } from '../filter-to-sql'
import { foldProfile } from '../folded'
import { joinSql, list, raw, sql, type Database, type Sql, type SqlValue } from '../sql'
import { parsedJson } from './access'
import {
  claimExternalId,
  clearExternalId,
  insertNewExternalIds,
  purgeTombstones,
  saveExternalId,
  tombstoneFor,
} from './external-ids'
import { groupsOf } from './groups-of'
import type { Kept } from './kept'
import { page, type Listed } from './page'
import { userColumn, userOrder } from './user-columns'

type Row = {
  readonly id: UserId
  readonly kind: UserKind
  readonly status: UserStatus
  readonly login_name: LoginName
  readonly display_name: string | null
  readonly family_name: string | null
  readonly given_name: string | null
  readonly profile: string
  readonly version: Version
  readonly created_at: Instant
  readonly updated_at: Instant
  readonly external_id: string | null
}

export function userReads(database: Database, kept?: Kept): UserReads {
  return {
    find: async (id, as) => (await select(database, as, sql`u.id = ${id}`))[0],
    findByLoginName: async (loginName) => (await select(database, undefined, sql`u.login_key = ${foldCase(loginName)}`))[0],
    view: async (id, as) => (await withGroups(database, await selectPlaced(database, as, sql`u.id = ${id}`)))[0],
    list: (query, as) =>
      page(
        database,
        query,
        listed(database, query, as, kept, (where) => select(database, as, where)),
      ),
    listViews: async (query, as) => {
      const load = (where: Sql) => selectPlaced(database, as, where)
      const found = await page(database, query, listed(database, query, as, kept, load))
      return { ...found, items: await withGroups(database, found.items) }
    },
    groupsOf: (ids) => groupsOf(database, ids),
    count: async () => {
      const found = await database.all<{ n: number }>(sql`SELECT COUNT(*) AS n FROM directory_user WHERE kind = 'person'`)
      return Number(found[0]?.n ?? 0)
    },
  }
}

function listed<Item>(
  { dialect }: Database,
  { filter, sort }: ListQuery,
  as: AsClient,
  kept: Kept | undefined,
  load: (where: Sql) => Promise<readonly Item[]>,
): Listed<Item> {
  return {
    from: raw('directory_user u'),
    id: raw('u.id'),
    where: filter
      ? sql`u.kind = 'person' AND ${filterToSql(filter, userColumn(dialect, as), dialect)}`
      : raw(`u.kind = 'person'`),
    unique: ['userName', 'externalId', 'id'],
    orderBy: sort && userOrder(dialect, as, sort.attribute),
    load,
    kept,
  }
}

/** @param cameOrWent told of each who is inserted or deleted */
export function userWrites(database: Database, deps: { readonly clock: Clock }, cameOrWent: () => void): UserWrites {
  return {
    ...userReads(database),
    insert: async (draft, as) => {
      const back =
        as && draft.externalId !== undefined ? await claimExternalId(database, as, draft.id, draft.externalId) : undefined
      // an ETag never comes twice
      const user = back ? { ...draft, id: back.id, version: (back.version + 1) as Version } : draft
      await insertRows(database, [user])
      cameOrWent()
      return user
    },
    insertNew: async (people) => {
      await insertNewExternalIds(
        database,
        people.flatMap(({ user: { id, externalId }, as }) => (as && externalId !== undefined ? [{ id, as, externalId }] : [])),
      )
      await insertRows(
        database,
        people.map(({ user }) => user),
      )
      cameOrWent()
    },
    getForUpdate: async (id, as, ifVersions) => {
      const [user] = await select(database, as, sql`u.id = ${id}`, database.dialect.forUpdate)
      if (!user) throw new DomainError('userNotFound', `There is no user ${id}.`)
      checkVersion('user', user.version, ifVersions)
      return user
    },
    lock: (ids, as) => selectPlaced(database, as, sql`u.id IN ${list(ids)}`, database.dialect.forUpdate),
    update: async (from, to, as) => {
      const { id } = from
      const version = (from.version + 1) as Version
      const updatedAt = deps.clock.now()
      await unlessTaken(database, [to], () =>
        database.write(
          sql`UPDATE directory_user SET ${changedColumns(from, to)}, version = ${version}, updated_at = ${updatedAt} WHERE id = ${id}`,
        ),
      )
      if (!isDeepStrictEqual(from.profile.emails, to.profile.emails)) {
        await database.write(sql`DELETE FROM directory_user_email WHERE user_id = ${id}`)
        await insertEmails(database, [{ id, profile: to.profile }])
      }
      if (as && from.externalId !== to.externalId) {
        await clearExternalId(database, as, id)
        if (to.externalId !== undefined) await saveExternalId(database, as, 'user', id, to.externalId)
      }
      return { ...to, id, kind: from.kind, version, createdAt: from.createdAt, updatedAt }
    },
    delete: async (user) => {
      await tombstoneFor(database, deps.clock.now(), { id: user.id, kind: 'user', label: user.loginName, snapshot: user })
      // first the row itself: it waits for those who make him a member just now, whose shared lock may be on an index only (InnoDB)
      await database.write(sql`DELETE FROM directory_user WHERE id = ${user.id}`)
      await database.write(sql`DELETE FROM directory_member WHERE member_id = ${user.id}`)
      for (const table of [
        'directory_user_email',
        'access_password',
        'access_password_history',
        'access_password_reset',
        'access_second_step',
        'access_challenge',
        'access_session',
      ]) {
        await database.write(sql`DELETE FROM ${raw(table)} WHERE user_id = ${user.id}`)
      }
      cameOrWent()
    },
    purgeTombstones: (now, limit) => purgeTombstones(database, now, limit),
  }
}

async function select(database: Database, as: AsClient, where: Sql, lock: Sql = raw('')): Promise<readonly User[]> {
  return (await database.all<Row>(sql`SELECT ${columns} ${rowsOf(as)} WHERE ${where} ${lock}`)).map(toUser)
}

type Placed = Locked & { readonly id: UserId }

/** With whether they are in any group: most are asked for one by one, and of who is in none no groups are looked for. */
async function selectPlaced(database: Database, as: AsClient, where: Sql, lock: Sql = raw('')): Promise<readonly Placed[]> {
  const found = await database.all<Row & { readonly in_groups: number }>(
    sql`SELECT ${columns}, EXISTS (SELECT 1 FROM directory_member m WHERE m.member_id = u.id) AS in_groups ${rowsOf(as)} WHERE ${where} ${lock}`,
  )
  return found.map((row) => ({ id: row.id, user: toUser(row), isInGroups: Boolean(row.in_groups) }))
}

async function withGroups(database: Database, people: readonly Placed[]): Promise<readonly UserView[]> {
  const ids = people.flatMap(({ id, isInGroups }) => (isInGroups ? [id] : []))
  const groups = await groupsOf(database, ids)
  return people.map(({ id, user }) => ({ user, groups: groups.get(id) ?? [] }))
}

const columns =
  raw(`u.id, u.kind, u.status, u.login_name, u.display_name, u.family_name, u.given_name, u.profile, u.version, u.created_at,
  u.updated_at, x.external_id`)
const rowsOf = (as: AsClient) => sql`FROM directory_user u
  LEFT JOIN directory_external_id x ON x.object_id = u.id AND x.client_id = ${as ?? ''}`

function toUser(row: Row): User {
  return {
    id: row.id,
    kind: row.kind,
    status: row.status,
    loginName: row.login_name,
    ...(row.display_name === null ? {} : { displayName: row.display_name }),
    ...(row.family_name === null ? {} : { familyName: row.family_name }),
    ...(row.given_name === null ? {} : { givenName: row.given_name }),
    ...(row.external_id === null ? {} : { externalId: row.external_id }),
    profile: parsedJson(row.profile) as UserProfile,
    version: row.version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}

/** Only what differs: SQLite writes every index anew whose column is named. */
function changedColumns(from: UserAttributes, to: UserAttributes): Sql {
  const [status, loginName, loginKey, displayName, displayKey, familyName, givenName, profile, folded] = written(to)
  const isRenamed = from.familyName !== to.familyName || from.givenName !== to.givenName
  const sets = [sql`status = ${status}`]
  if (from.loginName !== to.loginName) sets.push(sql`login_name = ${loginName}, login_key = ${loginKey}`)
  if (from.displayName !== to.displayName) sets.push(sql`display_name = ${displayName}, display_key = ${displayKey}`)
  if (isRenamed) sets.push(sql`family_name = ${familyName}, given_name = ${givenName}`)
  if (!isDeepStrictEqual(from.profile, to.profile)) sets.push(sql`profile = ${profile}`)
  if (isRenamed || !isDeepStrictEqual(from.profile, to.profile)) sets.push(sql`folded = ${folded}`)
  return joinSql(sets, ', ')
}

/** The columns of what can be changed, in the order of the table. */
function written(user: UserAttributes): readonly SqlValue[] {
  return [
    user.status,
    user.loginName,
    foldCase(user.loginName),
    user.displayName ?? null,
    user.displayName === undefined ? null : foldCase(user.displayName),
    user.familyName ?? null,
    user.givenName ?? null,
    JSON.stringify(user.profile),
    JSON.stringify(foldProfile(user)),
  ]
}

async function unlessTaken(database: Database, [user]: readonly UserAttributes[], write: () => Promise<unknown>): Promise<void> {
  try {
    await write()
  } catch (error) {
    if (database.dialect.duplicateKey(error) === undefined) throw error
    throw new DomainError(
      'loginNameTaken',
      `Another user has the login name ${user?.loginName} already (case does not count). Choose another.`,
      { cause: error },
    )
  }
}

/** @throws DomainError loginNameTaken */
async function insertRows(database: Database, users: readonly User[]): Promise<void> {
  await unlessTaken(database, users, () =>
    database.insert(
      `directory_user (id, kind, status, login_name, login_key, display_name, display_key, family_name, given_name,
        profile, folded, version, created_at, updated_at)`,
      users.map((user) => [user.id, user.kind, ...written(user), user.version, user.createdAt, user.updatedAt]),
    ),
  )
  await insertEmails(database, users)
}

function insertEmails(database: Database, users: readonly Pick<User, 'id' | 'profile'>[]): Promise<void> {
  return database.insert(
    'directory_user_email (user_id, position, value, value_key, type_key, is_primary)',
    users.flatMap(({ id, profile }) =>
      (profile.emails ?? []).map((email, position) => [
        id,
        position,
        email.value,
        foldCase(email.value),
        email.type === undefined ? null : foldCase(email.type),
        email.primary === true,
      ]),
    ),
  )
}

/** Users by id, without anybody's externalId. */
export function selectUsers(database: Database, ids: readonly UserId[]): Promise<readonly User[]> {
  return select(database, undefined, sql`u.id IN ${list(ids)}`)
}
