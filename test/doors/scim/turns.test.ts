import { turns } from '../../../src/doors/scim/turns'

describe('turns', () => {
  it('let so many run at once, the others in the order in which they came, whatever fails', async () => {
    const inTurn = turns(2)
    const begun: number[] = []
    let running = 0
    let most = 0
    const work = (n: number) =>
      inTurn(async () => {
        begun.push(n)
        most = Math.max(most, ++running)
        await new Promise((resolve) => setTimeout(resolve, n % 3))
        running--
        if (n % 4 === 0) throw new Error(`${n} failed`)
        return n
      })
    const all = Array.from({ length: 20 }, (_, n) => n)
    const settled = await Promise.allSettled(all.map(work))
    expect(most).toBe(2)
    expect(begun).toEqual(all)
    expect(settled.map(({ status }) => status)).toEqual(all.map((n) => (n % 4 === 0 ? 'rejected' : 'fulfilled')))
    expect(await work(1)).toBe(1)
  })
})
