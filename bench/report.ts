import { closeSync, fsyncSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { availableParallelism, cpus, tmpdir, totalmem } from 'node:os'
import path from 'node:path'
import type { IdFigure } from './ids'
import { median, type Figure } from './turns'

export type Machine = { readonly text: string; readonly date: string; readonly command: string }

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

/** The table of docs/performance.md. */
export function comparison(figures: readonly Figure[]): string {
  return table(
    ['Scenario', 'Database', 'Kagami /s', 'Floor /s', 'Ratio', '(lowest to highest)'],
    figures.map(({ title, database, product, floor, ratio }) => [
      title,
      database,
      whole(product),
      whole(floor),
      ratio.median.toFixed(2),
      `${ratio.lowest.toFixed(2)} to ${ratio.highest.toFixed(2)}`,
    ]),
  )
}

export function ids(figures: readonly IdFigure[]): string {
  return table(
    ['Database', 'Id', 'Members inserted, ms', 'Got one by one, ms', 'Listed, ms', 'Size, MB'],
    figures.map(({ database, id, insertMs, getMs, listMs, megabytes }) => [
      ...[database, id, whole(insertMs), whole(getMs), whole(listMs), whole(megabytes)],
    ]),
  )
}

const whole = (value: number) => Math.round(value).toLocaleString('en')

/** Markdown, with the columns as wide as the formatter wants them. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]!.length)))
  const line = (cells: readonly string[]) => `| ${cells.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n')
}
