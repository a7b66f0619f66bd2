import { Together } from '../../src/usecases/together'

class Bad extends Error {}

describe('Together', () => {
  const rounds: (readonly number[])[] = []
  const alone: number[] = []
  beforeEach(() => {
    rounds.length = 0
    alone.length = 0
  })
  const together = (fails: (items: readonly number[]) => Error | undefined = () => undefined, roundsAtOnce = 1) =>
    new Together<number, string>(
      async (items) => {
        rounds.push(items)
        await new Promise((resolve) => setTimeout(resolve, 5))
        const error = fails(items)
        if (error) throw error
        return items.map((item) => `all ${item}`)
      },
      async (item) => {
        alone.push(item)
        if (item === 3) throw new Bad('three')
        return `alone ${item}`
      },
      (error) => error instanceof Bad,
      roundsAtOnce,
      4,
      6,
    )

  it('does in one round what comes in one moment, and gathers the next one meanwhile; each gets his own answer', async () => {
    const work = together()
    const first = [1, 2].map((item) => work.do(item))
    await new Promise((resolve) => setTimeout(resolve, 1))
    const next = [3, 4, 5, 6, 7].map((item) => work.do(item))
    expect(await Promise.all([...first, ...next])).toEqual([1, 2, 3, 4, 5, 6, 7].map((item) => `all ${item}`))
    expect(rounds).toEqual([[1, 2], [3, 4, 5, 6], [7]])
    expect(await work.do(8)).toBe('all 8')
  })

  it('has so many rounds under way at once, and what came in one moment still in one', async () => {
    const work = together(undefined, 2)
    const done: number[] = []
    const ask = (item: number) => work.do(item).then(() => done.push(item))
    const all = [ask(1), ask(2)]
    for (const item of [3, 4]) {
      await new Promise((resolve) => setImmediate(resolve))
      await new Promise((resolve) => setImmediate(resolve))
      all.push(ask(item))
    }
    await new Promise((resolve) => setImmediate(resolve))
    expect(rounds).toEqual([[1, 2], [3]])
    expect(done).toEqual([])
    await Promise.all(all)
    expect(rounds).toEqual([[1, 2], [3], [4]])
  })

  it('tries one by one when one of them is at fault, so that the others do not suffer', async () => {
    const work = together((items) => (items.includes(3) ? new Bad('one of us') : undefined))
    const outcomes = await Promise.allSettled([1, 2, 3].map((item) => work.do(item)))
    expect(outcomes).toMatchObject([{ value: 'alone 1' }, { value: 'alone 2' }, { reason: { message: 'three' } }])
    expect(await work.do(4)).toBe('all 4')
  })

  it('sends away who comes when too many wait, and takes others when they are done', async () => {
    const work = together()
    const outcomes = await Promise.allSettled([1, 2, 3, 4, 5, 6, 7].map((item) => work.do(item)))
    expect(outcomes.map(({ status }) => status)).toEqual([...Array<string>(6).fill('fulfilled'), 'rejected'])
    expect(outcomes[6]).toMatchObject({ reason: { code: 'storeBusy' } })
    expect(await work.do(8)).toBe('all 8')
  })

  it('repeats nothing after any other failure: it may have been done', async () => {
    const work = together(() => new Error('lost while saving'))
    const outcomes = await Promise.allSettled([1, 2].map((item) => work.do(item)))
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(alone).toEqual([])
  })
})
