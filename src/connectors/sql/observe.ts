import type { UserId } from '../../domain/ids'
import type { AccountName, ObservedAccount } from '../../domain/mirror/account'
import { marks, type Param, type TargetTx } from './target-database'

/** Where a target keeps its accounts: a table and the column with the account's name. Some compare without case; we by bytes. */
export type Accounts = { readonly table: string; readonly column: string }

type Row = { readonly name: AccountName; readonly object_id: UserId | null; readonly hash: string | null }

/** The first `limit` accounts after a name, in ascending bytes, with our marks. */
export async function listObserved(tx: TargetTx, accounts: Accounts, after: AccountName | undefined, limit: number) {
  const name = `t.${accounts.column} ${tx.dialect.bytes}`
  return observe(tx, accounts, `WHERE ${name} > ? ORDER BY ${name} LIMIT ?`, [after ?? '', limit])
}

export async function findObserved(tx: TargetTx, accounts: Accounts, names: readonly AccountName[]) {
  return observe(tx, accounts, `WHERE t.${accounts.column} IN (${marks(names)})`, names)
}

async function observe(
  tx: TargetTx,
  { table, column }: Accounts,
  which: string,
  params: readonly Param[],
): Promise<readonly ObservedAccount[]> {
  const rows = await tx.all<Row>(
    `SELECT t.${column} AS name, a.object_id, a.hash FROM ${table} t
      LEFT JOIN kagami_applied a ON a.account_name = t.${column} ${tx.dialect.bytes} ${which}`,
    params,
  )
  return rows.map((row) => ({
    name: row.name,
    ...(row.object_id === null ? {} : { objectId: row.object_id }),
    ...(row.hash === null ? {} : { hash: row.hash }),
  }))
}
