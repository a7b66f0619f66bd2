import { Table, type MigrationInterface, type QueryRunner } from 'typeorm'
import { columns } from '../table-columns'

/** Two-step sign-in: each person's second step, and what is half-way. */
export class TwoStep1764200000022 implements MigrationInterface {
  name = 'TwoStep1764200000022'

  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(
      new Table({
        name: 'access_second_step',
        columns: columns(runner, {
          user_id: 'P id',
          method: 'key16',
          secret: 'text',
          last_step: 'time',
          since: 'time',
          recovery: 'json',
        }),
      }),
      true,
    )
    await runner.createTable(
      new Table({
        name: 'access_challenge',
        columns: columns(runner, {
          id_hash: 'P key64',
          user_id: 'id',
          content: 'text',
          code_mac: 'key64?',
          tries: 'count',
          expires_at: 'time',
        }),
        indices: [
          { name: 'ix_access_challenge_expires_at', columnNames: ['expires_at'] },
          { name: 'ix_access_challenge_user_id', columnNames: ['user_id'] },
        ],
      }),
      true,
    )
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('access_challenge')
    await runner.dropTable('access_second_step')
  }
}
