import { Table, type MigrationInterface, type QueryRunner } from 'typeorm'
import { columns } from '../table-columns'

export class Audit1764000000003 implements MigrationInterface {
  name = 'Audit1764000000003'

  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(
      new Table({
        name: 'audit_line',
        columns: columns(runner, {
          id: 'P id',
          at: 'time',
          level: 'key16',
          module: 'key64',
          action: 'key128',
          result: 'key16',
          actor_kind: 'key16',
          actor_name: 'key255',
          address: 'key64?',
          request_id: 'key64?',
          object_kind: 'key16',
          object_id: 'key64?',
          label: 'key255',
          detail: 'json?',
        }),
      }),
      true,
    )
    await runner.createTable(
      new Table({
        name: 'provisioning_line',
        columns: columns(runner, {
          id: 'P id',
          at: 'time',
          client_id: 'id',
          request_id: 'key64?',
          action: 'key128',
          object_kind: 'key16',
          object_id: 'key64?',
          label: 'key255',
          detail: 'json?',
        }),
        indices: [{ name: 'ix_provisioning_line_object_id', columnNames: ['object_id'] }],
      }),
      true,
    )
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('provisioning_line')
    await runner.dropTable('audit_line')
  }
}
