import type { Scope } from '../../domain/access/actor'
import type { Client, ClientUse } from '../../domain/access/client'
import type { ClientToken, Token, TokenKind } from '../../domain/access/token'
import type { Instant, Version } from '../../domain/brand'
import { DomainError } from '../../domain/errors'
import type { ClientId, TokenId } from '../../domain/ids'
import { foldCase } from '../../domain/text'
import type { ClientReads, ClientWrites } from '../../ports/store/clients'
import { chunks, list, raw, rows, sql, type Database, type Sql } from '../sql'
import { parsedJson, purge } from './access'

export function clientReads(database: Database): ClientReads {
  return {
    list: () => selectClients(database, sql`1 = 1 ORDER BY c.name_key`),
    find: async (id) => (await selectClients(database, sql`c.id = ${id}`))[0],
    findByName: async (name) => (await selectClients(database, sql`c.name_key = ${foldCase(name)}`))[0],
    findToken: (by) => findToken(database, 'hash' in by ? sql`t.hash = ${by.hash}` : sql`t.id = ${by.id}`),
    listTokens: async (client) => {
      const found = await database.all<TokenRow>(sql`SELECT ${tokenColumns}, c.name AS client_name FROM access_token t
        JOIN access_client c ON c.id = t.client_id WHERE ${client === undefined ? raw('1 = 1') : sql`t.client_id = ${client}`} ORDER BY t.id`)
      return found.map(parseToken)
    },
    countExternalIds: async (id) => {
      const [row] = await database.all<{ n: number }>(
        sql`SELECT COUNT(*) AS n FROM directory_external_id WHERE client_id = ${id}`,
      )
      return Number(row?.n ?? 0)
    },
    uses: async (id, from, to) =>
      (
        await database.all<Omit<ClientUse, 'clientId'>>(sql`SELECT hour, operation, outcome, requests FROM access_client_use
          WHERE client_id = ${id} AND hour >= ${from} AND hour < ${to} ORDER BY hour, operation, outcome`)
      ).map((row) => ({ clientId: id, ...row })),
  }
}

/** @param changed is told of everything that makes what is remembered of clients and tokens untrue */
export function clientWrites(database: Database, changed: () => void): ClientWrites {
  const reads = clientReads(database)
  const { dialect } = database
  const change = async (statement: Sql): Promise<number> => {
    const affected = await database.run(statement)
    changed()
    return affected
  }
  return {
    ...reads,
    insert: async (client) => {
      const row = [client.id, client.name, foldCase(client.name), client.createdAt, client.version, ...settings(client)]
      await refusingTakenName(database, client.name, () =>
        change(sql`INSERT INTO access_client (id, name, name_key, created_at, version, allowed_addresses, requests_per_second,
          ignore_unknown_members, disabled_at) VALUES ${rows([row])}`),
      )
    },
    getForUpdate: async (id, ifVersions) => {
      const [client] = await selectClients(database, sql`c.id = ${id} ${dialect.forUpdate}`)
      if (!client) throw new DomainError('clientNotFound', `There is no client ${id}. See: kagami client list`)
      if (ifVersions && !ifVersions.includes(client.version))
        throw new DomainError('versionMismatch', `The client ${client.name} has changed meanwhile. Read it again.`)
      return client
    },
    update: async (client) => {
      const [addresses, limit, ignore, disabledAt] = settings(client)
      await refusingTakenName(database, client.name, () =>
        change(sql`UPDATE access_client SET name = ${client.name}, name_key = ${foldCase(client.name)}, allowed_addresses = ${addresses},
          requests_per_second = ${limit}, ignore_unknown_members = ${ignore}, disabled_at = ${disabledAt}, version = ${client.version + 1}
          WHERE id = ${client.id}`),
      )
      return (client.version + 1) as Version
    },
    insertToken: async (token) => {
      const { id, kind, clientId, hash, hint, createdAt, expiresAt } = token
      await change(sql`INSERT INTO access_token (id, kind, client_id, hash, hint, scopes, created_at, expires_at)
        VALUES ${rows([[id, kind, clientId, hash, hint, JSON.stringify(token.scopes), createdAt, expiresAt]])}`)
    },
    revokeToken: async (id, at) =>
      (await change(sql`UPDATE access_token SET revoked_at = ${at} WHERE id = ${id} AND revoked_at IS NULL`)) > 0,
    expireToken: async (id, at) => {
      await change(
        sql`UPDATE access_token SET expires_at = ${at} WHERE id = ${id} AND (expires_at IS NULL OR expires_at > ${at})`,
      )
    },
    stampLastUsed: async (stamps) => {
      for (const [id, { at, address }] of inOrder(stamps)) {
        await database.run(sql`UPDATE access_token SET last_used_at = ${at}, last_used_address = ${address}
          WHERE id = ${id} AND (last_used_at IS NULL OR last_used_at <= ${at})`)
      }
    },
    addUses: async (uses, lastRequests) => {
      for (const [id, at] of inOrder(lastRequests)) {
        await database.run(sql`UPDATE access_client SET last_request_at = ${at}
          WHERE id = ${id} AND (last_request_at IS NULL OR last_request_at < ${at})`)
      }
      for (const part of chunks(await ofClientsThatAreThere(database, uses))) {
        await database.run(sql`INSERT INTO access_client_use (client_id, hour, operation, outcome, requests)
          VALUES ${rows(part.map((use) => [use.clientId, use.hour, use.operation, use.outcome, use.requests]))}
          ${dialect.onConflict(['client_id', 'hour', 'operation', 'outcome'], {
            requests: sql`access_client_use.requests + ${dialect.excluded('requests')}`,
          })}`)
      }
    },
    deleteExternalIds: (id, limit) => purge(database, 'directory_external_id', 'object_id', sql`client_id = ${id}`, limit),
    delete: async (id) => {
      for (const table of ['access_token', 'access_client_use']) {
        await database.run(sql`DELETE FROM ${raw(table)} WHERE client_id = ${id}`)
      }
      await change(sql`DELETE FROM access_client WHERE id = ${id}`)
    },
    purge: async (before, limit) =>
      (await purgeUses(database, before.uses, limit)) +
      (await purge(database, 'access_token', 'id', sql`(revoked_at < ${before.tokens} OR expires_at < ${before.tokens})`, limit)),
  }
}

type ClientRow = {
  readonly id: ClientId
  readonly name: string
  readonly allowed_addresses: unknown
  readonly requests_per_second: number | null
  readonly ignore_unknown_members: number
  readonly version: Version
  readonly client_created_at: Instant
  readonly disabled_at: Instant | null
  readonly last_request_at: Instant | null
}

const clientColumns = raw(`c.name, c.allowed_addresses, c.requests_per_second, c.ignore_unknown_members, c.version,
  c.created_at AS client_created_at, c.disabled_at, c.last_request_at`)

type TokenRow = {
  readonly id: TokenId
  readonly kind: TokenKind
  readonly client_id: ClientId
  readonly client_name: string
  readonly hash: string
  readonly hint: string
  readonly scopes: unknown
  readonly created_at: Instant
  readonly expires_at: Instant | null
  readonly revoked_at: Instant | null
  readonly last_used_at: Instant | null
  readonly last_used_address: string | null
}

const tokenColumns = raw(
  't.id, t.kind, t.client_id, t.hash, t.hint, t.scopes, t.created_at, t.expires_at, t.revoked_at, t.last_used_at, t.last_used_address',
)

async function selectClients(database: Database, where: Sql): Promise<readonly Client[]> {
  const found = await database.all<ClientRow>(sql`SELECT c.id, ${clientColumns} FROM access_client c WHERE ${where}`)
  return found.map(parseClient)
}

async function findToken(database: Database, where: Sql): Promise<ClientToken | undefined> {
  const [row] = await database.all<TokenRow & Omit<ClientRow, 'id'>>(sql`SELECT ${tokenColumns}, ${clientColumns}
    FROM access_token t JOIN access_client c ON c.id = t.client_id WHERE ${where}`)
  if (!row) return undefined
  return { token: parseToken({ ...row, client_name: row.name }), client: parseClient({ ...row, id: row.client_id }) }
}

function parseClient(row: ClientRow): Client {
  return {
    id: row.id,
    name: row.name,
    allowedAddresses: row.allowed_addresses === null ? [] : (parsedJson(row.allowed_addresses) as readonly string[]),
    ...(row.requests_per_second === null ? {} : { requestsPerSecond: row.requests_per_second }),
    ignoreUnknownMembers: Boolean(row.ignore_unknown_members),
    version: row.version,
    createdAt: row.client_created_at,
    ...(row.disabled_at === null ? {} : { disabledAt: row.disabled_at }),
    ...(row.last_request_at === null ? {} : { lastRequestAt: row.last_request_at }),
  }
}

function parseToken(row: TokenRow): Token {
  return {
    id: row.id,
    kind: row.kind,
    clientId: row.client_id,
    clientName: row.client_name,
    hash: row.hash,
    hint: row.hint,
    scopes: parsedJson(row.scopes) as readonly Scope[],
    createdAt: row.created_at,
    ...(row.expires_at === null ? {} : { expiresAt: row.expires_at }),
    ...(row.revoked_at === null ? {} : { revokedAt: row.revoked_at }),
    ...(row.last_used_at === null ? {} : { lastUsedAt: row.last_used_at }),
    ...(row.last_used_address === null ? {} : { lastUsedAddress: row.last_used_address }),
  }
}

const settings = ({ allowedAddresses, requestsPerSecond, ignoreUnknownMembers, disabledAt }: Client) =>
  [
    allowedAddresses.length === 0 ? null : JSON.stringify(allowedAddresses),
    requestsPerSecond,
    ignoreUnknownMembers,
    disabledAt,
  ] as const

async function refusingTakenName(database: Database, name: string, work: () => Promise<unknown>): Promise<void> {
  try {
    await work()
  } catch (cause) {
    if (database.dialect.duplicateKey(cause) === undefined) throw cause
    throw new DomainError('clientNameTaken', `Another client has the name ${name} already. Choose another.`, { cause })
  }
}

/** Nodes that write the same rows take their locks in one order. */
const inOrder = <Id extends string, Value>(entries: ReadonlyMap<Id, Value>) =>
  [...entries].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))

/** In the order of the primary key. */
async function ofClientsThatAreThere(database: Database, uses: readonly ClientUse[]): Promise<readonly ClientUse[]> {
  if (uses.length === 0) return []
  const there = new Set<ClientId>()
  for (const ids of chunks([...new Set(uses.map((use) => use.clientId))])) {
    for (const { id } of await database.all<{ id: ClientId }>(sql`SELECT id FROM access_client WHERE id IN ${list(ids)}`))
      there.add(id)
  }
  const keyOf = (use: ClientUse) => `${use.clientId} ${use.hour} ${use.operation} ${use.outcome}`
  return uses.filter((use) => there.has(use.clientId)).sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
}

/** Whole hours, the oldest first: an hour has some rows a client, no more. */
async function purgeUses(database: Database, before: Instant, limit: number): Promise<number> {
  const found = await database.all<{ hour: Instant }>(
    sql`SELECT hour FROM access_client_use WHERE hour < ${before} ORDER BY hour LIMIT ${limit}`,
  )
  const hours = [...new Set(found.map((row) => row.hour))]
  return hours.length === 0 ? 0 : database.run(sql`DELETE FROM access_client_use WHERE hour IN ${list(hours)}`)
}
