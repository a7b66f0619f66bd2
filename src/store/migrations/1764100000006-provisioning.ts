import { Table, TableIndex, type MigrationInterface, type QueryRunner } from 'typeorm'
import { columns } from '../table-columns'

/** The provisioning log: what was asked for, lines in order by object and by client, and refusals by the hour. */
export class Provisioning1764100000006 implements MigrationInterface {
  name = 'Provisioning1764100000006'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE audit_line ADD COLUMN operation varchar(16) NULL')
    await runner.dropIndex('audit_line', 'ix_audit_line_object_id')
    await runner.createIndices('audit_line', [
      new TableIndex({ name: 'ix_audit_line_object_id_id', columnNames: ['object_id', 'id'] }),
      new TableIndex({ name: 'ix_audit_line_client_id_id', columnNames: ['client_id', 'id'] }),
    ])
    await runner.createTable(
      new Table({
        name: 'provisioning_refusal',
        columns: columns(runner, {
          id: 'P id',
          kind_hash: 'key64',
          first_at: 'time',
          last_at: 'time',
          times: 'count',
          client_id: 'id?',
          client_name: 'key255?',
          address: 'key64?',
          operation: 'key16',
          object_kind: 'key16?',
          status: 'count',
          scim_type: 'key64?',
          detail: 'text',
          objects: 'json',
          request_id: 'key64',
        }),
        indices: [{ name: 'uq_provisioning_refusal_kind_hash', columnNames: ['kind_hash'], isUnique: true }],
      }),
      true,
    )
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('provisioning_refusal')
    await runner.dropIndex('audit_line', 'ix_audit_line_client_id_id')
    await runner.dropIndex('audit_line', 'ix_audit_line_object_id_id')
    await runner.createIndex('audit_line', new TableIndex({ name: 'ix_audit_line_object_id', columnNames: ['object_id'] }))
    await runner.query('ALTER TABLE audit_line DROP COLUMN operation')
  }
}
