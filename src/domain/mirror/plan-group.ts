import type { ChatGroup, ObservedGroup } from './account'

export type GroupStep =
  | { readonly kind: 'put'; readonly group: ChatGroup }
  | { readonly kind: 'delete'; readonly group: ObservedGroup }
  | { readonly kind: 'none' }

/** What chat's group needs to be like the directory's (C21). Members stand in ascending order on both sides. */
export function planGroup(wanted: ChatGroup | undefined, observed: ObservedGroup | undefined): GroupStep {
  if (!wanted) return observed ? { kind: 'delete', group: observed } : { kind: 'none' }
  if (observed?.label === wanted.label && sameList(observed.members, wanted.members)) return { kind: 'none' }
  return { kind: 'put', group: wanted }
}

const sameList = (a: readonly string[], b: readonly string[]) => a.length === b.length && a.every((item, i) => item === b[i])
