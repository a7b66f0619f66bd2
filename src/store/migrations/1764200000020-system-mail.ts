import { Table, type MigrationInterface, type QueryRunner } from 'typeorm'
import { columns } from '../table-columns'

/** System mail that waits for being sent, and the last failures. */
export class SystemMail1764200000020 implements MigrationInterface {
  name = 'SystemMail1764200000020'

  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(
      new Table({
        name: 'system_mail',
        columns: columns(runner, {
          id: 'P id',
          recipients: 'json',
          content: 'text',
          created_at: 'time',
          give_up_at: 'time',
          due_at: 'time',
          attempts: 'count',
          lease_until: 'time',
          claim: 'id?',
        }),
        indices: [{ name: 'ix_system_mail_due_at', columnNames: ['due_at'] }],
      }),
      true,
    )
    await runner.createTable(
      new Table({
        name: 'system_mail_failure',
        columns: columns(runner, {
          id: 'P id',
          at: 'time',
          recipient: 'key255',
          others: 'count',
          attempts: 'count',
          server: 'text',
          number: 'key32',
          address: 'key255?',
          cause: 'text',
          state: 'key16',
        }),
      }),
      true,
    )
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('system_mail_failure')
    await runner.dropTable('system_mail')
  }
}
