import { TableIndex, type MigrationInterface, type QueryRunner } from 'typeorm'
import { never } from '../never'

const deadSince = { name: 'ix_mirror_work_target_dead_since', columnNames: ['target', 'dead_since'] }
const doneAt = { name: 'ix_mirror_work_target_done_at', columnNames: ['target', 'done_at'] }

/** Narrow rows that are found by their key; InnoDB keeps every table so. */
const clustered = ['directory_user_email', 'directory_external_id', 'mirror_work', 'mirror_link']

/**
 * A new person costs fewer writes: dead letters are found by when they are due (never), the last success stands at its target, and on
 * SQLite narrow tables are kept by their key alone.
 */
export class LeanWrites1764100000020 implements MigrationInterface {
  name = 'LeanWrites1764100000020'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE mirror_target ADD COLUMN done_at bigint NULL')
    await runner.query(
      'UPDATE mirror_target SET done_at = (SELECT MAX(w.done_at) FROM mirror_work w WHERE w.target = mirror_target.target)',
    )
    await runner.query(`UPDATE mirror_work SET due_at = ${never} WHERE due_at IS NULL AND dead_since IS NOT NULL`)
    await runner.dropIndex('mirror_work', deadSince.name)
    await runner.dropIndex('mirror_work', doneAt.name)
    for (const table of clustered) await remakeFile(runner, table, (sql) => `${sql} WITHOUT ROWID`)
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of clustered) await remakeFile(runner, table, (sql) => sql.replace(/ WITHOUT ROWID$/, ''))
    await runner.createIndex('mirror_work', new TableIndex(deadSince))
    await runner.createIndex('mirror_work', new TableIndex(doneAt))
    await runner.query(`UPDATE mirror_work SET due_at = NULL WHERE due_at = ${never}`)
    await runner.query('ALTER TABLE mirror_target DROP COLUMN done_at')
  }
}

/** SQLite: the same table with its rows and indices, made by another statement. */
async function remakeFile(runner: QueryRunner, table: string, statement: (sql: string) => string): Promise<void> {
  if (runner.dataSource.driver.options.type !== 'better-sqlite3') return
  type Made = { readonly type: string; readonly sql: string }
  const made = (await runner.query(
    `SELECT type, sql FROM sqlite_master WHERE tbl_name = '${table}' AND sql IS NOT NULL ORDER BY type DESC`,
  )) as Made[]
  await runner.query(`ALTER TABLE ${table} RENAME TO ${table}_before`)
  await runner.query(statement(made.find(({ type }) => type === 'table')!.sql))
  await runner.query(`INSERT INTO ${table} SELECT * FROM ${table}_before`)
  await runner.query(`DROP TABLE ${table}_before`)
  for (const { type, sql } of made) if (type === 'index') await runner.query(sql)
}
