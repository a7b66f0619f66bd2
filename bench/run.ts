import { writeFileSync } from 'node:fs'
import { openDatabases, type DatabaseKind } from './databases'
import { measureIds } from './ids'
import { parseOptions, type Options } from './options'
import { ids, machine, rates, verdicts, wrongAnswers, wrongOf, type Result } from './report'
import { scenarios } from './scenarios/scenarios'
import { judge, targets } from './targets'
import { takeTurns, type Scenario, type Sizes } from './turns'
import { openWorld, type World } from './world'

// `npm run bench`: Kagami beside a bare server and servers from npm, in turns; prints the tables of docs/performance.md.

const full: Sizes = {
  ...{ turns: 5, small: 1_000, large: 100_000, requests: 500, created: 4_000 },
  ...{ besidePeers: 2_000, createdBesidePeers: 2_000, atOnce: 1_000, cycle: 500, mirrored: 1_000 },
}
const quick: Sizes = {
  ...{ turns: 3, small: 1_000, large: 10_000, requests: 200, created: 500 },
  ...{ besidePeers: 500, createdBesidePeers: 100, atOnce: 1_000, cycle: 200, mirrored: 300 },
}
const idRows = { full: 100_000, quick: 10_000 }

async function main(): Promise<void> {
  const args = process.argv.slice(2)
  const options = parseOptions(args, [...scenarios.map(({ name }) => name), 'ids'])
  const on = machine(args)
  console.log(`${on.text}\n${on.date}, ${on.command}\n`)
  if (options.scenarios?.includes('ids')) {
    const figures = await onEach(options, (database) => measureIds(database, options.quick ? idRows.quick : idRows.full))
    console.log(ids(figures))
    return save(options, { ...on, ids: figures })
  }
  const kept: Result[] = []
  const keep = (result: Result) => {
    kept.push(result) // a run that is ended before its time has not been for nothing
    save(options, { ...on, results: kept })
  }
  const results = await onEach(options, (database) => measure(database, options, keep))
  console.log(`${verdicts(results)}\n\n${wrongAnswers(results)}\n\n${rates(results)}`)
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

async function measure(
  kind: DatabaseKind,
  options: Options,
  keep: (result: Result) => void,
): Promise<readonly Result[] | undefined> {
  const databases = await openDatabases(kind)
  if (!databases) return undefined
  const sizes = options.quick ? quick : full
  const world = openWorld(kind, databases, sizes, options)
  const wanted = scenarios.filter(
    ({ name, only }) => (options.scenarios ?? ['']).some((part) => name.includes(part)) && (only === undefined || only === kind),
  )
  const results: Result[] = []
  try {
    for (const scenario of wanted) {
      const result = await play(scenario, world, sizes)
      if (!result) continue
      results.push(result)
      keep(result)
    }
  } finally {
    await world.close()
    await databases.close()
  }
  return results
}

async function play(scenario: Scenario, world: World, sizes: Sizes): Promise<Result | undefined> {
  const { name } = scenario
  const entries = await scenario.begin(world, sizes)
  if (entries.length === 0) return void console.error(`${world.kind}, ${name}: left out, for it is not offered here`)
  for (const { server } of entries) await server.settle()
  const played = await takeTurns(entries, sizes.turns)
  const judged = targets
    .filter(({ scenario, only }) => scenario === name && (only === undefined || only === world.kind))
    .flatMap((target) => judge(target, played) ?? [])
  for (const { measure, of, to, median, holds } of judged) {
    console.error(
      `${world.kind}, ${name}: ${measure} ${of}${to === undefined ? '' : ` / ${to}`} ${median.toFixed(2)}${holds ? '' : ' (missed)'}`,
    )
  }
  for (const entry of played) {
    const example = entry.turns.find((turn) => turn.example !== undefined)?.example
    if (example !== undefined) console.error(`${world.kind}, ${name}, ${entry.key}: ${wrongOf(entry)} wrong answers, ${example}`)
  }
  return { scenario: name, title: scenario.title(sizes), database: world.kind, played, verdicts: judged }
}

function save({ json }: Options, result: object): void {
  if (json !== undefined) writeFileSync(json, `${JSON.stringify(result, null, 2)}\n`)
}

main().catch((error: unknown) => {
  console.error(error)
  process.exitCode = 1
})
