import type { Priority } from '../ports/store'
import type { Database } from './sql'

/**
 * An open database of one kind: how it reads, and how it runs a transaction. Statements go to the driver itself; TypeORM opens and
 * migrates.
 */
export interface Engine {
  /** Each read sees what is committed. */
  readonly read: Database
  /** In one transaction, and again as a whole where the database asks for it. @throws DomainError storeBusy, storeUnavailable */
  transact<T>(work: (database: Database) => Promise<T>, priority: Priority): Promise<T>
  readonly roundsAtOnce: number
  /** Absent: it takes requests. */
  whyNotReady(): Promise<string | undefined>
  close(): Promise<void>
}

/** A database that ends with its transaction: what is used after that refuses. */
export function ending(database: Database): Database & { end(): void } {
  let ended = false
  const requireOpen = () => {
    if (ended) throw new Error('this transaction has ended; what runs later needs one of its own')
  }
  return {
    dialect: database.dialect,
    all: async (query) => {
      requireOpen()
      return database.all(query)
    },
    run: async (query) => {
      requireOpen()
      return database.run(query)
    },
    write: async (query) => {
      requireOpen()
      return database.write(query)
    },
    insert: async (into, values, onConflict) => {
      requireOpen()
      return database.insert(into, values, onConflict)
    },
    end: () => {
      ended = true
    },
  }
}
