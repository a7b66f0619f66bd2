import type { BulkOperation } from './bulk'

/**
 * A step of an operation: the whole; or, where POSTs refer to each other in a circle, first the creation without what refers, then the
 * rest (RFC 7644 §3.7.1).
 */
export type BulkStep = { readonly index: number; readonly part: 'whole' | 'first' | 'rest' }

/** Which steps may run together, and which have to wait for others. */
export type BulkOrder = {
  /** The next steps, at most `limit`, in the order of the request; empty when all are done. All of them are to be run, then `done`. */
  readonly next: (limit: number) => readonly BulkStep[]
  readonly done: (steps: readonly BulkStep[]) => void
  /** The bulkIds that run in a circle with this operation's; what of its data names them waits for its second step. */
  readonly circleOf: (index: number) => ReadonlySet<string>
}

type Node = BulkStep & {
  /** Of a POST: only these are referred to. */
  readonly creates: boolean
  /** How many steps it refers to have not run; it cannot run before. */
  needs: number
  /** How many steps before it touch the same resource. */
  after: number
  /** Deletions free names and end memberships: they and everything else take turns as in the request. */
  readonly turn: number
  readonly neededBy: Node[]
  readonly before: Node[]
  done: boolean
}

/**
 * References decide, in whatever order they stand; what touches the same resource keeps the order of the request; all else may run
 * together. Linear in the operations and references.
 *
 * @param operations undefined where one is refused already: a step like any other, which waits for nothing
 */
export function bulkOrder(operations: readonly (BulkOperation | undefined)[]): BulkOrder {
  const creators = new Map<string, number>()
  operations.forEach((operation, index) => operation?.bulkId !== undefined && creators.set(operation.bulkId, index))
  const circles = findCircles(operations, creators)
  const nodes: Node[] = []
  const created = new Map<number, Node>()
  const last = new Map<string, Node>()
  let turn = 0
  let previous: boolean | undefined
  operations.forEach((operation, index) => {
    const deletes = operation?.method === 'DELETE'
    if (operation && previous !== undefined && previous !== deletes) turn++
    if (operation) previous = deletes
    const node = (part: BulkStep['part']): Node => {
      const one = {
        index,
        part,
        creates: operation?.method === 'POST',
        needs: 0,
        after: 0,
        turn,
        neededBy: [],
        before: [],
        done: false,
      }
      nodes.push(one)
      return one
    }
    const first = node(circles.has(index) ? 'first' : 'whole')
    created.set(index, first)
    if (operation?.bulkId === undefined) return
    const final = circles.has(index) ? node('rest') : first
    if (final !== first) needs(final, first)
    last.set(`bulkId:${operation.bulkId}`, final)
  })
  for (const node of nodes) {
    const operation = operations[node.index]
    if (!operation) continue
    const circle = circles.get(node.index)
    for (const name of operation.references) {
      const creator = created.get(creators.get(name) ?? -1)
      if (creator && creator !== node && (node.part === 'whole' || circle!.has(name) === (node.part === 'rest')))
        needs(node, creator)
    }
    if (node.part === 'rest') continue
    const key = keyOf(operation)
    const before = key === undefined ? undefined : last.get(key)
    if (before) {
      before.before.push(node)
      node.after++
    }
    if (key !== undefined) last.set(key, node)
  }
  return { ...walk(nodes), circleOf: (index) => circles.get(index) ?? new Set() }
}

function needs(node: Node, needed: Node): void {
  needed.neededBy.push(node)
  node.needs++
}

/** What an operation touches; two that make the same name as well, so that the first of them gets it. */
function keyOf({ method, id, kind, data }: BulkOperation): string | undefined {
  if (method !== 'POST') return id!.startsWith('bulkId:') ? id : id!.toLowerCase()
  const name = data[kind === 'User' ? 'userName' : 'displayName']
  return typeof name === 'string' ? `${kind} ${name.toLowerCase()}` : undefined
}

function walk(nodes: readonly Node[]): Pick<BulkOrder, 'next' | 'done'> {
  const open: number[] = [] // how many steps of each turn have not run
  for (const { turn } of nodes) open[turn] = (open[turn] ?? 0) + 1
  let [from, turn] = [0, 0]
  const find = (limit: number, ready: (node: Node) => boolean) => {
    const found: Node[] = []
    for (let i = from; i < nodes.length && found.length < limit; i++) {
      const node = nodes[i]!
      if (!node.done && node.needs === 0 && ready(node)) found.push(node)
    }
    return found
  }
  return {
    next: (limit) => {
      while (nodes[from]?.done) from++
      while (open[turn] === 0) turn++
      const inOrder = find(limit, (node) => node.after === 0 && node.turn <= turn)
      // nothing is left but what refers to something later in the request: that is created before its turn
      return inOrder.length > 0 ? inOrder : find(1, (node) => node.creates)
    },
    done: (steps) => {
      for (const node of steps as readonly Node[]) {
        node.done = true
        open[node.turn]!--
        for (const one of node.neededBy) one.needs--
        for (const one of node.before) one.after--
      }
    },
  }
}

/** The POSTs that refer to each other in a circle, with the bulkIds of their circle (Tarjan's strongly connected components). */
function findCircles(
  operations: readonly (BulkOperation | undefined)[],
  creators: ReadonlyMap<string, number>,
): ReadonlyMap<number, ReadonlySet<string>> {
  const circles = new Map<number, ReadonlySet<string>>()
  const order = new Map<number, number>()
  const stack: number[] = []
  const open = new Set<number>()
  const visit = (index: number): number => {
    const own = order.size
    order.set(index, own)
    stack.push(index)
    open.add(index)
    let lowest = own
    for (const name of operations[index]!.references) {
      const to = creators.get(name)
      if (to === undefined) continue
      if (!order.has(to)) lowest = Math.min(lowest, visit(to))
      else if (open.has(to)) lowest = Math.min(lowest, order.get(to)!)
    }
    if (lowest === own) {
      const members = stack.splice(stack.lastIndexOf(index))
      for (const member of members) open.delete(member)
      const names = new Set(members.map((member) => operations[member]!.bulkId!))
      const refersToItself = operations[index]!.references.has(operations[index]!.bulkId!)
      if (members.length > 1 || refersToItself) for (const member of members) circles.set(member, names)
    }
    return lowest
  }
  for (const index of creators.values()) if (!order.has(index)) visit(index)
  return circles
}
