import type { Actor } from '../domain/access/actor'
import type { Instant } from '../domain/brand'

/** What is wrong with a command line. */
export class Usage extends Error {}

/** Who may run the command line holds the database. */
export const operator: Actor = { kind: 'operator', name: process.env['USER'] ?? 'operator' }

export const print = (text: string) => void process.stdout.write(`${text}\n`)

/** For people: what a program is to read goes to stdout alone. */
export const tell = (text: string) => void process.stderr.write(`${text}\n`)

/** To the minute, UTC. */
export const day = (at: Instant | undefined) =>
  at === undefined ? '-' : new Date(at).toISOString().slice(0, 16).replace('T', ' ')

/** @throws Usage */
export function wholeNumber(option: string, text: string, min: number): number {
  const number = /^\d{1,7}$/.test(text) ? Number(text) : NaN
  if (!(number >= min)) throw new Usage(`--${option} needs a whole number from ${min}`)
  return number
}

/** What `--password-stdin` gives. @throws Usage */
export async function readLine(): Promise<string> {
  let text = ''
  for await (const part of process.stdin) text += String(part)
  const password = text.replace(/\r?\n$/, '')
  if (password === '') throw new Usage('--password-stdin was given, but standard input is empty')
  return password
}
