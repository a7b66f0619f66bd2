import { Table, TableColumn, type MigrationInterface, type QueryRunner } from 'typeorm'
import { columns } from '../table-columns'

const ofPasswords = {
  changes: 'count',
  never_expires: 'flag',
  usable_until: 'time?',
  failures: 'count',
  failed_at: 'time?',
} as const
const ofSessions = { password_expired: 'flag', remembered: 'flag' } as const

/** Failed sign-ins and the passwords of before, of each user; what a session is to be told of its password and its browser. */
export class SignIn1764200000010 implements MigrationInterface {
  name = 'SignIn1764200000010'

  async up(runner: QueryRunner): Promise<void> {
    for (const [table, described] of [
      ['access_password', ofPasswords],
      ['access_session', ofSessions],
    ] as const) {
      for (const column of columns(runner, described)) {
        // a migration that was cut off half-way goes on where it was: the MySQL family keeps each step
        if (await runner.hasColumn(table, column.name)) continue
        await runner.addColumn(table, new TableColumn({ ...column, ...(column.isNullable ? {} : { default: '0' }) }))
      }
    }
    await runner.createTable(
      new Table({
        name: 'access_password_history',
        columns: columns(runner, { user_id: 'P id', number: 'P count', argon2: 'key255' }),
      }),
      true,
    )
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('access_password_history')
    await runner.dropColumns('access_session', Object.keys(ofSessions))
    await runner.dropColumns('access_password', Object.keys(ofPasswords))
  }
}
