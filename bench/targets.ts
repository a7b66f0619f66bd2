import type { DatabaseKind } from './databases'
import { counted, median, type Measure, type Played } from './turns'

/** What shall hold: a measure of one entry of a scenario, alone or through another entry's in the same round. */
export type Target = {
  readonly scenario: string
  readonly only?: DatabaseKind
  readonly measure: Measure
  readonly of: string
  readonly to?: string
} & ({ readonly atLeast: number } | { readonly atMost: number })

const ofFloor = (scenario: string, atLeast: number): Target => ({
  ...{ scenario, measure: 'rate', of: 'Kagami', to: 'floor', atLeast },
})
const whenLarge = (scenario: string): Target => ({
  ...{ scenario, measure: 'p50Ms', of: 'Kagami large', to: 'Kagami small', atMost: 1.3 },
})
const lookUpCpu = (scenario: string): Target => ({
  ...{ scenario, measure: 'cpuMs', of: 'Kagami large', to: 'floor large', atMost: 1.5 },
})
const inLargeGroup = (scenario: string): Target => ({
  ...{ scenario, measure: 'p50Ms', of: 'Kagami, large group', to: 'Kagami, empty group', atMost: 1.3 },
})
const memberCpu = (group: string): Target => ({
  ...{ scenario: 'thousand-members', measure: 'cpuMs', of: `Kagami, ${group} group`, to: `floor, ${group} group`, atMost: 5 },
})
const alone = (scenario: string, measure: Measure, atMost: number): Target => ({ scenario, measure, of: 'Kagami', atMost })

const samlTargets = (size: string): readonly Target[] => [
  { scenario: `saml-${size}`, measure: 'cpuMs', of: 'Kagami', to: 'node-saml', atMost: 1 },
  alone(`saml-beside-${size}`, 'p50Ms', 5),
]

export const targets: readonly Target[] = [
  ofFloor('create-8', 0.7),
  alone('create-8', 'tail', 5),
  { scenario: 'create-peers', only: 'sqlite', measure: 'rate', of: 'Kagami', to: 'scimmy', atLeast: 2.5 },
  { scenario: 'create-peers', only: 'sqlite', measure: 'rate', of: 'Kagami', to: 'jackson', atLeast: 6 },
  { scenario: 'create-peers', only: 'mariadb', measure: 'rate', of: 'Kagami', to: 'jackson', atLeast: 3 },
  { scenario: 'create-large', measure: 'rate', of: 'Kagami large', to: 'Kagami small', atLeast: 0.8 },
  ...['look-up-userName', 'look-up-externalId', 'look-up-miss'].flatMap((name) => [whenLarge(name), lookUpCpu(name)]),
  ...['page-first', 'page-next', 'page-last', 'walk'].map(whenLarge),
  { scenario: 'page-peers', measure: 'rate', of: 'Kagami', to: 'scimmy', atLeast: 8 },
  ofFloor('get', 0.7),
  alone('get', 'tail', 5),
  ofFloor('patch', 0.7),
  ofFloor('put', 0.7),
  ...['add-member', 'remove-member', 'excluded-members'].map(inLargeGroup),
  ...['empty', 'large'].map(memberCpu),
  alone('read-beside', 'p50Ms', 10),
  ofFloor('bulk', 0.3),
  { scenario: 'bulk-peers', measure: 'rate', of: 'Kagami', to: 'scimmy', atLeast: 20 },
  ofFloor('first-cycle', 0.7),
  ofFloor('second-cycle', 0.7),
  alone('statements', 'figure', 6),
  ...['8kb', '36kb'].flatMap(samlTargets),
  { scenario: 'sign-in', measure: 'cpuMs', of: 'Kagami', to: 'argon2', atMost: 1.5 },
  alone('replace-members', 'maxMs', 200),
  alone('delete-group', 'maxMs', 200),
  alone('memory', 'figure', 250),
  alone('memory-after', 'figure', 250),
]

/** A target with what was measured: the median of the rounds, the lowest and the highest; beside it the servers' CPU a request. */
export type Verdict = Target & {
  readonly median: number
  readonly lowest: number
  readonly highest: number
  readonly cpu?: number
  readonly holds: boolean
}

/** @param played of the target's scenario. @returns undefined where who is compared did not play */
export function judge(target: Target, played: readonly Played[]): Verdict | undefined {
  const [of, to] = [target.of, target.to].map((key) => played.find((entry) => entry.key === key))
  if (!of || (target.to !== undefined && !to)) return undefined
  const ratios = (measure: Measure) => counted(of).map((turn, round) => turn[measure] / (to ? counted(to)[round]![measure] : 1))
  const values = ratios(target.measure)
  const middle = median(values)
  return {
    ...{ ...target, median: middle, lowest: Math.min(...values), highest: Math.max(...values) },
    ...(to === undefined ? {} : { cpu: median(ratios('cpuMs')) }),
    holds: 'atLeast' in target ? middle >= target.atLeast : middle <= target.atMost,
  }
}
