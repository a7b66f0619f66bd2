import type { Comparison, Filter } from '../domain/directory/filter'
import { unreachable } from '../domain/brand'
import { foldCase } from '../domain/text'
import { joinSql, sql, type Sql } from './sql'

/**
 * What an attribute is in SQL.
 * - `value`: an expression of the row itself; NULL where the attribute has no value.
 * - `elements`: of a list of elements; `any` wraps a condition on one element, `column` names an attribute inside it.
 */
export type Column =
  | { readonly kind: 'value'; readonly sql: Sql; readonly compare: 'folded' | 'exact' | 'number' | 'flag' }
  | {
      readonly kind: 'elements'
      readonly any: (condition: Sql) => Sql
      readonly column: ColumnOf
      /** What is compared when the list itself is named. */
      readonly default: string
      /** At most one element: `ne` then means "not equal or absent". */
      readonly single?: boolean
    }

/** @throws Error for an attribute that has no column: the wire lets none through. */
export type ColumnOf = (attribute: string) => Column

/** The WHERE of a filter: SCIM, dynamic group or list. Only `not` needs care: to SQL, NOT of an absent value is not true. */
export function filterToSql(filter: Filter, column: ColumnOf): Sql {
  switch (filter.kind) {
    case 'and':
      return sql`(${joinSql(
        filter.parts.map((part) => filterToSql(part, column)),
        ' AND ',
      )})`
    case 'or':
      return sql`(${joinSql(
        filter.parts.map((part) => filterToSql(part, column)),
        ' OR ',
      )})`
    case 'not':
      return sql`((${filterToSql(filter.part, column)}) IS NOT TRUE)`
    case 'present':
      return present(column(filter.attribute))
    case 'compare':
      return comparison(filter, column(filter.attribute))
    case 'element': {
      const of = column(filter.attribute)
      if (of.kind !== 'elements') throw new Error(`${filter.attribute} has no elements`)
      return of.any(filterToSql(filter.part, of.column))
    }
    default:
      return unreachable(filter)
  }
}

function present(column: Column): Sql {
  return column.kind === 'value' ? sql`(${column.sql} IS NOT NULL)` : column.any(present(column.column(column.default)))
}

function comparison(filter: Comparison, column: Column): Sql {
  if (filter.value === null) {
    const has = present(column)
    return filter.operator === 'eq' ? sql`(NOT ${has})` : has
  }
  if (column.kind === 'elements') {
    if (column.single && filter.operator === 'ne') return sql`(NOT ${comparison({ ...filter, operator: 'eq' }, column)})`
    return column.any(comparison(filter, column.column(column.default)))
  }
  const value = column.compare === 'folded' ? foldCase(String(filter.value)) : filter.value
  switch (filter.operator) {
    case 'eq':
      return sql`(${column.sql} = ${value})`
    case 'ne':
      return sql`(${column.sql} IS NULL OR ${column.sql} <> ${value})`
    case 'gt':
      return sql`(${column.sql} > ${value})`
    case 'ge':
      return sql`(${column.sql} >= ${value})`
    case 'lt':
      return sql`(${column.sql} < ${value})`
    case 'le':
      return sql`(${column.sql} <= ${value})`
    case 'co':
    case 'sw':
    case 'ew':
      return substring(filter.operator, column, String(filter.value))
    default:
      return unreachable(filter.operator)
  }
}

function substring(operator: 'co' | 'sw' | 'ew', column: Extract<Column, { readonly kind: 'value' }>, wanted: string): Sql {
  const text = column.compare === 'folded' ? foldKeepingBlanks(wanted) : wanted
  // by the index; MySQL pads what it compares, so that 'a' would be at least 'a '
  if (operator === 'sw' && text !== '' && !/\s$/.test(text)) {
    return sql`(${column.sql} >= ${text} AND ${column.sql} < ${successor(text)})`
  }
  const pattern = `${operator === 'sw' ? '' : '%'}${escapeLike(text)}${operator === 'ew' ? '' : '%'}`
  return sql`(${column.sql} LIKE ${pattern} ESCAPE '!')`
}

/** Like `foldCase`, but a part that is looked for may end in a blank: `co "山田 "`. */
const foldKeepingBlanks = (text: string) => (/\s$/.test(text) ? foldCase(`${text}.`).slice(0, -1) : foldCase(text))

const escapeLike = (text: string) => text.replace(/[!%_]/g, '!$&')

/** The first text, by code points, after all that begin with this one. */
function successor(text: string): string {
  const points = Array.from(text)
  const last = points[points.length - 1]!.codePointAt(0)!
  const next = last === 0xd7ff ? 0xe000 : last + 1
  return last >= 0x10ffff ? `${text}\u{10ffff}` : points.slice(0, -1).join('') + String.fromCodePoint(next)
}
