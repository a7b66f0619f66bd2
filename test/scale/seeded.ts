import type { Databases } from '../contracts/store/databases'
import type { DatabaseConfig } from '../../src/config'

/** The ids of so many people, in ascending order. */
export const peopleIds = (count: number) =>
  Array.from({ length: count }, (_, i) => `018f0000-0000-7000-8000-${(i + 1).toString(16).padStart(12, '0')}`)

/** People past the store, in one statement: 100,000 take a second. */
export async function seedPeople(databases: Databases, database: DatabaseConfig, count: number): Promise<readonly string[]> {
  const sqlite = database.kind === 'sqlite'
  const hex = sqlite ? `printf('%012x', n)` : `LPAD(LOWER(HEX(n)), 12, '0')`
  const concat = (text: string, value: string) => (sqlite ? `'${text}' || ${value}` : `CONCAT('${text}', ${value})`)
  const numbers = sqlite
    ? `(WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < ${count}) SELECT n FROM c)`
    : `(SELECT seq AS n FROM seq_1_to_${count})`
  await databases.query(
    database,
    `INSERT INTO directory_user (id, kind, status, login_name, login_key, profile, folded, version, created_at, updated_at)
      SELECT ${concat('018f0000-0000-7000-8000-', hex)}, 'person', 'inUse', ${concat('person', 'n')}, ${concat('person', 'n')}, '{}', '{}', 1, 0, 0
      FROM ${numbers} numbers`,
  )
  return peopleIds(count)
}
