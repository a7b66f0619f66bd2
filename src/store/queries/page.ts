import { createHash } from 'node:crypto'
import type { Filter } from '../../domain/directory/filter'
import type { ListQuery, Page, PageKey } from '../../ports/store/directory'
import { list, raw, sql, type Database, type Sql } from '../sql'
import type { Kept } from './kept'

/** What is listed: people or groups. */
export type Listed<Item> = {
  readonly from: Sql
  readonly id: Sql
  readonly where: Sql
  /** By one of these at most one is found: no order, no page and no count are needed. */
  readonly unique: readonly string[]
  readonly orderBy?: Sql | undefined
  readonly load: (where: Sql) => Promise<readonly Item[]>
  /** What is remembered between two pages, on this node; absent inside a transaction. */
  readonly kept?: Kept | undefined
}

type Found = { readonly id: string; readonly key: string | number | null }

/**
 * One page: the ids first, from a narrow index where there is one, then their rows. Every order ends in the id, and UUIDv7 sorts by
 * creation; what has no value comes last, descending first (RFC 7644 §3.4.2.3). Where the page before was just read, this one begins
 * behind its last row: nothing is skipped by counting, and who walks misses nobody for whom the places have moved.
 */
export async function page<Item extends { readonly id: string }>(
  database: Database,
  query: ListQuery,
  listed: Listed<Item>,
): Promise<Page<Item>> {
  const offset = Math.max(query.startIndex, 1) - 1
  if (query.filter && namesOne(query.filter, listed.unique)) {
    const found = await listed.load(listed.where)
    return { total: query.after ? 0 : found.length, items: query.after ? [] : found.slice(offset, offset + query.count) }
  }
  const { kept } = listed
  const walk = kept && nameOf(listed, query)
  const after = query.after ?? (offset > 0 ? kept?.bookmark(walk!, offset) : undefined)
  // of everybody it is remembered
  const counted = () => (kept && !query.filter ? kept.count(() => count(database, listed)) : count(database, listed))
  const known = kept && !query.filter && !after ? await counted() : undefined
  const found = query.count === 0 ? [] : await keys(database, listed, query, after ?? { offset, known })
  const shown = found.slice(0, query.count)
  const last = shown.at(-1)
  if (kept && last && !query.after) kept.setBookmark(walk!, offset + shown.length, last)
  const isLastPage = !after && last !== undefined && found.length === shown.length
  const total = query.after ? 0 : isLastPage ? offset + shown.length : (known ?? (await counted()))
  if (!last) return { total, items: [] }
  const rows = await listed.load(sql`${listed.id} IN ${list(shown.map((row) => row.id))}`)
  const byId = new Map(rows.map((row) => [row.id, row]))
  const items = shown.flatMap(({ id }) => byId.get(id) ?? [])
  return { total, items, ...(found.length > shown.length ? { next: last } : {}) }
}

/** Tells one list from another: what it holds, and in which order. Short, however long the filter is: many are remembered. */
function nameOf({ where, orderBy }: Listed<unknown>, { sort }: ListQuery): string {
  return createHash('sha256')
    .update(JSON.stringify([where, orderBy, sort?.descending]))
    .digest('base64')
}

/** Where a page begins: behind a row, or after so many; `known` is how many there are, where that is known. */
type Place = PageKey | { readonly offset: number; readonly known: number | undefined }

/** Of a page and one row more, which tells whether it goes on. What lies in the second half is read from the end. */
async function keys(
  database: Database,
  listed: Listed<unknown>,
  { sort, count }: ListQuery,
  place: Place,
): Promise<readonly Found[]> {
  const { from, id, where, orderBy } = listed
  const descending = sort?.descending ?? false
  const read = (start: Sql, down: boolean, limit: number, offset: number, table = from) => {
    const direction = raw(down ? 'DESC' : 'ASC')
    const order = orderBy
      ? sql`${orderBy} IS NULL ${direction}, ${orderBy} ${direction}, ${id} ${direction}`
      : sql`${id} ${direction}`
    return database.all<Found>(
      sql`SELECT ${id} AS id, ${orderBy ?? raw('NULL')} AS "key" FROM ${table} WHERE ${start} ORDER BY ${order} LIMIT ${limit} OFFSET ${offset}`,
    )
  }
  if (!('offset' in place)) {
    const table = orderBy ? from : database.dialect.fromKey(from)
    return read(sql`${where} AND ${behind(place, id, orderBy, descending)}`, descending, count + 1, 0, table)
  }
  const { offset, known = 0 } = place
  if (offset <= known / 2 || offset >= known) return read(where, descending, count + 1, offset)
  const end = Math.min(offset + count + 1, known)
  return (await read(where, !descending, end - offset, known - end)).toReversed()
}

/** What comes behind a row in the order. */
function behind(after: PageKey, id: Sql, key: Sql | undefined, descending: boolean): Sql {
  const beyond = raw(descending ? '<' : '>')
  const sameKey = sql`${id} ${beyond} ${after.id}`
  if (!key) return sameKey
  if (after.key === null) {
    const among = sql`(${key} IS NULL AND ${sameKey})`
    return descending ? sql`(${among} OR ${key} IS NOT NULL)` : among
  }
  const further = sql`${key} ${beyond} ${after.key} OR (${key} = ${after.key} AND ${sameKey})`
  return descending ? sql`(${further})` : sql`(${further} OR ${key} IS NULL)`
}

async function count(database: Database, { from, where }: Listed<unknown>): Promise<number> {
  return Number((await database.all<{ n: number }>(sql`SELECT COUNT(*) AS n FROM ${from} WHERE ${where}`))[0]?.n ?? 0)
}

/** `userName eq "taro"`, alone or as one of several that must hold. */
function namesOne(filter: Filter, unique: readonly string[]): boolean {
  if (filter.kind === 'and') return filter.parts.some((part) => namesOne(part, unique))
  return filter.kind === 'compare' && filter.operator === 'eq' && filter.value !== null && unique.includes(filter.attribute)
}
