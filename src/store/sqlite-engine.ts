import type SqliteConnection from 'better-sqlite3'
import type { DataSource } from 'typeorm'
import { Checkpoints } from './checkpoints'
import { CommitQueue } from './commit-queue'
import { sqlite } from './dialect'
import { ending, type Engine } from './engine'
import { Flush } from './flush'
import { list, raw, sql, type Database, type Sql, type SqlValue } from './sql'

/** As many prepared statements are kept; the oldest goes first. */
const maxStatements = 500

/** One connection that writes behind a queue, one that only reads. */
export function sqliteEngine(writer: DataSource, reader: DataSource): Engine {
  const connection = connectionOf(writer)
  const writing = sqliteDatabase(connection)
  const flush = new Flush(`${connection.name}-wal`)
  const checkpoints = new Checkpoints(connection.name)
  const changes = connection.prepare('SELECT total_changes()').pluck()
  const queue = new CommitQueue({
    execute: async (statement) => void (await writing.run({ text: statement, values: [] })),
    flushed: () => {
      checkpoints.committed(changes.get() as number)
      return flush.done()
    },
  })
  return {
    read: sqliteDatabase(connectionOf(reader)),
    transact: (work, priority) =>
      queue.run(async () => {
        const database = ending(writing)
        try {
          return await work(database)
        } finally {
          database.end()
        }
      }, priority),
    roundsAtOnce: 1,
    whyNotReady: async () => {
      try {
        connection.prepare('SELECT 1 FROM system_setting WHERE 1 = 0').all()
        return flush.whyFailed
      } catch (error) {
        return error instanceof Error ? error.message : String(error)
      }
    },
    close: async () => {
      await queue.idle()
      await flush.close()
      await checkpoints.close()
      await reader.destroy()
      await writer.destroy()
    },
  }
}

/** The driver's own connection: prepared once, a statement costs a few microseconds. */
function connectionOf(source: DataSource): SqliteConnection.Database {
  return (source.driver as unknown as { readonly databaseConnection: SqliteConnection.Database }).databaseConnection
}

function sqliteDatabase(connection: SqliteConnection.Database): Database {
  const statements = new Map<string, SqliteConnection.Statement>()
  const prepared = (text: string) => {
    const known = statements.get(text)
    if (known) return known
    const statement = connection.prepare(text)
    if (statements.size >= maxStatements) statements.delete(statements.keys().next().value!)
    statements.set(text, statement)
    return statement
  }
  return {
    dialect: sqlite,
    all: async <Row>({ text, values }: Sql) => prepared(text).all(...values.map(bound)) as Row[],
    run: async ({ text, values }) => prepared(text).run(...values.map(bound)).changes,
    write: async ({ text, values }) => void prepared(text).run(...values.map(bound)),
    insert: async (into, values, onConflict = raw('')) => {
      if (values.length === 0) return
      const { text } = sql`INSERT INTO ${raw(into)} VALUES ${list(values[0]!.map(() => null))} ${onConflict}`
      const statement = prepared(text)
      for (const row of values) statement.run(...row.map(bound), ...onConflict.values)
    },
  }
}

const bound = (value: SqlValue | undefined) => (typeof value === 'boolean' ? Number(value) : (value ?? null))
