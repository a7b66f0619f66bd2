import { Table, type MigrationInterface, type QueryRunner } from 'typeorm'
import { columns } from '../table-columns'

export class System1764000000004 implements MigrationInterface {
  name = 'System1764000000004'

  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(
      new Table({
        name: 'system_setting',
        columns: columns(runner, {
          name: 'P key128',
          value: 'json',
          updated_at: 'time',
        }),
      }),
      true,
    )
    await runner.createTable(
      new Table({
        name: 'system_lease',
        columns: columns(runner, {
          name: 'P key128',
          node: 'key64',
          lease_until: 'time',
        }),
      }),
      true,
    )
    await runner.createTable(
      new Table({
        name: 'system_job',
        columns: columns(runner, {
          id: 'P id',
          kind: 'key32',
          active_kind: 'key32?',
          state: 'key16',
          requested_by: 'key255',
          requested_at: 'time',
          started_at: 'time?',
          finished_at: 'time?',
          total: 'count',
          done: 'count',
          failed: 'count',
          message: 'text?',
          node: 'key64?',
          lease_until: 'time',
        }),
        indices: [
          { name: 'uq_system_job_active_kind', columnNames: ['active_kind'], isUnique: true },
          { name: 'ix_system_job_kind_requested_at', columnNames: ['kind', 'requested_at'] },
        ],
      }),
      true,
    )
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('system_job')
    await runner.dropTable('system_lease')
    await runner.dropTable('system_setting')
  }
}
