import { Table, type MigrationInterface, type QueryRunner } from 'typeorm'
import { columns } from '../table-columns'

/** A session tells from where and by which browser it began; wrong guesses are counted for all nodes. */
export class Sessions1764200000030 implements MigrationInterface {
  name = 'Sessions1764200000030'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE access_session ADD COLUMN address varchar(64) NULL')
    await runner.query('ALTER TABLE access_session ADD COLUMN agent varchar(255) NULL')
    await runner.createTable(
      new Table({
        name: 'access_guess',
        columns: columns(runner, { key_hash: 'P key64', empty_at: 'time', wait_until: 'time' }),
        indices: [{ name: 'ix_access_guess_empty_at', columnNames: ['empty_at'] }],
      }),
      true,
    )
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('access_guess')
    await runner.query('ALTER TABLE access_session DROP COLUMN agent')
    await runner.query('ALTER TABLE access_session DROP COLUMN address')
  }
}
