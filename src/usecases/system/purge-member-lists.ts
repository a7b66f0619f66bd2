import type { Store } from '../../ports/store'

/** So many rows go in one transaction. */
const chunk = 1_000

/**
 * What is left of groups that were deleted or got all their members exchanged, and of large changes that died half-way, goes piece by
 * piece, with others in between.
 *
 * @returns how many rows went
 */
export async function purgeMemberLists(deps: { readonly store: Store }): Promise<number> {
  let purged = 0
  for (;;) {
    const some = await deps.store.transact((tx) => tx.groups.lists.purge(chunk), 'bulk')
    if (some === 0) return purged
    purged += some
    await new Promise<void>((resolve) => setImmediate(resolve))
  }
}
