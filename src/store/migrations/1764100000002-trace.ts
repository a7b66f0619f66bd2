import { Table, TableIndex, type MigrationInterface, type QueryRunner } from 'typeorm'
import { columns } from '../table-columns'

/** One line for each change: what a client asked for is an audit line that names the client. */
export class Trace1764100000002 implements MigrationInterface {
  name = 'Trace1764100000002'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE audit_line ADD COLUMN client_id varchar(36) NULL')
    await runner.query('ALTER TABLE audit_line ADD COLUMN dialect varchar(255) NULL')
    await runner.query(`UPDATE audit_line SET client_id = (SELECT MAX(p.client_id) FROM provisioning_line p
      WHERE p.object_id = audit_line.object_id AND p.request_id = audit_line.request_id) WHERE actor_kind = 'client'`)
    await runner.createIndex('audit_line', new TableIndex({ name: 'ix_audit_line_object_id', columnNames: ['object_id'] }))
    await runner.dropTable('provisioning_line')
  }

  async down(runner: QueryRunner): Promise<void> {
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
    await runner.query(`INSERT INTO provisioning_line (id, at, client_id, request_id, action, object_kind, object_id, label, detail)
      SELECT id, at, client_id, request_id, action, object_kind, object_id, label, detail FROM audit_line WHERE client_id IS NOT NULL`)
    await runner.dropIndex('audit_line', 'ix_audit_line_object_id')
    await runner.query('ALTER TABLE audit_line DROP COLUMN dialect')
    await runner.query('ALTER TABLE audit_line DROP COLUMN client_id')
  }
}
