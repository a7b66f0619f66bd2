import type { EntitySchemaColumnOptions } from 'typeorm'

// Explicit types that both databases know alike. Every time is UTC milliseconds in a bigint; every id is a UUID in text.

export const id = (): EntitySchemaColumnOptions => ({ type: 'varchar', length: 36 })
export const key = (length: number): EntitySchemaColumnOptions => ({ type: 'varchar', length })
export const time = (): EntitySchemaColumnOptions => ({ type: 'bigint' })
export const count = (): EntitySchemaColumnOptions => ({ type: 'int' })
export const flag = (): EntitySchemaColumnOptions => ({ type: 'boolean' })
export const json = (): EntitySchemaColumnOptions => ({ type: 'json' })
export const longText = (): EntitySchemaColumnOptions => ({ type: 'text' })

export const primary = (column: EntitySchemaColumnOptions): EntitySchemaColumnOptions => ({ ...column, primary: true })
export const optional = (column: EntitySchemaColumnOptions): EntitySchemaColumnOptions => ({ ...column, nullable: true })
