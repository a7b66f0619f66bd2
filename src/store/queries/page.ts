import { raw, sql, type Database, type Sql } from '../sql'
import type { Page } from '../../ports/store/directory'

/**
 * One page: the ids first, from a narrow index where there is one, then their rows. Every order ends in the id, and UUIDv7 sorts by
 * creation. The total is counted only where the page does not already tell it.
 */
export async function page<Id extends string, Item extends { readonly id: Id }>(
  database: Database,
  query: {
    readonly from: Sql
    readonly id: Sql
    readonly where: Sql
    readonly orderBy?: { readonly column: Sql; readonly descending: boolean } | undefined
    readonly startIndex: number
    readonly count: number
    readonly load: (ids: readonly Id[]) => Promise<readonly Item[]>
  },
): Promise<Page<Item>> {
  const { from, id, where, orderBy, count } = query
  const offset = Math.max(query.startIndex, 1) - 1
  const direction = raw(orderBy?.descending ? 'DESC' : 'ASC')
  const order = orderBy ? sql`${orderBy.column} IS NULL ${direction}, ${orderBy.column} ${direction}, ${id} ${direction}` : id
  const found =
    count === 0
      ? []
      : await database.all<{ id: Id }>(
          sql`SELECT ${id} AS id FROM ${from} WHERE ${where} ORDER BY ${order} LIMIT ${count} OFFSET ${offset}`,
        )
  const ids = found.map((row) => row.id)
  const total =
    ids.length > 0 && ids.length < count
      ? offset + ids.length
      : Number((await database.all<{ n: number }>(sql`SELECT COUNT(*) AS n FROM ${from} WHERE ${where}`))[0]?.n ?? 0)
  if (ids.length === 0) return { total, items: [] }
  const byId = new Map((await query.load(ids)).map((item) => [item.id, item]))
  return { total, items: ids.flatMap((one) => byId.get(one) ?? []) }
}
