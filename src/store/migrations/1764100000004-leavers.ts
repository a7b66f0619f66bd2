import { TableIndex, type MigrationInterface, type QueryRunner } from 'typeorm'

const index = 'ix_directory_tombstone_accounts_until'
const lastErrors = { last_error: 'TEXT NULL', last_error_at: 'BIGINT NULL' }

/** Until when the accounts of who was deleted are kept. A target's last error had a place that nobody wrote to: the work tells it. */
export class Leavers1764100000004 implements MigrationInterface {
  name = 'Leavers1764100000004'

  async up(runner: QueryRunner): Promise<void> {
    if (!(await runner.hasColumn('directory_tombstone', 'accounts_until'))) {
      await runner.query('ALTER TABLE directory_tombstone ADD COLUMN accounts_until BIGINT NULL')
    }
    await runner.createIndex('directory_tombstone', new TableIndex({ name: index, columnNames: ['accounts_until'] }))
    for (const column of Object.keys(lastErrors)) {
      if (await runner.hasColumn('mirror_target', column)) await runner.query(`ALTER TABLE mirror_target DROP COLUMN ${column}`)
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const [column, type] of Object.entries(lastErrors)) {
      await runner.query(`ALTER TABLE mirror_target ADD COLUMN ${column} ${type}`)
    }
    await runner.dropIndex('directory_tombstone', index)
    await runner.query('ALTER TABLE directory_tombstone DROP COLUMN accounts_until')
  }
}
