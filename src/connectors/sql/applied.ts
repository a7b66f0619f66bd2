import type { UserId } from '../../domain/ids'
import type { AccountName, Fence } from '../../domain/mirror/account'
import type { Outcome } from '../../ports/targets'
import { insertRows, marks, type TargetTx } from './target-database'

// `kagami_applied` is our mark at a target: which person an account belongs to, and what was written for him by which claim. It stays
// without a name when the account is gone, so that a worker who comes late does not make it again.

export const appliedTable = `kagami_applied (object_id VARCHAR(36) PRIMARY KEY, account_name VARCHAR(64) UNIQUE,
  fence BIGINT NOT NULL, hash VARCHAR(64) NOT NULL)`

type AppliedRow = {
  readonly object_id: UserId
  readonly account_name: AccountName | null
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
  private readonly byName: ReadonlyMap<AccountName | null, AppliedRow>

  constructor(rows: readonly AppliedRow[]) {
    this.byObject = new Map(rows.map((row) => [row.object_id, row]))
    this.byName = new Map(rows.map((row) => [row.account_name, row]))
  }

  hashOf(id: UserId): string | undefined {
    return this.byObject.get(id)?.hash
  }

  ownerOf(name: AccountName): UserId | undefined {
    return this.byName.get(name)?.object_id
  }

  /** A newer claim was here already. */
  lateness(one: Wanted, fence: Fence): Outcome | undefined {
    return (this.byObject.get(one.objectId)?.fence ?? 0) > fence ? late : undefined
  }

  /** Why this account must not be written now, if it must not. */
  refusal(one: Wanted, fence: Fence, exists: boolean): Outcome | undefined {
    const tooLate = this.lateness(one, fence)
    if (tooLate) return tooLate
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

/** What was written for these people, by which claim. */
export async function writeApplied(
  tx: TargetTx,
  accounts: readonly (Wanted & { readonly hash: string })[],
  fence: Fence,
): Promise<void> {
  await replaceApplied(
    tx,
    accounts.map((one) => [one.objectId, one.name, fence, one.hash]),
  )
}

/**
 * Whose accounts these are to remove: those that carry the person's mark. The claim is noted for all, so that one who comes late with
 * a lower fence neither makes nor changes the account.
 */
export async function claimRemoval<One extends Wanted>(
  tx: TargetTx,
  accounts: readonly One[],
  fence: Fence,
): Promise<{ readonly outcomes: ReadonlyMap<UserId, Outcome>; readonly ours: readonly One[] }> {
  const applied = await readApplied(tx, accounts)
  const outcomes = new Map<UserId, Outcome>()
  const rows: AppliedValues[] = []
  const ours = accounts.filter((account) => {
    const tooLate = applied.lateness(account, fence)
    const owned = applied.ownerOf(account.name) === account.objectId
    outcomes.set(account.objectId, tooLate ?? (owned ? done : unchanged))
    if (!tooLate) rows.push([account.objectId, owned ? account.name : null, fence, ''])
    return owned && !tooLate
  })
  await replaceApplied(tx, rows)
  return { outcomes, ours }
}

/** Their accounts are gone and the names are free. */
export async function freeApplied(tx: TargetTx, accounts: readonly Pick<Wanted, 'objectId'>[], fence: Fence): Promise<void> {
  await replaceApplied(
    tx,
    accounts.map((one) => [one.objectId, null, fence, '']),
  )
}

type AppliedValues = readonly [UserId, AccountName | null, Fence, hash: string]

async function replaceApplied(tx: TargetTx, rows: readonly AppliedValues[]): Promise<void> {
  const ids = rows.map(([id]) => id)
  await tx.run(`DELETE FROM kagami_applied WHERE object_id IN (${marks(ids)})`, ids)
  await insertRows(tx, 'kagami_applied (object_id, account_name, fence, hash)', rows)
}

export const done: Outcome = { kind: 'done' }
export const unchanged: Outcome = { kind: 'unchanged' }
/** What comes with a lower fence than the target has seen. */
export const late: Outcome = { kind: 'retry', reason: 'A newer worker was here.', afterMs: 0 }
