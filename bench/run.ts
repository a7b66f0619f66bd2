import { writeFileSync } from 'node:fs'
import { openDatabases, type DatabaseKind } from './databases'
import { measureIds } from './ids'
import { parseOptions, type Options } from './options'
import { comparison, ids, machine } from './report'
import { scenarios, type Sizes } from './scenarios'
import { startSide, type SideName } from './side'
import { takeTurns, type Figure } from './turns'

// `npm run bench`: Kagami against a bare server, in turns; prints the tables of docs/performance.md.

const full: Sizes = { turns: 5, users: 10_000, mirrored: 1_000, lookUps: 3_000, members: 500, created: 1_000 }
const quick: Sizes = { turns: 3, users: 2_000, mirrored: 300, lookUps: 600, members: 100, created: 200 }
const idRows = { full: 100_000, quick: 10_000 }

async function main(): Promise<void> {
  const args = process.argv.slice(2)
  const options = parseOptions(args, [...scenarios.map(({ name }) => name), 'ids'])
  const on = machine(args)
  console.log(`${on.text}\n${on.date}, ${on.command}\n`)
  if (options.scenario === 'ids') {
    const figures = await onEach(options, (database) => measureIds(database, options.quick ? idRows.quick : idRows.full))
    console.log(ids(figures))
    return save(options, { ...on, ids: figures })
  }
  const figures = await onEach(options, (database) => measure(database, options))
  console.log(comparison(figures))
  save(options, { ...on, figures })
}

async function onEach<Result>(
  options: Options,
  work: (database: DatabaseKind) => Promise<readonly Result[] | undefined>,
): Promise<readonly Result[]> {
  const results: Result[] = []
  for (const kind of options.databases) {
    const found = await work(kind)
    if (found) results.push(...found)
    else console.error(`${kind}: not measured, for it is not installed here`)
  }
  return results
}

async function measure(kind: DatabaseKind, options: Options): Promise<readonly Figure[] | undefined> {
  const databases = await openDatabases(kind)
  if (!databases) return undefined
  const closers = [() => databases.close()]
  const start = async (name: SideName) => {
    const side = await startSide(name, await databases.create())
    closers.push(() => side.stop())
    return side
  }
  const figures: Figure[] = []
  try {
    const sides = { product: await start('product'), floor: await start('floor') }
    for (const scenario of scenarios.filter(({ name }) => options.scenario === undefined || name === options.scenario)) {
      const figure = await takeTurns(scenario, options.quick ? quick : full, sides, kind)
      console.error(`${kind}, ${scenario.name}: ${figure.ratio.median.toFixed(2)} of the floor`)
      figures.push(figure)
    }
  } finally {
    for (const close of closers.reverse()) await close()
  }
  return figures
}

function save({ json }: Options, result: object): void {
  if (json !== undefined) writeFileSync(json, `${JSON.stringify(result, null, 2)}\n`)
}

main().catch((error: unknown) => {
  console.error(error)
  process.exitCode = 1
})
