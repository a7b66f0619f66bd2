import { Table, type MigrationInterface, type QueryRunner } from 'typeorm'
import { columns } from '../table-columns'

/** A deleted person keeps his externalIds where the living have theirs: the unique key says that somebody comes back. */
export class Tombstones1764100000003 implements MigrationInterface {
  name = 'Tombstones1764100000003'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`INSERT INTO directory_external_id (object_id, client_id, object_kind, external_id)
      SELECT object_id, client_id, 'user', external_id FROM directory_tombstone_external_id gone WHERE NOT EXISTS (
        SELECT 1 FROM directory_external_id x
        WHERE x.client_id = gone.client_id AND x.object_kind = 'user' AND x.external_id = gone.external_id)`)
    await runner.dropTable('directory_tombstone_external_id')
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.createTable(
      new Table({
        name: 'directory_tombstone_external_id',
        columns: columns(runner, { client_id: 'P id', external_id: 'P key255', object_id: 'id' }),
        indices: [{ name: 'ix_directory_tombstone_external_id_object_id', columnNames: ['object_id'] }],
      }),
      true,
    )
    await runner.query(`INSERT INTO directory_tombstone_external_id (client_id, external_id, object_id)
      SELECT client_id, external_id, object_id FROM directory_external_id
      WHERE object_kind = 'user' AND object_id IN (SELECT object_id FROM directory_tombstone)`)
    await runner.query('DELETE FROM directory_external_id WHERE object_id IN (SELECT object_id FROM directory_tombstone)')
  }
}
