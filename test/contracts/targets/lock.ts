import SqliteDatabase from 'better-sqlite3'

/** An embedded file that nobody can use, because another program holds it. */
export function lockOf(file: string): { breakDown(): Promise<void>; recover(): Promise<void> } {
  let holder: SqliteDatabase.Database | undefined
  return {
    breakDown: async () => {
      holder = new SqliteDatabase(file)
      holder.exec('BEGIN EXCLUSIVE')
    },
    recover: async () => void holder?.close(),
  }
}
