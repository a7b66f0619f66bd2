import type { DataSource } from 'typeorm'
import { DomainError } from '../domain/errors'
import { whenUnlocked } from './when-unlocked'

/**
 * Brings the database to the schema of this program. Nodes that start at once wait for each other. The MySQL family must hold
 * texts by their bytes (`utf8mb4_bin`): else か is が and 🍣 is 🍺.
 *
 * @throws DomainError storeUnavailable with the mend
 */
export async function migrate(source: DataSource): Promise<void> {
  if (source.options.type === 'better-sqlite3') {
    await migrateFile(source)
    return
  }
  const [row] = await source.query<readonly { charset: string; collation: string }[]>(
    'SELECT @@character_set_database AS charset, @@collation_database AS collation',
  )
  if (row?.charset !== 'utf8mb4' || row.collation !== 'utf8mb4_bin') {
    throw new DomainError(
      'storeUnavailable',
      `The database has the collation ${row?.collation ?? '?'}. Run: ALTER DATABASE \`${String(source.options.database)}\` CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`,
    )
  }
  await withMigrationLock(source, () => source.runMigrations({ transaction: 'each' }))
}

/** In one transaction that has the file to itself, so that a second process finds all of it done. */
async function migrateFile(source: DataSource): Promise<void> {
  await whenUnlocked(() => source.query('BEGIN IMMEDIATE'))
  try {
    await source.runMigrations({ transaction: 'none' })
    await source.query('COMMIT')
  } catch (error) {
    await source.query('ROLLBACK')
    throw error
  }
}

/** A row, not GET_LOCK: on a cluster that lock is of one node only. A node that died while migrating loses it after a minute. */
async function withMigrationLock(source: DataSource, work: () => Promise<unknown>): Promise<void> {
  await source.query('CREATE TABLE IF NOT EXISTS system_migration_lock (name VARCHAR(16) PRIMARY KEY, until_ms BIGINT NOT NULL)')
  const now = 'CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS SIGNED)'
  const giveUpAt = Date.now() + 120_000
  for (;;) {
    await source.query(`DELETE FROM system_migration_lock WHERE until_ms < ${now}`)
    const taken = await source.query(`INSERT INTO system_migration_lock VALUES ('migrate', ${now} + 60000)`).then(
      () => true,
      () => false,
    )
    if (taken) break
    if (Date.now() > giveUpAt)
      throw new DomainError('storeUnavailable', 'Another node has been migrating the database for two minutes. Look at its log.')
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  try {
    await work()
  } finally {
    await source.query(`DELETE FROM system_migration_lock WHERE name = 'migrate'`)
  }
}
