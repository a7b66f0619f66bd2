import type { MigrationInterface, QueryRunner } from 'typeorm'

/** `E-1` and `E-1 ` are two externalIds: the MySQL family no longer pads this column with blanks. SQLite never did. */
export class ExactExternalIds1764100000010 implements MigrationInterface {
  name = 'ExactExternalIds1764100000010'

  async up(runner: QueryRunner): Promise<void> {
    if (runner.connection.options.type === 'better-sqlite3') return
    // MariaDB has the one, MySQL the other
    const [found] = (await runner.query(
      `SELECT COLLATION_NAME AS name FROM information_schema.COLLATIONS
        WHERE COLLATION_NAME IN ('utf8mb4_nopad_bin', 'utf8mb4_0900_bin') ORDER BY COLLATION_NAME DESC`,
    )) as readonly { readonly name: string }[]
    if (!found)
      throw new Error('The database knows neither utf8mb4_nopad_bin nor utf8mb4_0900_bin. Use MariaDB 10.6 or MySQL 8 at least.')
    await collate(runner, found.name)
  }

  async down(runner: QueryRunner): Promise<void> {
    if (runner.connection.options.type !== 'better-sqlite3') await collate(runner, 'utf8mb4_bin')
  }
}

const collate = (runner: QueryRunner, collation: string) =>
  runner.query(
    `ALTER TABLE directory_external_id MODIFY external_id VARCHAR(255) CHARACTER SET utf8mb4 COLLATE ${collation} NOT NULL`,
  )
