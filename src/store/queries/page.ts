import { raw, sql, type Database, type Sql, type SqlValue } from '../sql'
import type { ListQuery, Page, PageKey } from '../../ports/store/directory'

type Order = { readonly column: Sql; readonly descending: boolean } | undefined

/**
 * One page: the ids first, from a narrow index where there is one, then their rows. Every order ends in the id, and UUIDv7 sorts by
 * creation; what has no value stands last, descending first. The total is counted only where the page does not already tell it, and
 * never behind a key.
 */
export async function page<Id extends string, Item extends { readonly id: Id }>(
  database: Database,
  query: Pick<ListQuery, 'startIndex' | 'count' | 'after'> & {
    readonly from: Sql
    readonly id: Sql
    readonly where: Sql
    readonly orderBy?: Order
    readonly load: (ids: readonly Id[]) => Promise<readonly Item[]>
  },
): Promise<Page<Item>> {
  const { from, id, where, orderBy, count, after } = query
  const offset = after ? 0 : Math.max(query.startIndex, 1) - 1
  const direction = raw(orderBy?.descending ? 'DESC' : 'ASC')
  const order = orderBy ? sql`${orderBy.column} IS NULL ${direction}, ${orderBy.column} ${direction}, ${id} ${direction}` : id
  const wanted = after ? sql`${where} AND ${behind(after, id, orderBy)}` : where
  const found =
    count === 0
      ? []
      : await database.all<{ id: Id; sort_key: string | number | null }>(
          sql`SELECT ${id} AS id, ${orderBy?.column ?? id} AS sort_key FROM ${from} WHERE ${wanted} ORDER BY ${order} LIMIT ${count + 1} OFFSET ${offset}`,
        )
  const shown = found.slice(0, count)
  const total = after
    ? 0
    : found.length > 0 && found.length <= count
      ? offset + found.length
      : Number((await database.all<{ n: number }>(sql`SELECT COUNT(*) AS n FROM ${from} WHERE ${where}`))[0]?.n ?? 0)
  const last = shown.at(-1)
  if (!last) return { total, items: [] }
  const byId = new Map((await query.load(shown.map((row) => row.id))).map((item) => [item.id, item]))
  const items = shown.flatMap((row) => byId.get(row.id) ?? [])
  return { total, items, ...(found.length > count ? { next: { key: last.sort_key, id: last.id } } : {}) }
}

/** Stands behind this row in the order. */
function behind({ key, id: last }: PageKey, id: Sql, orderBy: Order): Sql {
  if (!orderBy) return sql`${id} > ${last}`
  const { column, descending } = orderBy
  const further = raw(descending ? '<' : '>')
  const sameKey = (value: SqlValue) => (value === null ? sql`${column} IS NULL` : sql`${column} = ${value}`)
  const tie = sql`(${sameKey(key)} AND ${id} ${further} ${last})`
  if (key === null) return descending ? sql`(${tie} OR ${column} IS NOT NULL)` : tie
  return descending ? sql`(${tie} OR ${column} < ${key})` : sql`(${tie} OR ${column} > ${key} OR ${column} IS NULL)`
}
