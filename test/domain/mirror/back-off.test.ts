import { backOffMs } from '../../../src/domain/mirror/back-off'

describe('backOffMs', () => {
  it.each([
    [0, 1_000],
    [1, 2_000],
    [5, 32_000],
    [10, 900_000],
    [20, 900_000],
    [21, 3_600_000],
    [1_000_000, 3_600_000],
  ])('waits, after try %i, about %i ms: ever longer, never for ever', (attempts, ms) => {
    expect(backOffMs(attempts, 0.5)).toBe(ms)
  })

  it('is spread from half to one and a half of it', () => {
    expect([0, 1].map((random) => backOffMs(3, random))).toEqual([4_000, 12_000])
  })
})
