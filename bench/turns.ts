import type { DatabaseKind } from './databases'
import type { Work } from './perform'
import type { Server } from './servers'
import type { World } from './world'

/** How large everything is; `quick` is for a look, not for figures. */
export type Sizes = {
  /** Rounds that count. */
  readonly turns: number
  readonly small: number
  readonly large: number
  /** Requests of one turn: cheap ones, and ones that make people; those beside the servers from npm, and how many people these have first. */
  readonly requests: number
  readonly created: number
  readonly besidePeers: number
  readonly createdBesidePeers: number
  /** People of one Bulk request and of one member PATCH, of a cycle, and of a mirror's backlog. */
  readonly atOnce: number
  readonly cycle: number
  readonly mirrored: number
}

export type Scenario = {
  readonly name: string
  readonly title: (sizes: Sizes) => string
  /** Absent: both. */
  readonly only?: DatabaseKind
  /** Before the turns. @returns who takes turns; nobody, where the product does not offer it */
  readonly begin: (world: World, sizes: Sizes) => Promise<readonly Entry[]>
}

/** Who takes turns in a scenario. `key`, by which targets name it: the server and its size, and what is special. */
export type Entry = { readonly key: string; readonly server: Server; readonly turn: () => Promise<Work> }

export const measures = ['rate', 'cpuMs', 'p50Ms', 'p99Ms', 'maxMs', 'tail', 'figure'] as const
/** Requests a second; CPU of the server a request; latencies; p99 through p50; or what the scenario itself says. */
export type Measure = (typeof measures)[number]
export type Turn = Readonly<Record<Measure, number>> & { readonly wrong: number; readonly example?: string }

/** The turns of one entry, round by round. */
export type Played = { readonly key: string; readonly turns: readonly Turn[] }

/** All after one another, round by round, whoever was first is last in the next; the first round warms up and counts for wrong answers only. */
export async function takeTurns(entries: readonly Entry[], rounds: number): Promise<readonly Played[]> {
  const played = entries.map(({ key }) => ({ key, turns: [] as Turn[] }))
  for (let round = 0; round <= rounds; round++) {
    for (let i = 0; i < entries.length; i++) {
      const n = (i + round) % entries.length
      const { server, turn } = entries[n]!
      played[n]!.turns.push(turnOf(await turn()))
      await server.settle()
    }
  }
  return played
}

function turnOf({ ops, seconds, cpuMs, latenciesMs, wrong, example, figure }: Work): Turn {
  const sorted = [...latenciesMs].sort((a, b) => a - b)
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN
  const [p50Ms, p99Ms] = [at(0.5), at(0.99)]
  return {
    ...{ rate: ops / seconds, cpuMs: cpuMs / ops, p50Ms, p99Ms, maxMs: at(1), tail: p99Ms / p50Ms, figure: figure ?? NaN, wrong },
    ...(example === undefined ? {} : { example }),
  }
}

/** The rounds that count. */
export const counted = ({ turns }: Played) => turns.slice(1)

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}
