import type { UserId } from '../../domain/ids'
import type { AccountName, ChatAccount, MailAccount, ObservedAccount } from '../../domain/mirror/account'
import type { Store } from '../../ports/store'
import type { AccountTarget } from '../../ports/targets'
import { inStep, walk } from './walk'

const pageSize = 500

/** What a reconcile found. `healed` are due again; `removed` were ours but nobody's; `foreign` are not ours and stay. */
export type Reconciled = { readonly checked: number; readonly healed: number; readonly removed: number; readonly foreign: number }

/**
 * Compares what we remember of every account with what the target holds, by key and hash, and makes due what differs. A second one
 * right after finds nothing.
 *
 * @throws TargetDown
 */
export async function reconcile<Account extends ChatAccount | MailAccount>(
  deps: { readonly store: Store },
  target: AccountTarget<Account>,
): Promise<Reconciled> {
  const { store } = deps
  const doubtful: UserId[] = []
  const orphans: { objectId: UserId; name: AccountName }[] = []
  let [checked, foreign] = [0, 0]
  const links = walk(
    (after: AccountName | undefined) => store.read.mirror.listLinks(target.target, after, pageSize),
    (link) => link.accountName,
  )
  const accounts = walk(
    (after: AccountName | undefined) => target.listAccounts(after, pageSize),
    (account: ObservedAccount) => account.name,
  )
  for await (const [link, account] of inStep(
    links,
    (one) => one.accountName,
    accounts,
    (one) => one.name,
  )) {
    checked++
    if (link) {
      const same = account?.objectId === link.objectId && account.hash === link.appliedHash
      if (!same && link.appliedHash !== undefined) doubtful.push(link.objectId)
    } else if (account?.objectId) orphans.push({ objectId: account.objectId, name: account.name })
    else foreign++
  }
  if (doubtful.length > 0) await store.transact((tx) => tx.mirror.doubt(target.target, doubtful), 'bulk')
  return { checked, healed: doubtful.length, removed: await removeOrphans(store, target, orphans), foreign }
}

/** An account of ours that no link names any more; looked at again, for it may have been linked while we walked. */
async function removeOrphans<Account extends ChatAccount | MailAccount>(
  store: Store,
  target: AccountTarget<Account>,
  orphans: readonly { readonly objectId: UserId; readonly name: AccountName }[],
): Promise<number> {
  let removed = 0
  for (let i = 0; i < orphans.length; i += pageSize) {
    const some = orphans.slice(i, i + pageSize)
    const { held, fence } = await store.transact(
      async (tx) => ({
        held: await tx.mirror.nameHolders(
          target.target,
          some.map((one) => one.name),
        ),
        fence: await tx.mirror.nextFence(target.target),
      }),
      'bulk',
    )
    const left = some.filter((one) => !held.has(one.name))
    if (left.length > 0) removed += (await target.deleteAccounts(left, fence)).size
  }
  return removed
}
