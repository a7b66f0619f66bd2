import { Table, type MigrationInterface, type QueryRunner } from 'typeorm'
import { columns } from '../table-columns'

export class Directory1764000000000 implements MigrationInterface {
  name = 'Directory1764000000000'

  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(
      new Table({
        name: 'directory_user',
        columns: columns(runner, {
          id: 'P id',
          kind: 'key16',
          status: 'key16',
          login_name: 'key191',
          login_key: 'key191',
          display_name: 'key255?',
          display_key: 'key255?',
          family_name: 'key255?',
          given_name: 'key255?',
          profile: 'json',
          folded: 'json',
          version: 'count',
          created_at: 'time',
          updated_at: 'time',
        }),
        indices: [
          { name: 'uq_directory_user_login_key', columnNames: ['login_key'], isUnique: true },
          { name: 'ix_directory_user_kind_id', columnNames: ['kind', 'id'] },
          { name: 'ix_directory_user_display_key', columnNames: ['display_key'] },
        ],
      }),
      true,
    )
    await runner.createTable(
      new Table({
        name: 'directory_user_email',
        columns: columns(runner, {
          user_id: 'P id',
          position: 'P count',
          value: 'key255',
          value_key: 'key255',
          type_key: 'key64?',
          is_primary: 'flag',
        }),
        indices: [{ name: 'ix_directory_user_email_value_key_user_id', columnNames: ['value_key', 'user_id'] }],
      }),
      true,
    )
    await runner.createTable(
      new Table({
        name: 'directory_external_id',
        columns: columns(runner, {
          object_id: 'P id',
          client_id: 'P id',
          object_kind: 'key16',
          external_id: 'key255',
        }),
        indices: [
          {
            name: 'uq_directory_external_id_client_id_object_kind_external_id',
            columnNames: ['client_id', 'object_kind', 'external_id'],
            isUnique: true,
          },
        ],
      }),
      true,
    )
    await runner.createTable(
      new Table({
        name: 'directory_group',
        columns: columns(runner, {
          id: 'P id',
          kind: 'key16',
          built_in: 'flag',
          name: 'key255',
          name_key: 'key255',
          code: 'key128',
          description: 'text?',
          version: 'count',
          created_at: 'time',
          updated_at: 'time',
        }),
        indices: [
          { name: 'uq_directory_group_name_key', columnNames: ['name_key'], isUnique: true },
          { name: 'uq_directory_group_code', columnNames: ['code'], isUnique: true },
          { name: 'ix_directory_group_built_in_id', columnNames: ['built_in', 'id'] },
        ],
      }),
      true,
    )
    await runner.createTable(
      new Table({
        name: 'directory_member',
        columns: columns(runner, {
          group_id: 'P id',
          member_id: 'P id',
          member_kind: 'key16',
        }),
        indices: [{ name: 'ix_directory_member_member_id_group_id', columnNames: ['member_id', 'group_id'] }],
      }),
      true,
    )
    await runner.createTable(
      new Table({
        name: 'directory_tombstone',
        columns: columns(runner, {
          object_id: 'P id',
          object_kind: 'key16',
          label: 'key255',
          snapshot: 'json',
          deleted_at: 'time',
          expires_at: 'time',
        }),
        indices: [{ name: 'ix_directory_tombstone_expires_at', columnNames: ['expires_at'] }],
      }),
      true,
    )
    await runner.createTable(
      new Table({
        name: 'directory_tombstone_external_id',
        columns: columns(runner, {
          client_id: 'P id',
          external_id: 'P key255',
          object_id: 'id',
        }),
        indices: [{ name: 'ix_directory_tombstone_external_id_object_id', columnNames: ['object_id'] }],
      }),
      true,
    )
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('directory_tombstone_external_id')
    await runner.dropTable('directory_tombstone')
    await runner.dropTable('directory_member')
    await runner.dropTable('directory_group')
    await runner.dropTable('directory_external_id')
    await runner.dropTable('directory_user_email')
    await runner.dropTable('directory_user')
  }
}
