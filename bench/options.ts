import { parseArgs } from 'node:util'
import { databaseKinds, type DatabaseKind } from './databases'

export type Options = {
  readonly databases: readonly DatabaseKind[]
  readonly quick: boolean
  /** Absent: all that compare with the floor. */
  readonly scenario?: string
  readonly json?: string
}

/** @throws TypeError, Error for what there is not */
export function parseOptions(args: readonly string[], scenarios: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string' },
      scenario: { type: 'string' },
      json: { type: 'string' },
      quick: { type: 'boolean', default: false },
    },
  })
  const { only, scenario, json, quick } = values
  const databases = databaseKinds.filter((kind) => only === undefined || kind === only)
  if (databases.length === 0) throw new Error(`--only ${only} is none of ${databaseKinds.join(', ')}`)
  if (scenario !== undefined && !scenarios.includes(scenario)) {
    throw new Error(`--scenario ${scenario} is none of ${scenarios.join(', ')}`)
  }
  return { databases, quick, ...(scenario === undefined ? {} : { scenario }), ...(json === undefined ? {} : { json }) }
}
