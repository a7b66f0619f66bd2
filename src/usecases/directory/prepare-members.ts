import type { MemberListId } from '../../domain/ids'
import { newUuid, type Clock } from '../../ports/clock'
import type { Store } from '../../ports/store'
import type { UnknownMembers } from '../../ports/store/members'

/** As many ids go in one transaction, in which nobody else has a turn. */
const inOne = 1_000

/** Others have their turn: a large change is made of short pieces. */
export const giveWay = () => new Promise<void>((resolve) => setImmediate(resolve))

/** A list that nobody sees yet, and how it is filled: short transactions behind those of others. */
export async function openList(deps: { readonly store: Store; readonly clock: Clock }): Promise<MemberListId> {
  const list = newUuid(deps.clock.now()) as MemberListId
  await deps.store.transact((tx) => tx.groups.lists.open(list), 'bulk')
  return list
}

/** @returns the groups among them. @throws DomainError noSuchMember */
export async function fillList(
  store: Store,
  list: MemberListId,
  ids: readonly string[],
  unknown: UnknownMembers,
  onFilled: (ids: readonly string[]) => void = () => undefined,
): Promise<readonly string[]> {
  const nested: string[] = []
  for (let from = 0; from < ids.length; from += inOne) {
    const filled = await store.transact((tx) => tx.groups.lists.fill(list, ids.slice(from, from + inOne), unknown), 'bulk')
    onFilled(filled.ids)
    for (const id of filled.nested) nested.push(id)
    await giveWay()
  }
  return nested
}

/** Ids of a list in ascending order, slice by slice, with others in between. */
export async function* walkList(store: Store, list: MemberListId, slice: number): AsyncIterable<readonly string[]> {
  let after = ''
  for (;;) {
    const ids = await store.read.groups.idsOf(list, after, slice)
    if (ids.length > 0) yield ids
    if (ids.length < slice) return
    after = ids[ids.length - 1]!
    await giveWay()
  }
}

/** What was prepared is of no use; should this fail as well, it is purged an hour later. */
export async function discardLists(store: Store, lists: readonly MemberListId[]): Promise<void> {
  await store.transact((tx) => tx.groups.lists.discard(lists), 'bulk').catch(() => undefined)
}
