import { Table, type MigrationInterface, type QueryRunner } from 'typeorm'
import { columns } from '../table-columns'

/** Links to a new password: the last one of each person, and how many he got within the hour. */
export class PasswordReset1764200000021 implements MigrationInterface {
  name = 'PasswordReset1764200000021'

  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(
      new Table({
        name: 'access_password_reset',
        columns: columns(runner, {
          user_id: 'P id',
          token_hash: 'key64?',
          address: 'key255',
          expires_at: 'time',
          hour_at: 'time',
          sent: 'count',
        }),
        indices: [
          { name: 'uq_access_password_reset_token_hash', columnNames: ['token_hash'], isUnique: true },
          { name: 'ix_access_password_reset_hour_at', columnNames: ['hour_at'] },
        ],
      }),
      true,
    )
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('access_password_reset')
  }
}
