import { closeSync, fsyncSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { availableParallelism, cpus, tmpdir, totalmem } from 'node:os'
import path from 'node:path'
import type { DatabaseKind } from './databases'
import type { IdFigure } from './ids'
import type { Target, Verdict } from './targets'
import { counted, median, type Measure, type Played } from './turns'

export type Machine = { readonly text: string; readonly date: string; readonly command: string }

/** What came of a scenario on one database. */
export type Result = {
  readonly scenario: string
  readonly title: string
  readonly database: DatabaseKind
  readonly played: readonly Played[]
  readonly verdicts: readonly Verdict[]
}

/** What was measured on. The disk is told by what a flush costs: the floor of every commit. */
export function machine(args: readonly string[]): Machine {
  const system = /PRETTY_NAME="(.*)"/.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? process.platform
  const memory = Math.round(totalmem() / 2 ** 30)
  return {
    text: `${availableParallelism()} cores (${cpus()[0]?.model ?? 'unknown'}), ${memory} GB, ${system}, Node ${process.versions.node}; a flush of 4 KB to the disk takes ${flushMs().toFixed(2)} ms`,
    date: new Date().toISOString().slice(0, 10),
    command: ['npm run bench', ...(args.length === 0 ? [] : ['--', ...args])].join(' '),
  }
}

function flushMs(): number {
  const file = path.join(tmpdir(), `kagami-bench-${process.pid}`)
  const open = openSync(file, 'w')
  const times = Array.from({ length: 50 }, (_, i) => {
    const started = performance.now()
    writeSync(open, Buffer.alloc(4096), 0, 4096, i * 4096)
    fsyncSync(open)
    return performance.now() - started
  })
  closeSync(open)
  rmSync(file)
  return median(times)
}

/** What shall hold, and whether it does. */
export function verdicts(results: readonly Result[]): string {
  return table(
    ['Scenario', 'Database', 'Compared', 'Target', 'Figure', '(lowest to highest)', 'CPU ratio', 'Holds'],
    results.flatMap(({ title, database, verdicts }) =>
      verdicts.map((verdict) => [
        ...[title, database, compared(verdict), limit(verdict), short(verdict.median)],
        `${short(verdict.lowest)} to ${short(verdict.highest)}`,
        verdict.cpu === undefined ? '' : short(verdict.cpu),
        verdict.holds ? 'yes' : 'no',
      ]),
    ),
  )
}

const names: Readonly<Record<Measure, string>> = {
  ...{ rate: 'rate', cpuMs: 'CPU', p50Ms: 'median time', p99Ms: 'p99', maxMs: 'longest answer, ms' },
  ...{ tail: 'p99 / median time', figure: '' },
}

function compared({ measure, of, to }: Target): string {
  if (to !== undefined) return `${names[measure]}, ${of} / ${to}`
  return measure === 'p50Ms' ? 'median time, ms' : names[measure]
}

const limit = (target: Target) => ('atLeast' in target ? `≥ ${target.atLeast}` : `≤ ${target.atMost}`)

/** What each server did: medians of the rounds. Wrong answers are counted in all of them. */
export function rates(results: readonly Result[]): string {
  return table(
    ['Scenario', 'Database', 'Server', 'Requests /s', 'CPU ms', 'p50 ms', 'p99 ms', 'Longest ms', 'Wrong'],
    results.flatMap(({ title, database, played }) =>
      played.map((entry) => {
        const middle = (measure: Measure) => short(median(counted(entry).map((turn) => turn[measure])))
        return [
          ...[title, database, entry.key, middle('rate'), middle('cpuMs'), middle('p50Ms'), middle('p99Ms'), middle('maxMs')],
          String(wrongOf(entry)),
        ]
      }),
    ),
  )
}

/** What of Kagami's answers, in all rounds, was not right. */
export function wrongAnswers(results: readonly Result[]): string {
  const own = results.flatMap(({ played }) => played.filter(({ key }) => key.startsWith('Kagami')))
  return `Kagami's wrong answers: ${own.reduce((sum, entry) => sum + wrongOf(entry), 0)}`
}

export const wrongOf = ({ turns }: Played) => turns.reduce((sum, { wrong }) => sum + wrong, 0)

export function ids(figures: readonly IdFigure[]): string {
  return table(
    ['Database', 'Id', 'Members inserted, ms', 'Got one by one, ms', 'Listed, ms', 'Size, MB'],
    figures.map(({ database, id, insertMs, getMs, listMs, megabytes }) => [
      ...[database, id, whole(insertMs), whole(getMs), whole(listMs), whole(megabytes)],
    ]),
  )
}

const whole = (value: number) => Math.round(value).toLocaleString('en')
const short = (value: number) =>
  Number.isNaN(value) ? '' : value < 99.95 ? value.toPrecision(value < 0.995 ? 2 : 3) : whole(value)

/** Markdown, with the columns as wide as the formatter wants them. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]!.length)))
  const line = (cells: readonly string[]) => `| ${cells.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n')
}
