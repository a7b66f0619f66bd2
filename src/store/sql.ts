/** What can be bound. Booleans become 0 and 1, which both databases store. */
export type SqlValue = string | number | boolean | null

/** A piece of SQL with its bound values in order. Made only by the functions below: no value is ever pasted into the text. */
export type Sql = { readonly text: string; readonly values: readonly SqlValue[] }

/** Binds each value; a nested piece is taken in as it is. */
export function sql(strings: TemplateStringsArray, ...parts: readonly (Sql | SqlValue | undefined)[]): Sql {
  let text = strings[0]!
  const values: SqlValue[] = []
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i]
    if (typeof part === 'object' && part !== null) {
      text += part.text
      for (const value of part.values) values.push(value)
    } else {
      text += '?'
      values.push(part ?? null)
    }
    text += strings[i + 1]!
  }
  return { text, values }
}

/** Text of ours that is no value: a column, an order. */
export function raw(text: string): Sql {
  return { text, values: [] }
}

export function joinSql(parts: readonly Sql[], separator: string): Sql {
  return { text: parts.map((part) => part.text).join(separator), values: parts.flatMap((part) => part.values) }
}

/** `(?, ?, ?)`; never empty, for `IN ()` is no SQL. */
export function list(values: readonly SqlValue[]): Sql {
  if (values.length === 0) throw new Error('an empty list has no SQL')
  return { text: `(${'?, '.repeat(values.length - 1)}?)`, values }
}

/** `(a, b), (c, d)` */
export function rows(values: readonly (readonly (SqlValue | undefined)[])[]): Sql {
  return joinSql(
    values.map((row) => list(row.map((value) => value ?? null))),
    ', ',
  )
}

/** SQLite takes 32,766 bound values a statement, MySQL 65,535: sets go in chunks of this many rows. */
const chunkSize = 500

export function chunks<T>(items: readonly T[], size = chunkSize): readonly (readonly T[])[] {
  if (items.length <= size) return items.length === 0 ? [] : [items]
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size))
}

/** For a JSON column. Half of a character, which MariaDB refuses there, becomes U+FFFD, as it does in a text. */
export function toJson(value: unknown): string {
  const text = JSON.stringify(value)
  if (!text.includes('\\ud')) return text
  return text.replace(/\\(?:\\|ud[89a-f][0-9a-f]{2})/g, (escape) => (escape === '\\\\' ? escape : '\uFFFD'))
}

/** Runs pieces of SQL: a transaction, or the reader. */
export interface Database {
  readonly dialect: Dialect
  all<Row>(query: Sql): Promise<readonly Row[]>
  /** @returns how many rows were changed */
  run(query: Sql): Promise<number>
  /**
   * A change that nobody looks at. Within a transaction on the MySQL family it may go out later, with the next statement that is looked
   * at, at the latest before the commit; so may `insert`.
   */
  write(query: Sql): Promise<void>
  /**
   * Rows of one table, as cheaply as the database takes them: a prepared statement row by row, or one statement for many.
   *
   * @param into `table (column, …)`, text of ours
   * @param onConflict ends the statement (`Dialect.onConflict`)
   */
  insert(into: string, values: readonly (readonly (SqlValue | undefined)[])[], onConflict?: Sql): Promise<void>
}

/** What differs between SQLite and the MySQL family; nothing else knows which one it is. */
export interface Dialect {
  readonly name: 'sqlite' | 'mysql'
  /** UTC milliseconds in the database's own time. */
  readonly now: Sql
  /** Ends a SELECT: the rows stay as they are until the commit. On SQLite the one writer has them anyway. */
  readonly forUpdate: Sql
  readonly forShare: Sql
  /** Ends a SELECT of due work: rows of other claims are passed over. */
  readonly skipLocked: Sql
  /** Ends an INSERT: where the key is there, these columns are set; `excluded(column)` is the value that was to be inserted. */
  onConflict(key: readonly string[], set: Readonly<Record<string, Sql>>): Sql
  excluded(column: string): Sql
  /** A text of a JSON column; the path is ours. */
  jsonText(column: string, path: string): Sql
  /** EXISTS over the objects of a JSON array; `e.f_FIELD` in `where` is a text of the element. */
  jsonAny(column: string, path: string, fields: readonly string[], where: Sql): Sql
  /** Equal to the last byte; where it can be, by an index. MySQL pads what it compares with blanks. */
  sameText(column: Sql, text: string): Sql
  /** A table that is read from a key on. MySQL would rather read all of a kind and look at each key. */
  fromKey(table: Sql): Sql
  /** By an index where there is one. */
  startsWith(column: Sql, text: string): Sql
  /** A text as it is put in order: by its bytes, which are code points in order. */
  ordered(text: Sql): Sql
  /** Does this error say that a unique key is taken? Then which column or key it names. */
  duplicateKey(error: unknown): string | undefined
}
