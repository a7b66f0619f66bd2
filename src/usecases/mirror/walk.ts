/** Everything, page by page: `list` gives what comes after a key, in ascending order of the keys. */
export async function* walk<Item, Key extends string>(
  list: (after: Key | undefined) => Promise<readonly Item[]>,
  keyOf: (item: Item) => Key,
): AsyncGenerator<Item> {
  let after: Key | undefined
  for (;;) {
    const page = await list(after)
    if (page.length === 0) return
    yield* page
    after = keyOf(page[page.length - 1]!)
  }
}

/** Two ascending walks side by side: pairs of equal keys, and what only one side has. */
export async function* inStep<A, B, Key extends string>(
  left: AsyncIterator<A>,
  leftKey: (item: A) => Key,
  right: AsyncIterator<B>,
  rightKey: (item: B) => Key,
): AsyncGenerator<readonly [A | undefined, B | undefined]> {
  let [a, b] = [await left.next(), await right.next()]
  while (!a.done || !b.done) {
    const order = a.done ? 1 : b.done ? -1 : compare(leftKey(a.value), rightKey(b.value))
    yield [order <= 0 ? (a.value as A) : undefined, order >= 0 ? (b.value as B) : undefined]
    const [stepLeft, stepRight] = [order <= 0, order >= 0]
    if (stepLeft) a = await left.next()
    if (stepRight) b = await right.next()
  }
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
