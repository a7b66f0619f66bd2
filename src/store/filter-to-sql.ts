import { unreachable } from '../domain/brand'
import { foldedValue, type Comparison, type Filter } from '../domain/directory/filter'
import { joinSql, raw, sql, type Dialect, type Sql } from './sql'

/** What an attribute is in SQL. */
export type Column = ValueColumn | ElementsColumn

/** An expression of the row itself; NULL where the attribute has no value. */
export type ValueColumn = {
  readonly kind: 'value'
  readonly sql: Sql
  readonly compare: 'folded' | 'exact' | 'number' | 'flag'
}

export type ElementsColumn = {
  readonly kind: 'elements'
  /** Wraps a condition on one element. */
  readonly any: (condition: Sql) => Sql
  /** What an attribute is inside of an element. */
  readonly column: (attribute: string) => ValueColumn
  /** What is compared when the list itself is named. */
  readonly default: string
  /** At most one element: `ne` then means "not equal or absent". */
  readonly single?: boolean
}

/** @throws Error for an attribute that has no column: the wire lets none through. */
export type ColumnOf = (attribute: string) => Column

/** The WHERE of a filter: SCIM, dynamic group or list. Only `not` needs care: to SQL, NOT of an absent value is not true. */
export function filterToSql(filter: Filter, column: ColumnOf, dialect: Dialect): Sql {
  switch (filter.kind) {
    case 'and':
    case 'or': {
      const parts = filter.parts.map((part) => filterToSql(part, column, dialect))
      return sql`(${joinSql(parts, filter.kind === 'and' ? ' AND ' : ' OR ')})`
    }
    case 'not':
      return sql`(${filterToSql(filter.part, column, dialect)} IS NOT TRUE)`
    case 'present':
      return present(filter.attribute, column(filter.attribute))
    case 'compare':
      return comparison(filter, column(filter.attribute), dialect)
    case 'element': {
      const of = column(filter.attribute)
      if (of.kind !== 'elements') throw new Error(`${filter.attribute} has no elements`)
      return of.any(filterToSql(filter.part, of.column, dialect))
    }
    default:
      return unreachable(filter)
  }
}

/** A list is present with any element, a part of its elements where one of them has it. */
function present(attribute: string, column: Column): Sql {
  if (column.kind === 'value') return sql`(${column.sql} IS NOT NULL)`
  return column.any(attribute.includes('.') ? present(attribute, column.column(column.default)) : raw('1 = 1'))
}

function comparison(filter: Comparison, column: Column, dialect: Dialect): Sql {
  if (filter.value === null) {
    const has = present(filter.attribute, column)
    return filter.operator === 'eq' ? sql`(NOT ${has})` : has
  }
  if (column.kind === 'elements') {
    if (column.single && filter.operator === 'ne') return sql`(NOT ${comparison({ ...filter, operator: 'eq' }, column, dialect)})`
    return column.any(comparison(filter, column.column(column.default), dialect))
  }
  if (column.compare === 'number' || column.compare === 'flag') return compareNumbers(filter.operator, column.sql, filter.value)
  return compareTexts(filter, column, dialect)
}

const signs = { eq: '=', ne: '<>', gt: '>', ge: '>=', lt: '<', le: '<=' } as const

function compareNumbers(operator: Comparison['operator'], column: Sql, value: string | number | boolean): Sql {
  if (operator === 'co' || operator === 'sw' || operator === 'ew') throw new Error(`${operator} compares texts`)
  return sql`(${column} ${raw(signs[operator])} ${value})`
}

function compareTexts(filter: Comparison, { sql: column, compare }: ValueColumn, dialect: Dialect): Sql {
  const text = compare === 'folded' ? foldedValue(filter) : String(filter.value)
  // what is folded never ends in a blank
  const equal = () => (compare === 'folded' ? sql`(${column} = ${text})` : dialect.sameText(column, text))
  switch (filter.operator) {
    case 'eq':
      return equal()
    case 'ne':
      return sql`(${equal()} IS NOT TRUE)`
    case 'gt':
    case 'ge':
    case 'lt':
    case 'le':
      return sql`(${dialect.ordered(column)} ${raw(signs[filter.operator])} ${dialect.ordered(sql`${text}`)})`
    case 'co':
      return sql`(INSTR(${column}, ${text}) > 0)`
    case 'sw':
      return dialect.startsWith(column, text)
    case 'ew':
      return text === ''
        ? sql`(${column} IS NOT NULL)`
        : dialect.sameText(sql`SUBSTR(${column}, ${-Array.from(text).length})`, text)
    default:
      return unreachable(filter.operator)
  }
}
