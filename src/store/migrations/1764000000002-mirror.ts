import { Table, type MigrationInterface, type QueryRunner } from 'typeorm'
import { columns } from '../table-columns'

export class Mirror1764000000002 implements MigrationInterface {
  name = 'Mirror1764000000002'

  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(
      new Table({
        name: 'mirror_target',
        columns: columns(runner, {
          target: 'P key16',
          fence: 'time',
          last_error: 'text?',
          last_error_at: 'time?',
        }),
      }),
      true,
    )
    await runner.createTable(
      new Table({
        name: 'mirror_work',
        columns: columns(runner, {
          target: 'P key16',
          object_id: 'P id',
          wanted: 'count',
          done: 'count',
          due_at: 'time?',
          attempts: 'count',
          lease_until: 'time',
          claimed: 'count',
          fence: 'time',
          reason: 'text?',
          dead_since: 'time?',
          done_at: 'time?',
        }),
        indices: [
          { name: 'ix_mirror_work_target_due_at', columnNames: ['target', 'due_at'] },
          { name: 'ix_mirror_work_target_dead_since', columnNames: ['target', 'dead_since'] },
          { name: 'ix_mirror_work_target_done_at', columnNames: ['target', 'done_at'] },
        ],
      }),
      true,
    )
    await runner.createTable(
      new Table({
        name: 'mirror_link',
        columns: columns(runner, {
          target: 'P key16',
          object_id: 'P id',
          account_name: 'key64?',
          intent: 'key16?',
          applied_hash: 'key64?',
          named: 'flag',
          address: 'key255?',
          aliases: 'json',
        }),
        indices: [{ name: 'uq_mirror_link_target_account_name', columnNames: ['target', 'account_name'], isUnique: true }],
      }),
      true,
    )
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('mirror_link')
    await runner.dropTable('mirror_work')
    await runner.dropTable('mirror_target')
  }
}
