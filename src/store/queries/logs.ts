import type { AttributeChange, Operation, RequestedOperation } from '../../domain/audit/change'
import type { Instant } from '../../domain/brand'
import type { ClientId } from '../../domain/ids'
import type { DoneLine, RefusedLine } from '../../domain/audit/provisioning-line'
import type { LogReads, LogWrites, ProvisioningPart, ProvisioningQuery, Slice } from '../../ports/store/logs'
import { chunks, joinSql, list, raw, rows, sql, toJson, type Database, type Sql } from '../sql'
import { parsedJson, purge } from './access'

/** So many lines are looked at in one statement: a few milliseconds. */
const sliceSize = 2_000

export function logReads(database: Database): LogReads {
  return { logs: reads(database) }
}

export function logWrites(database: Database): LogWrites {
  const { dialect } = database
  return {
    logs: {
      ...reads(database),
      purge: (before, limit) => purge(database, 'audit_line', 'id', sql`client_id IS NULL AND id < ${firstId(before)}`, limit),
      addRefusals: async (refusals) => {
        for (const some of chunks(refusals, 100)) {
          await database.run(sql`INSERT INTO provisioning_refusal (id, kind_hash, first_at, last_at, times, client_id, client_name, address,
            operation, object_kind, status, scim_type, detail, objects, request_id) VALUES ${rows(
              some.map((one) => [
                one.id,
                one.kindHash,
                one.at,
                one.lastAt,
                one.count,
                one.clientId,
                one.clientName,
                one.address,
                one.operation,
                one.objectKind,
                one.status,
                one.scimType,
                one.detail,
                toJson(one.objects),
                one.requestId,
              ]),
            )} ${dialect.onConflict(['kind_hash'], {
              times: sql`provisioning_refusal.times + ${dialect.excluded('times')}`,
              last_at: dialect.excluded('last_at'),
              objects: dialect.excluded('objects'),
              request_id: dialect.excluded('request_id'),
            })}`)
        }
      },
      letGo: async (part, limit, before) => {
        const ids = await oldest(database, part, limit, before === undefined ? raw('1 = 1') : sql`id < ${firstId(before)}`)
        if (ids.length === 0) return 0
        return database.run(
          part === 'done'
            ? sql`UPDATE audit_line SET client_id = NULL, operation = NULL, dialect = NULL WHERE id IN ${list(ids)}`
            : sql`DELETE FROM provisioning_refusal WHERE id IN ${list(ids)}`,
        )
      },
    },
  }
}

function reads(database: Database): LogReads['logs'] {
  const count = async (query: Sql) => Number((await database.all<{ n: number }>(query))[0]?.n ?? 0)
  return {
    countAudit: () => count(sql`SELECT COUNT(*) AS n FROM audit_line`),
    done: (query, before, limit) => sliceOfDone(database, query, before, limit),
    refused: (query, before, limit) => sliceOfRefused(database, query, before, limit),
    oldest: async (part) => (await oldest(database, part, 1))[0],
    count: async (part, from, to) => {
      const range = sql`id >= ${firstId(from)} AND id < ${firstId(to)}`
      if (part === 'refused') return count(sql`SELECT COUNT(*) AS n FROM provisioning_refusal WHERE ${range}`)
      let lines = 0
      for await (const client of clientIds(database))
        lines += await count(sql`SELECT COUNT(*) AS n FROM audit_line WHERE client_id = ${client} AND ${range}`)
      return lines
    },
  }
}

/** Ids begin with their time: every id of this instant and later is not less. */
function firstId(at: Instant): string {
  const time = Math.max(0, at).toString(16).padStart(12, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}`
}

/** Every client that has a line, deleted ones too: one step in the index each. */
async function* clientIds(database: Database): AsyncIterable<string> {
  for (let last = ''; ;) {
    const [row] = await database.all<{ id: string | null }>(
      sql`SELECT MIN(client_id) AS id FROM audit_line WHERE client_id > ${last}`,
    )
    if (!row?.id) return
    yield row.id
    last = row.id
  }
}

/** The oldest ids of one part: of each client's lines the first, for they are in order by client. */
async function oldest(
  database: Database,
  part: ProvisioningPart,
  limit: number,
  where: Sql = raw('1 = 1'),
): Promise<readonly string[]> {
  const first = async (table: string, of: Sql) => {
    const found = await database.all<{ id: string }>(
      sql`SELECT id FROM ${raw(table)} WHERE ${of} AND ${where} ORDER BY id LIMIT ${limit}`,
    )
    return found.map((row) => row.id)
  }
  if (part === 'refused') return first('provisioning_refusal', raw('1 = 1'))
  const ids: string[] = []
  for await (const client of clientIds(database)) ids.push(...(await first('audit_line', sql`client_id = ${client}`)))
  return ids.sort().slice(0, limit)
}

type DoneRow = {
  readonly id: string
  readonly at: Instant
  readonly client_id: ClientId
  readonly actor_name: string
  readonly address: string | null
  readonly request_id: string | null
  readonly operation: Operation | null
  readonly action: string
  readonly object_kind: string
  readonly object_id: string | null
  readonly label: string
  readonly detail: unknown
  readonly dialect: string | null
}

async function sliceOfDone(
  database: Database,
  query: ProvisioningQuery,
  before: string | undefined,
  limit: number,
): Promise<Slice<DoneLine>> {
  const { clientId, objectId, name, operation, dialect, text } = query
  const found = await slice<DoneRow>(database, limit, {
    table: 'audit_line',
    columns:
      'id, at, client_id, actor_name, address, request_id, operation, action, object_kind, object_id, label, detail, dialect',
    along: [
      ...idRange(query, before),
      ...(objectId === undefined ? [] : [sql`object_id = ${objectId}`]),
      ...(clientId !== undefined && objectId === undefined ? [sql`client_id = ${clientId}`] : []),
    ],
    among: [
      ...(clientId === undefined ? [raw('client_id IS NOT NULL')] : []),
      // an object has few lines, a client many: so that no index of it is taken
      ...(clientId !== undefined && objectId !== undefined ? [sql`COALESCE(client_id, '') = ${clientId}`] : []),
      ...(name === undefined ? [] : [sql`LOWER(label) = LOWER(${name})`]),
      ...(operation === undefined ? [] : [sql`operation = ${operation}`]),
      ...(dialect === undefined ? [] : [hasWord('dialect', dialect)]),
      ...(text === undefined ? [] : [contains(['label', 'detail'], text)]),
    ],
  })
  return { ...found, lines: found.lines.map(toDone) }
}

function toDone(row: DoneRow): DoneLine {
  const detail = (row.detail === null ? {} : parsedJson(row.detail)) as {
    readonly changes?: readonly AttributeChange[]
    readonly restored?: boolean
  }
  return {
    result: 'ok',
    id: row.id,
    at: row.at,
    clientId: row.client_id,
    clientName: row.actor_name,
    ...(row.address === null ? {} : { address: row.address }),
    ...(row.request_id === null ? {} : { requestId: row.request_id }),
    ...(row.operation === null ? {} : { operation: row.operation }),
    action: row.action,
    objectKind: row.object_kind,
    ...(row.object_id === null ? {} : { objectId: row.object_id }),
    label: row.label,
    changes: detail.changes ?? [],
    restored: detail.restored === true,
    dialect: row.dialect === null ? [] : row.dialect.split(' '),
  }
}

type RefusedRow = {
  readonly id: string
  readonly first_at: Instant
  readonly last_at: Instant
  readonly times: number
  readonly client_id: ClientId | null
  readonly client_name: string | null
  readonly address: string | null
  readonly operation: RequestedOperation
  readonly object_kind: 'user' | 'group' | null
  readonly status: number
  readonly scim_type: string | null
  readonly detail: string
  readonly objects: unknown
  readonly request_id: string
}

async function sliceOfRefused(
  database: Database,
  query: ProvisioningQuery,
  before: string | undefined,
  limit: number,
): Promise<Slice<RefusedLine>> {
  const { clientId, objectId, name, operation, text } = query
  const named = (one: string) => contains(['objects'], JSON.stringify(one))
  const found = await slice<RefusedRow>(database, limit, {
    table: 'provisioning_refusal',
    columns:
      'id, first_at, last_at, times, client_id, client_name, address, operation, object_kind, status, scim_type, detail, objects, request_id',
    along: idRange(query, before),
    among: [
      ...(clientId === undefined ? [] : [sql`client_id = ${clientId}`]),
      ...(objectId === undefined ? [] : [named(objectId)]),
      ...(name === undefined ? [] : [named(name)]),
      ...(operation === undefined ? [] : [sql`operation = ${operation}`]),
      ...(text === undefined ? [] : [contains(['detail', 'objects'], text)]),
    ],
  })
  return { ...found, lines: found.lines.map(toRefused) }
}

function toRefused(row: RefusedRow): RefusedLine {
  return {
    result: 'refused',
    id: row.id,
    at: row.first_at,
    lastAt: row.last_at,
    count: row.times,
    ...(row.client_id === null ? {} : { clientId: row.client_id }),
    ...(row.client_name === null ? {} : { clientName: row.client_name }),
    ...(row.address === null ? {} : { address: row.address }),
    requestId: row.request_id,
    operation: row.operation,
    ...(row.object_kind === null ? {} : { objectKind: row.object_kind }),
    status: row.status,
    ...(row.scim_type === null ? {} : { scimType: row.scim_type }),
    detail: row.detail,
    objects: parsedJson(row.objects) as readonly string[],
  }
}

type Walk = {
  readonly table: string
  readonly columns: string
  /** What an index answers: the walk goes along these lines. */
  readonly along: readonly Sql[]
  /** What each line is asked for. */
  readonly among: readonly Sql[]
}

/** Where lines are asked one by one, first where the slice ends. */
async function slice<Row extends { readonly id: string }>(
  database: Database,
  limit: number,
  { table, columns, along, among }: Walk,
): Promise<Slice<Row>> {
  const path = joinSql([raw('1 = 1'), ...along], ' AND ')
  const newestFirst = (what: string, where: Sql, most: Sql) =>
    sql`SELECT ${raw(what)} FROM ${raw(table)} WHERE ${where} ORDER BY id DESC ${most}`
  const [end] =
    among.length === 0
      ? []
      : await database.all<{ id: string }>(newestFirst('id', path, sql`LIMIT 1 OFFSET ${Math.max(limit, sliceSize) - 1}`))
  const where = joinSql([path, ...among, ...(end ? [sql`id >= ${end.id}`] : [])], ' AND ')
  const lines = await database.all<Row>(newestFirst(columns, where, sql`LIMIT ${limit}`))
  const seenTo = lines.length === limit ? lines.at(-1)!.id : end?.id
  return { lines, ...(seenTo === undefined ? {} : { seenTo }) }
}

const idRange = ({ from, to }: ProvisioningQuery, before: string | undefined): readonly Sql[] => [
  ...(from === undefined ? [] : [sql`id >= ${firstId(from)}`]),
  ...(to === undefined ? [] : [sql`id < ${firstId(to)}`]),
  ...(before === undefined ? [] : [sql`id < ${before}`]),
]

/** One of the words of a column that holds them with a space between. */
function hasWord(column: string, word: string): Sql {
  const is = (pattern: string) => sql`${raw(column)} LIKE ${pattern}`
  return sql`(${joinSql([word, `${word} %`, `% ${word}`, `% ${word} %`].map(is), ' OR ')})`
}

function contains(columns: readonly string[], text: string): Sql {
  const pattern = `%${text.replace(/[!%_]/g, '!$&')}%`
  return sql`(${joinSql(
    columns.map((column) => sql`LOWER(${raw(column)}) LIKE LOWER(${pattern}) ESCAPE '!'`),
    ' OR ',
  )})`
}
