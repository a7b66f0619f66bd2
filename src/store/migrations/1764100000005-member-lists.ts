import { Table, type MigrationInterface, type QueryRunner, type TableOptions } from 'typeorm'
import { columns } from '../table-columns'

/**
 * A group's members stand in a list, which it can exchange for another: 100,000 members are replaced at one stroke. What is nobody's list
 * waits in `directory_member_list` to be purged.
 */
export class MemberLists1764100000005 implements MigrationInterface {
  name = 'MemberLists1764100000005'

  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(
      new Table({
        name: 'directory_member_list',
        columns: columns(runner, { id: 'P id', group_id: 'id?', due_at: 'time' }),
        indices: [
          { name: 'ix_directory_member_list_group_id', columnNames: ['group_id'] },
          { name: 'ix_directory_member_list_due_at', columnNames: ['due_at'] },
        ],
      }),
      true,
    )
    const member: TableOptions = {
      name: 'directory_member',
      columns: columns(runner, { list_id: 'P id', member_id: 'P id', member_kind: 'key16' }),
      withoutRowid: runner.dataSource.driver.options.type === 'better-sqlite3',
      indices: [{ name: 'ix_directory_member_member_id_list_id', columnNames: ['member_id', 'list_id'] }],
    }
    await remake(runner, member, 'group_id AS list_id, member_id, member_kind', 'list_id')
    await remake(runner, groupTable(runner, { list_id: 'id' }), 'directory_group.*, id AS list_id', 'list_id')
  }

  async down(runner: QueryRunner): Promise<void> {
    const member: TableOptions = {
      name: 'directory_member',
      columns: columns(runner, { group_id: 'P id', member_id: 'P id', member_kind: 'key16' }),
      indices: [{ name: 'ix_directory_member_member_id_group_id', columnNames: ['member_id', 'group_id'] }],
    }
    await remake(
      runner,
      member,
      '(SELECT g.id FROM directory_group g WHERE g.list_id = directory_member.list_id) AS group_id, member_id, member_kind',
      'group_id',
      'WHERE list_id IN (SELECT list_id FROM directory_group)',
    )
    await remake(runner, groupTable(runner), groupColumns.join(', '))
    await runner.dropTable('directory_member_list')
  }
}

const groupColumns = ['id', 'kind', 'built_in', 'name', 'name_key', 'code', 'description', 'version', 'created_at', 'updated_at']

function groupTable(runner: QueryRunner, more: { readonly list_id?: 'id' } = {}): TableOptions {
  return {
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
      ...more,
    }),
    indices: [
      { name: 'uq_directory_group_name_key', columnNames: ['name_key'], isUnique: true },
      { name: 'uq_directory_group_code', columnNames: ['code'], isUnique: true },
      { name: 'ix_directory_group_built_in_id', columnNames: ['built_in', 'id'] },
      ...(more.list_id ? [{ name: 'uq_directory_group_list_id', columnNames: ['list_id'], isUnique: true }] : []),
    ],
  }
}

/**
 * The table with these columns instead, its rows kept. Each step may be the last one before a crash: the next start goes on there.
 *
 * @param made a column that only the new table has
 */
async function remake(runner: QueryRunner, table: TableOptions, selected: string, made?: string, where = ''): Promise<void> {
  const kept = `${table.name}_kept`
  if (!(await runner.hasTable(kept))) {
    if (made !== undefined && (await runner.hasColumn(table.name, made))) return
    await runner.query(`CREATE TABLE ${kept} AS SELECT ${selected} FROM ${table.name} ${where}`)
  }
  await runner.query(`DROP TABLE IF EXISTS ${table.name}`)
  await runner.createTable(new Table(table))
  const names = table.columns!.map((column) => column.name).join(', ')
  await runner.query(`INSERT INTO ${table.name} (${names}) SELECT ${names} FROM ${kept}`)
  await runner.query(`DROP TABLE ${kept}`)
}
