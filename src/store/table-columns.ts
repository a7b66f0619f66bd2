import type { QueryRunner, TableColumnOptions } from 'typeorm'

/** `P` = part of the primary key, `?` = may be NULL; `keyN` = up to N characters that are searched or compared. */
type Kind = 'id' | 'time' | 'count' | 'flag' | 'json' | 'text' | `key${number}`
type Description = `${'' | 'P '}${Kind}${'' | '?'}`

/** The columns of a new table in a migration, with the types that both databases know alike. */
export function columns(runner: QueryRunner, described: Readonly<Record<string, Description>>): TableColumnOptions[] {
  return Object.entries(described).map(([name, description]) => {
    const kind = description.replace(/^P |\?$/g, '')
    const length = /^key(\d+)$/.exec(kind)?.[1] ?? (kind === 'id' ? '36' : undefined)
    return {
      name,
      type: runner.dataSource.driver.normalizeType({ type: types[kind] ?? 'varchar' }),
      ...(length === undefined ? {} : { length }),
      isPrimary: description.startsWith('P '),
      isNullable: description.endsWith('?'),
    }
  })
}

const types: Readonly<Record<string, 'bigint' | 'int' | 'boolean' | 'json' | 'text'>> = {
  time: 'bigint',
  count: 'int',
  flag: 'boolean',
  json: 'json',
  text: 'text',
}
