import type { Instant } from '../../domain/brand'
import type { Store } from '../../ports/store'

/** True for the first who shows this assertion; false for a replay, on every node, until the assertion has expired by itself. */
export async function takeAssertion(deps: { readonly store: Store }, id: string, usableUntil: Instant): Promise<boolean> {
  return deps.store.transact((tx) => tx.consumed.take('assertion', id, usableUntil))
}
