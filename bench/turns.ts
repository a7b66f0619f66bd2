import type { Scenario, Sizes } from './scenarios'
import type { Side } from './side'

/** What came out of a scenario on one database; the rates are medians of the turns, a second. */
export type Figure = {
  readonly scenario: string
  readonly title: string
  readonly database: string
  readonly product: number
  readonly floor: number
  /** The product's rate through the floor's, round by round: median, lowest, highest. */
  readonly ratio: { readonly median: number; readonly lowest: number; readonly highest: number }
}

/** Kagami and the floor, one after the other, round by round; the first round warms both up and does not count. */
export async function takeTurns(
  scenario: Scenario,
  sizes: Sizes,
  sides: Readonly<Record<'product' | 'floor', Side>>,
  database: string,
): Promise<Figure> {
  const [product, floor] = await Promise.all([scenario.begin(sides.product, sizes), scenario.begin(sides.floor, sizes)])
  const rounds: { readonly product: number; readonly floor: number }[] = []
  for (let round = 0; round <= sizes.turns; round++) rounds.push({ product: await product(), floor: await floor() })
  const counted = rounds.slice(1)
  const ratios = counted.map((round) => round.product / round.floor)
  return {
    scenario: scenario.name,
    title: scenario.title(sizes),
    database,
    product: median(counted.map((round) => round.product)),
    floor: median(counted.map((round) => round.floor)),
    ratio: { median: median(ratios), lowest: Math.min(...ratios), highest: Math.max(...ratios) },
  }
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)]!
}
