import type { MigrationInterface, QueryRunner } from 'typeorm'

/** Every node knows which target does not answer, and since when. */
export class Outages1764100000060 implements MigrationInterface {
  name = 'Outages1764100000060'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE mirror_target ADD COLUMN down_reason text NULL')
    await runner.query('ALTER TABLE mirror_target ADD COLUMN down_since bigint NULL')
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE mirror_target DROP COLUMN down_since')
    await runner.query('ALTER TABLE mirror_target DROP COLUMN down_reason')
  }
}
