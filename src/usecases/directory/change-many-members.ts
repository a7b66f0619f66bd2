import { isWanted, some, type MembersChanged, type MembersWanted } from '../../domain/directory/group'
import type { GroupId, MemberListId } from '../../domain/ids'
import { newUuid, type Clock } from '../../ports/clock'
import type { Store, Tx } from '../../ports/store'
import type { Touched, UnknownMembers } from '../../ports/store/members'
import { discardLists, fillList, giveWay, openList, walkList } from './prepare-members'

/** So many members come and go in one transaction; beyond, a list is prepared beside the present one. */
export const atOnce = 2_000

/** Ids alone are read so many at a time. */
const slice = 2_000

export type LargeChange = { readonly id: GroupId; readonly wanted: MembersWanted; readonly unknown: UnknownMembers }

/**
 * What the change comes to where that is little: nothing is prepared for it.
 *
 * @returns undefined when it is more than one transaction should do
 */
export async function changeMembersAtOnce(tx: Tx, { id, wanted, unknown }: LargeChange): Promise<MembersChanged | undefined> {
  const { members, gone } = wanted
  if (gone !== 'all others') {
    return members.size + gone.size > atOnce
      ? undefined
      : tx.groups.changeMembers(id, { add: [...members], remove: [...gone] }, unknown)
  }
  if (members.size > atOnce) return undefined
  const list = (await tx.groups.findList(id))!
  const present = await tx.groups.idsOf(list, '', atOnce + 1)
  if (present.length > atOnce) return undefined
  return tx.groups.changeMembers(id, { add: [...members], remove: present.filter((one) => !members.has(one)) }, unknown)
}

/**
 * Members of a group of any size come and go at one stroke. The difference is found, and a large one made ready in a list of its own, in
 * many short steps between which others read and write; the last transaction corrects it by what changed meanwhile, and puts the list in
 * the place of the present one. Until then nobody sees any of it; a program that dies leaves the group as it was.
 *
 * @param lock locks the group's row and refuses what is not to be changed
 * @param save the last transaction; carries out `apply` after the lock
 */
export async function changeManyMembers<T>(
  deps: { readonly store: Store; readonly clock: Clock },
  change: LargeChange,
  lock: (tx: Tx) => Promise<unknown>,
  save: (tx: Tx, apply: () => Promise<MembersChanged | undefined>) => Promise<T | undefined>,
): Promise<T> {
  for (;;) {
    const notes = newUuid(deps.clock.now()) as MemberListId
    const lists = [notes]
    try {
      const list = await deps.store.transact(async (tx) => {
        await lock(tx)
        return tx.groups.lists.watch(change.id, notes)
      })
      const found = await compare(deps.store, list, change.wanted)
      const prepared =
        found.added.size + found.removed.size > atOnce ? await prepare(deps, list, found, change, lists) : undefined
      const saved = await deps.store.transact((tx) =>
        save(tx, async () => {
          const touched = await tx.groups.lists.takeNotes(change.id, list, notes)
          if (touched) return apply(tx, change, touched, found, prepared)
          await tx.groups.lists.discard(lists)
          return undefined
        }),
      )
      if (saved !== undefined) return saved
    } catch (error) {
      await discardLists(deps.store, lists)
      throw error
    }
  }
}

type Found = { readonly added: Set<string>; readonly removed: Set<string> }

/** Who is to come and who to go. Those whom others touch at this time are looked at again in the end. */
async function compare(store: Store, list: MemberListId, wanted: MembersWanted): Promise<Found> {
  const added = await copyOf(wanted.members)
  const removed = new Set<string>()
  for await (const ids of walkList(store, list, slice)) {
    for (const id of ids) if (!added.delete(id) && !isWanted(wanted, id, true)) removed.add(id)
  }
  return { added, removed }
}

async function copyOf(ids: ReadonlySet<string>): Promise<Set<string>> {
  const copy = new Set<string>()
  for (const id of ids) if (copy.add(id).size % 10_000 === 0) await giveWay()
  return copy
}

type Prepared = { readonly list: MemberListId; readonly nested: readonly string[]; readonly added: Set<string> }

/** A list of who stays and who comes. @param lists what has to be discarded in the end */
async function prepare(
  deps: { readonly store: Store; readonly clock: Clock },
  present: MemberListId,
  { added, removed }: Found,
  { unknown }: LargeChange,
  lists: MemberListId[],
): Promise<Prepared> {
  const { store } = deps
  const list = await openList(deps)
  lists.push(list)
  for await (const ids of walkList(store, present, slice)) {
    const stays = ids.filter((id) => !removed.has(id))
    await fillList(store, list, stays, 'ignore') // who was deleted meanwhile is passed over
  }
  const came = new Set<string>()
  const nested = await fillList(store, list, [...added], unknown, (ids) => {
    for (const id of ids) came.add(id)
  })
  await giveWay()
  return { list, nested, added: came }
}

async function apply(
  tx: Tx,
  { id, wanted, unknown }: LargeChange,
  touched: Touched,
  found: Found,
  prepared: Prepared | undefined,
): Promise<MembersChanged> {
  const { added } = prepared ?? found
  const { removed } = found
  const correction = { add: [] as string[], remove: [] as string[] }
  const correct = (one: string, isMember: boolean) => {
    added.delete(one)
    removed.delete(one)
    const shallBe = isWanted(wanted, one, isMember)
    if (shallBe && !isMember) added.add(one)
    if (!shallBe && isMember) removed.add(one)
    correction[shallBe ? 'add' : 'remove'].push(one)
  }
  for (const one of touched.members) correct(one, true)
  for (const one of touched.others) correct(one, false)
  if (!prepared) return tx.groups.changeMembers(id, { add: [...added], remove: [...removed] }, unknown)
  if (added.size + removed.size === 0) await tx.groups.lists.discard([prepared.list])
  else await tx.groups.lists.exchange(id, prepared.list, correction, prepared.nested, unknown)
  return { added: some(added), removed: some(removed) }
}
