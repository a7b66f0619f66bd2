import type { Instant } from '../../domain/brand'
import { DomainError } from '../../domain/errors'
import type { ClientId, ObjectId } from '../../domain/ids'
import { list, raw, rows, sql, type Database } from '../sql'

/** How long a deleted object can be brought back. */
const tombstoneMs = 30 * 24 * 60 * 60 * 1000

/** @throws DomainError externalIdTaken: an externalId names one object of its client. */
export async function saveExternalId(
  database: Database,
  client: ClientId,
  kind: 'user' | 'group',
  id: ObjectId,
  externalId: string,
): Promise<void> {
  try {
    await database.run(
      sql`INSERT INTO directory_external_id (object_id, client_id, object_kind, external_id) VALUES ${rows([[id, client, kind, externalId]])}`,
    )
  } catch (error) {
    if (database.dialect.duplicateKey(error) === undefined) throw error
    throw new DomainError(
      'externalIdTaken',
      `Another ${kind} has the externalId ${externalId} already. Find it by the filter externalId eq.`,
      {
        cause: error,
      },
    )
  }
}

export async function clearExternalId(database: Database, client: ClientId, id: ObjectId): Promise<void> {
  await database.run(sql`DELETE FROM directory_external_id WHERE object_id = ${id} AND client_id = ${client}`)
}

/** What is left of a deleted object: a snapshot, and of a person by which externalIds its clients knew him. */
export async function tombstoneFor(
  database: Database,
  now: Instant,
  object: { readonly id: ObjectId; readonly kind: 'user' | 'group'; readonly label: string; readonly snapshot: object },
): Promise<void> {
  const { dialect } = database
  await database.run(sql`INSERT INTO directory_tombstone (object_id, object_kind, label, snapshot, deleted_at, expires_at)
    VALUES ${rows([[object.id, object.kind, object.label, JSON.stringify(object.snapshot), now, now + tombstoneMs]])}
    ${dialect.onConflict(['object_id'], {
      snapshot: dialect.excluded('snapshot'),
      deleted_at: dialect.excluded('deleted_at'),
      expires_at: dialect.excluded('expires_at'),
    })}`)
  await database.run(sql`INSERT INTO directory_tombstone_external_id (client_id, external_id, object_id)
    SELECT client_id, external_id, object_id FROM directory_external_id WHERE object_id = ${object.id} AND object_kind = 'user'
    ${dialect.onConflict(['client_id', 'external_id'], { object_id: dialect.excluded('object_id') })}`)
  await database.run(sql`DELETE FROM directory_external_id WHERE object_id = ${object.id}`)
}

/** It lives again: the tombstone goes. */
export async function dropTombstone(database: Database, id: ObjectId): Promise<void> {
  await database.run(sql`DELETE FROM directory_tombstone_external_id WHERE object_id = ${id}`)
  await database.run(sql`DELETE FROM directory_tombstone WHERE object_id = ${id}`)
}

/** Only those whose accounts are gone: while one is still at a target, the work that removes it must live. */
export async function purgeTombstones(database: Database, now: Instant, limit: number): Promise<number> {
  const found = await database.all<{ id: string }>(sql`SELECT object_id AS id FROM directory_tombstone t WHERE expires_at < ${now}
    AND NOT EXISTS (SELECT 1 FROM mirror_link l WHERE l.target IN ('chat', 'mail') AND l.object_id = t.object_id AND l.account_name IS NOT NULL) LIMIT ${limit}`)
  if (found.length === 0) return 0
  const ids = list(found.map((row) => row.id))
  for (const table of ['mirror_work', 'mirror_link', 'directory_tombstone_external_id', 'directory_tombstone']) {
    await database.run(sql`DELETE FROM ${raw(table)} WHERE object_id IN ${ids}`)
  }
  return found.length
}
