import path from 'node:path'
import { parseArgs } from 'node:util'
import { databaseKinds, type DatabaseKind } from './databases'

export type Options = {
  readonly databases: readonly DatabaseKind[]
  readonly quick: boolean
  /** Absent: all that take turns. A part of a name means all that have it. */
  readonly scenarios?: readonly string[]
  /** Whether the servers from npm run beside. */
  readonly peers: boolean
  readonly json?: string
  /** Where Kagami's CPU profiles are put. */
  readonly profile?: string
}

/** @throws TypeError, Error for what there is not */
export function parseOptions(args: readonly string[], scenarios: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string' },
      scenario: { type: 'string' },
      peers: { type: 'string', default: 'on' },
      json: { type: 'string' },
      profile: { type: 'string' },
      quick: { type: 'boolean', default: false },
    },
  })
  const { only, scenario, peers, json, profile, quick } = values
  const databases = databaseKinds.filter((kind) => only === undefined || kind === only)
  if (databases.length === 0) throw new Error(`--only ${only} is none of ${databaseKinds.join(', ')}`)
  const parts = scenario?.split(',')
  for (const part of parts ?? []) {
    if (!scenarios.some((name) => name.includes(part)))
      throw new Error(`--scenario ${part} is in none of ${scenarios.join(', ')}`)
  }
  if (peers !== 'on' && peers !== 'off') throw new Error(`--peers ${peers} is neither on nor off`)
  return {
    ...{ databases, quick, peers: peers === 'on' },
    ...(parts === undefined ? {} : { scenarios: parts }),
    ...(json === undefined ? {} : { json }),
    ...(profile === undefined ? {} : { profile: path.resolve(profile) }),
  }
}
