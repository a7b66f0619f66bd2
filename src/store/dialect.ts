import { QueryFailedError } from 'typeorm'
import { joinSql, raw, sql, type Dialect, type Sql } from './sql'

export const sqlite: Dialect = {
  name: 'sqlite',
  now: raw(`CAST(unixepoch('subsec') * 1000 AS INTEGER)`),
  forUpdate: raw(''),
  forShare: raw(''),
  skipLocked: raw(''),
  onConflict: (key, set) => sql`ON CONFLICT (${raw(key.join(', '))}) DO UPDATE SET ${assignments(set)}`,
  excluded: (column) => raw(`excluded.${column}`),
  jsonText: (column, path) => raw(`json_extract(${column}, '${path}')`),
  jsonAny: (column, path, fields, where) =>
    sql`EXISTS (SELECT 1 FROM (SELECT ${raw(
      fields.map((field) => `json_extract(j.value, '$.${field}') AS f_${field}`).join(', '),
    )} FROM json_each(${raw(column)}, ${raw(`'${path}'`)}) j) e WHERE ${where})`,
  sameText: (column, text) => sql`(${column} = ${text})`,
  // LIKE with an ESCAPE uses no index here
  startsWith: (column, text) => {
    const end = successor(text)
    return end === undefined ? sql`(${column} >= ${text})` : sql`(${column} >= ${text} AND ${column} < ${end})`
  },
  ordered: (text) => text,
  fromKey: (table) => table,
  duplicateKey: (error) => {
    const cause = driverError(error)
    return cause?.code === 'SQLITE_CONSTRAINT_UNIQUE' || cause?.code === 'SQLITE_CONSTRAINT_PRIMARYKEY'
      ? cause.message
      : undefined
  },
}

export const mysql: Dialect = {
  name: 'mysql',
  now: raw('CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS SIGNED)'),
  forUpdate: raw('FOR UPDATE'),
  forShare: raw('LOCK IN SHARE MODE'),
  skipLocked: raw('FOR UPDATE SKIP LOCKED'),
  onConflict: (_key, set) => sql`ON DUPLICATE KEY UPDATE ${assignments(set)}`,
  excluded: (column) => raw(`VALUES(${column})`),
  jsonText: (column, path) => raw(`JSON_VALUE(${column}, '${path}')`),
  jsonAny: (column, path, fields, where) =>
    sql`EXISTS (SELECT 1 FROM JSON_TABLE(${raw(column)}, ${raw(`'${path}[*]'`)} COLUMNS (${raw(
      fields.map((field) => `f_${field} LONGTEXT PATH '$.${field}'`).join(', '),
    )})) e WHERE ${where})`,
  sameText: (column, text) => sql`(${column} = ${text} AND LENGTH(${column}) = ${Buffer.byteLength(text)})`,
  // LIKE does not pad; 'a\t' would be less than 'a'
  startsWith: (column, text) => sql`(${column} LIKE ${`${text.replace(/[!%_]/g, '!$&')}%`} ESCAPE '!')`,
  ordered: (text) => sql`CAST(${text} AS BINARY)`,
  fromKey: (table) => sql`${table} FORCE INDEX (PRIMARY)`,
  duplicateKey: (error) => {
    const cause = driverError(error)
    return cause?.code === 'ER_DUP_ENTRY' ? cause.message : undefined
  },
}

/**
 * The whole transaction is to be run again: deadlock, lock wait, changed meanwhile (MariaDB snapshot), node not ready, commit refused by
 * the cluster; and a connection that was lost before the commit was asked for.
 */
export function isTransient(error: unknown): boolean {
  const cause = driverError(error)
  return cause !== undefined && (transientNumbers.has(cause.errno ?? 0) || isConnectionError(error))
}

const transientNumbers = new Set([1213, 1205, 1020, 1047, 1180])

export function isConnectionError(error: unknown): boolean {
  const { code = '', message = '' } = driverError(error) ?? {}
  // mysql2 gives no code to what is asked of a connection that was lost in between
  if (message.includes('connection is in closed state')) return true
  return /^(PROTOCOL_CONNECTION_LOST|PROTOCOL_ENQUEUE_AFTER_.*|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|ER_SERVER_SHUTDOWN|ER_CON_COUNT_ERROR|ER_CONNECTION_KILLED)$/.test(
    code,
  )
}

/** Another process writes to the SQLite file at this moment: the command line beside the server. */
export function isLocked(error: unknown): boolean {
  return /^SQLITE_(BUSY|LOCKED)/.test(driverError(error)?.code ?? '')
}

/** The first text, by code points, after all that begin with this one; undefined where none is. */
function successor(text: string): string | undefined {
  const points = Array.from(text)
  while (points[points.length - 1] === '\u{10ffff}') points.pop()
  const last = points.pop()?.codePointAt(0)
  return last === undefined ? undefined : points.join('') + String.fromCodePoint(last === 0xd7ff ? 0xe000 : last + 1)
}

type DriverError = { readonly code?: string; readonly errno?: number; readonly message: string }

function driverError(error: unknown): DriverError | undefined {
  const cause: unknown = error instanceof QueryFailedError ? error.driverError : error
  // by its shape: the driver's class is that of whoever loaded the native module first
  return typeof cause === 'object' && cause !== null && 'message' in cause ? (cause as DriverError) : undefined
}

function assignments(set: Readonly<Record<string, Sql>>): Sql {
  return joinSql(
    Object.entries(set).map(([column, value]) => sql`${raw(column)} = ${value}`),
    ', ',
  )
}
