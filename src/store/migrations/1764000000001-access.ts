import { Table, type MigrationInterface, type QueryRunner } from 'typeorm'
import { columns } from '../table-columns'

export class Access1764000000001 implements MigrationInterface {
  name = 'Access1764000000001'

  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(
      new Table({
        name: 'access_client',
        columns: columns(runner, {
          id: 'P id',
          name: 'key128',
          name_key: 'key128',
          created_at: 'time',
        }),
        indices: [{ name: 'uq_access_client_name_key', columnNames: ['name_key'], isUnique: true }],
      }),
      true,
    )
    await runner.createTable(
      new Table({
        name: 'access_token',
        columns: columns(runner, {
          id: 'P id',
          client_id: 'id',
          hash: 'key64',
          hint: 'key16',
          scopes: 'json',
          created_at: 'time',
          expires_at: 'time?',
          revoked_at: 'time?',
          last_used_at: 'time?',
        }),
        indices: [
          { name: 'uq_access_token_hash', columnNames: ['hash'], isUnique: true },
          { name: 'ix_access_token_client_id', columnNames: ['client_id'] },
        ],
      }),
      true,
    )
    await runner.createTable(
      new Table({
        name: 'access_password',
        columns: columns(runner, {
          user_id: 'P id',
          argon2: 'key255',
          scram: 'text',
          changed_at: 'time',
          temporary: 'flag',
        }),
      }),
      true,
    )
    await runner.createTable(
      new Table({
        name: 'access_session',
        columns: columns(runner, {
          id_hash: 'P key64',
          user_id: 'id',
          method: 'key16',
          created_at: 'time',
          last_seen_at: 'time',
        }),
        indices: [
          { name: 'ix_access_session_user_id', columnNames: ['user_id'] },
          { name: 'ix_access_session_last_seen_at', columnNames: ['last_seen_at'] },
        ],
      }),
      true,
    )
    await runner.createTable(
      new Table({
        name: 'access_consumed',
        columns: columns(runner, {
          kind: 'P key16',
          id: 'P key255',
          expires_at: 'time',
        }),
        indices: [{ name: 'ix_access_consumed_expires_at', columnNames: ['expires_at'] }],
      }),
      true,
    )
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('access_consumed')
    await runner.dropTable('access_session')
    await runner.dropTable('access_password')
    await runner.dropTable('access_token')
    await runner.dropTable('access_client')
  }
}
