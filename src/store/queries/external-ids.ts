import type { Instant, Version } from '../../domain/brand'
import type { User } from '../../domain/directory/user'
import { DomainError } from '../../domain/errors'
import type { ClientId, GroupId, ObjectId, UserId } from '../../domain/ids'
import { list, raw, rows, sql, type Database } from '../sql'
import { parsedJson } from './access'

/** How long a deleted object can be brought back. */
const tombstoneMs = 30 * 24 * 60 * 60 * 1000

type Holder = { readonly id: ObjectId; readonly snapshot: unknown }

/**
 * The externalId of a new person, before his row. That of a deleted one, which his client gave him, brings that person back: whose id
 * the row is to have then, and at which version he left.
 *
 * @throws DomainError externalIdTaken
 */
export async function claimExternalId(
  database: Database,
  client: ClientId,
  id: UserId,
  externalId: string,
): Promise<{ readonly id: UserId; readonly version: Version } | undefined> {
  const holder = await insertExternalId(database, client, 'user', id, externalId)
  if (!holder) return undefined
  if (holder.snapshot === null) throw externalIdTaken('user', externalId)
  await database.write(sql`DELETE FROM directory_tombstone WHERE object_id = ${holder.id}`)
  return { id: holder.id as UserId, version: (parsedJson(holder.snapshot) as User).version }
}

/** Of new people, as a set: those of deleted people are refused as well. @throws DomainError externalIdTaken */
export async function insertNewExternalIds(
  database: Database,
  people: readonly { readonly id: UserId; readonly as: ClientId; readonly externalId: string }[],
): Promise<void> {
  try {
    await database.insert(
      columns,
      people.map(({ id, as, externalId }) => [id, as, 'user', externalId]),
    )
  } catch (error) {
    if (database.dialect.duplicateKey(error) === undefined) throw error
    throw externalIdTaken('user', people[0]!.externalId)
  }
}

const columns = 'directory_external_id (object_id, client_id, object_kind, external_id)'

/** Of an object that has none of this client. That of a deleted person is free. @throws DomainError externalIdTaken */
export async function saveExternalId(
  database: Database,
  client: ClientId,
  kind: 'user' | 'group',
  id: ObjectId,
  externalId: string,
): Promise<void> {
  const holder = await insertExternalId(database, client, kind, id, externalId)
  if (!holder) return
  if (holder.snapshot === null) throw externalIdTaken(kind, externalId)
  await clearExternalId(database, client, holder.id)
  await insertExternalId(database, client, kind, id, externalId)
}

/** @returns who has it already, with the snapshot that is left of him when he was deleted */
async function insertExternalId(
  database: Database,
  client: ClientId,
  kind: 'user' | 'group',
  id: ObjectId,
  externalId: string,
): Promise<Holder | undefined> {
  try {
    await database.run(sql`INSERT INTO ${raw(columns)} VALUES ${rows([[id, client, kind, externalId]])}`)
    return undefined
  } catch (error) {
    if (database.dialect.duplicateKey(error) === undefined) throw error
  }
  const [holder] = await database.all<Holder>(sql`SELECT x.object_id AS id, t.snapshot FROM directory_external_id x
    LEFT JOIN directory_tombstone t ON t.object_id = x.object_id
    WHERE x.client_id = ${client} AND x.object_kind = ${kind} AND x.external_id = ${externalId} ${database.dialect.forUpdate}`)
  if (!holder) throw externalIdTaken(kind, externalId)
  return holder
}

const externalIdTaken = (kind: 'user' | 'group', externalId: string) =>
  new DomainError(
    'externalIdTaken',
    `Another ${kind} has the externalId ${externalId} already. Find it by the filter externalId eq.`,
  )

export async function clearExternalId(database: Database, client: ClientId, id: ObjectId): Promise<void> {
  await database.write(sql`DELETE FROM directory_external_id WHERE object_id = ${id} AND client_id = ${client}`)
}

/** A group that is gone is not brought back: its externalIds are free for another. */
export async function clearExternalIds(database: Database, id: GroupId): Promise<void> {
  await database.write(sql`DELETE FROM directory_external_id WHERE object_id = ${id}`)
}

/** What is left of a deleted object: a snapshot. A person keeps his externalIds, by which their clients bring him back. */
export async function tombstoneFor(
  database: Database,
  now: Instant,
  object: { readonly id: ObjectId; readonly kind: 'user' | 'group'; readonly label: string; readonly snapshot: object },
): Promise<void> {
  await database.write(sql`INSERT INTO directory_tombstone (object_id, object_kind, label, snapshot, deleted_at, expires_at)
    VALUES ${rows([[object.id, object.kind, object.label, JSON.stringify(object.snapshot), now, now + tombstoneMs]])}`)
}

/**
 * Only those whose accounts are gone: while one is still at a target, the work that removes it must live. Whom his client brings back at
 * this moment is passed over.
 */
export async function purgeTombstones(database: Database, now: Instant, limit: number): Promise<number> {
  const found = await database.all<{ id: string }>(sql`SELECT object_id AS id FROM directory_tombstone t WHERE expires_at < ${now}
    AND NOT EXISTS (SELECT 1 FROM mirror_link l WHERE l.target IN ('chat', 'mail') AND l.object_id = t.object_id AND l.account_name IS NOT NULL) LIMIT ${limit}
    ${database.dialect.skipLocked}`)
  if (found.length === 0) return 0
  const ids = list(found.map((row) => row.id))
  for (const table of ['mirror_work', 'mirror_link', 'directory_external_id', 'directory_tombstone']) {
    await database.run(sql`DELETE FROM ${raw(table)} WHERE object_id IN ${ids}`)
  }
  return found.length
}
