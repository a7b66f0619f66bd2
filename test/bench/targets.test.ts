import { scenarios } from '../../bench/scenarios/scenarios'
import { judge, targets, type Target } from '../../bench/targets'
import type { Played, Turn } from '../../bench/turns'

const turn = (rate: number): Turn => ({ rate, cpuMs: 1, p50Ms: 1, p99Ms: 1, maxMs: 1, tail: 1, figure: 1, wrong: 0 })
const played = (key: string, ...rates: readonly number[]): Played => ({ key, turns: rates.map(turn) })

describe('judge', () => {
  const target: Target = { scenario: 'get', measure: 'rate', of: 'Kagami', to: 'floor', atLeast: 0.7 }

  it('compares within a round, takes the median, and leaves out the first round', () => {
    const verdict = judge(target, [played('Kagami', 9_000, 100, 90, 600), played('floor', 1, 100, 100, 1_000)])
    expect(verdict).toMatchObject({ median: 0.9, lowest: 0.6, highest: 1, holds: true })
    expect(judge(target, [played('Kagami', 1, 60, 60, 600), played('floor', 1, 100, 100, 1_000)])).toMatchObject({ holds: false })
  })

  it('takes the measure as it is where nobody is compared, and says nothing where one did not play', () => {
    const alone: Target = { scenario: 'memory', measure: 'rate', of: 'Kagami', atMost: 250 }
    expect(judge(alone, [played('Kagami', 1, 240, 250, 300)])).toMatchObject({ median: 250, holds: true })
    expect(judge(target, [played('Kagami', 1, 2)])).toBeUndefined()
  })
})

describe('targets', () => {
  it('each is of a scenario that there is', () => {
    const names = scenarios.map(({ name }) => name)
    expect(targets.filter(({ scenario }) => !names.includes(scenario))).toEqual([])
  })
})
