import { Table, TableColumn, type MigrationInterface, type QueryRunner } from 'typeorm'
import { columns } from '../table-columns'

const ofClients = {
  version: 'count',
  allowed_addresses: 'json?',
  requests_per_second: 'count?',
  ignore_unknown_members: 'flag',
  disabled_at: 'time?',
  last_request_at: 'time?',
} as const
const ofTokens = { kind: 'key16', last_used_address: 'key64?' } as const
/** What clients and tokens of before have. */
const defaults: Readonly<Record<string, string>> = { version: '1', ignore_unknown_members: '0', kind: `'token'` }

export class Clients1764100000001 implements MigrationInterface {
  name = 'Clients1764100000001'

  async up(runner: QueryRunner): Promise<void> {
    for (const [table, described] of [
      ['access_client', ofClients],
      ['access_token', ofTokens],
    ] as const) {
      for (const column of columns(runner, described)) {
        const { [column.name]: value } = defaults
        // a migration that was cut off half-way goes on where it was: the MySQL family keeps each step
        if (await runner.hasColumn(table, column.name)) continue
        await runner.addColumn(table, new TableColumn({ ...column, ...(value === undefined ? {} : { default: value }) }))
      }
    }
    await runner.createTable(
      new Table({
        name: 'access_client_use',
        columns: columns(runner, {
          client_id: 'P id',
          hour: 'P time',
          operation: 'P key32',
          outcome: 'P key16',
          requests: 'count',
        }),
        indices: [{ name: 'ix_access_client_use_hour', columnNames: ['hour'] }],
      }),
      true,
    )
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('access_client_use')
    await runner.dropColumns('access_token', Object.keys(ofTokens))
    await runner.dropColumns('access_client', Object.keys(ofClients))
  }
}
