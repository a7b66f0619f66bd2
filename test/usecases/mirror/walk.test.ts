import { inStep, walk } from '../../../src/usecases/mirror/walk'

const all = ['a', 'b', 'c', 'd', 'e']

/** A list that is given out by twos. */
const paged = (items: readonly string[]) =>
  walk(
    async (after: string | undefined) => items.filter((item) => after === undefined || item > after).slice(0, 2),
    (item) => item,
  )

describe('walk', () => {
  it.each([[[]], [['a']], [all.slice(0, 4)], [all]])('gives all of %j once, page by page', async (items: readonly string[]) => {
    const seen: string[] = []
    for await (const item of paged(items)) seen.push(item)
    expect(seen).toEqual(items)
  })
})

describe('inStep', () => {
  it.each<[left: string, right: string, pairs: readonly string[]]>([
    ['', '', []],
    ['abc', 'abc', ['aa', 'bb', 'cc']],
    ['ace', 'bd', ['a-', '-b', 'c-', '-d', 'e-']],
    ['abc', '', ['a-', 'b-', 'c-']],
    ['', 'abc', ['-a', '-b', '-c']],
    ['bce', 'acd', ['-a', 'b-', 'cc', '-d', 'e-']],
  ])('of %s and %s pairs equal keys, and gives the rest alone', async (left, right, pairs) => {
    const key = (item: string) => item
    const seen: string[] = []
    for await (const [a, b] of inStep(paged([...left]), key, paged([...right]), key)) seen.push(`${a ?? '-'}${b ?? '-'}`)
    expect(seen).toEqual(pairs)
  })
})
