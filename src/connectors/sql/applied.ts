import type { UserId } from '../../domain/ids'
import type { AccountName, Fence } from '../../domain/mirror/account'
import type { Outcome } from '../../ports/targets'
import { insertRows, marks, type TargetTx } from './target-database'

// `kagami_applied` is our mark at a target: which person an account belongs to, and what was written for him by which claim.

export const appliedTables = [
  `CREATE TABLE IF NOT EXISTS kagami_applied (object_id VARCHAR(36) PRIMARY KEY, account_name VARCHAR(64) NOT NULL UNIQUE,
    fence BIGINT NOT NULL, hash VARCHAR(64) NOT NULL)`,
]

type AppliedRow = {
  readonly object_id: UserId
  readonly account_name: AccountName
  readonly fence: number
  readonly hash: string
}

type Wanted = { readonly objectId: UserId; readonly name: AccountName }

/** Our marks on these people and these names, held until the commit. */
export async function readApplied(tx: TargetTx, wanted: readonly Wanted[]): Promise<Applied> {
  const rows = await tx.all<AppliedRow>(
    `SELECT object_id, account_name, fence, hash FROM kagami_applied WHERE object_id IN (${marks(wanted)}) OR account_name IN (${marks(wanted)}) ${tx.dialect.forUpdate}`,
    [...wanted.map((one) => one.objectId), ...wanted.map((one) => one.name)],
  )
  return new Applied(rows)
}

export class Applied {
  private readonly byObject: ReadonlyMap<UserId, AppliedRow>
  private readonly byName: ReadonlyMap<AccountName, AppliedRow>

  constructor(rows: readonly AppliedRow[]) {
    this.byObject = new Map(rows.map((row) => [row.object_id, row]))
    this.byName = new Map(rows.map((row) => [row.account_name, row]))
  }

  hashOf(id: UserId): string | undefined {
    return this.byObject.get(id)?.hash
  }

  isMarked(name: AccountName): boolean {
    return this.byName.has(name)
  }

  ownerOf(name: AccountName): UserId | undefined {
    return this.byName.get(name)?.object_id
  }

  /** Why this account must not be written now, if it must not. */
  refusal(one: Wanted, fence: Fence, exists: boolean): Outcome | undefined {
    const mine = this.byObject.get(one.objectId)
    if (mine && mine.fence > fence) return { kind: 'retry', reason: 'A newer worker was here.', afterMs: 0 }
    const owner = this.ownerOf(one.name)
    if (owner !== undefined && owner !== one.objectId) {
      return { kind: 'rejected', reason: `The account ${one.name} belongs to another user there. Change one of the login names.` }
    }
    if (exists && owner === undefined) {
      return {
        kind: 'rejected',
        reason: `An account ${one.name} that Kagami did not make exists there. Remove or rename it, or change the login name.`,
      }
    }
    return undefined
  }
}

export async function writeApplied(
  tx: TargetTx,
  accounts: readonly (Wanted & { readonly hash: string })[],
  fence: Fence,
): Promise<void> {
  if (accounts.length === 0) return
  await clearApplied(tx, accounts)
  await insertRows(
    tx,
    'kagami_applied (object_id, account_name, fence, hash)',
    accounts.map((one) => [one.objectId, one.name, fence, one.hash]),
  )
}

export async function clearApplied(tx: TargetTx, accounts: readonly Pick<Wanted, 'objectId'>[]): Promise<void> {
  await tx.run(
    `DELETE FROM kagami_applied WHERE object_id IN (${marks(accounts)})`,
    accounts.map((one) => one.objectId),
  )
}

export const done: Outcome = { kind: 'done' }
export const unchanged: Outcome = { kind: 'unchanged' }
