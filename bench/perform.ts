import { Connection } from './client'
import { cpuMs } from './process'
import type { Server } from './servers'

/** What a number of requests took. */
export type Work = {
  readonly ops: number
  readonly seconds: number
  /** Of the server's process, all threads. */
  readonly cpuMs: number
  readonly latenciesMs: readonly number[]
  /** How many answers were not right, and what one of them was. */
  readonly wrong: number
  readonly example?: string
  /** Where something else than time is measured. */
  readonly figure?: number
}

/** @returns what is wrong with the answers; undefined: nothing */
export type Request<Item> = (connection: Connection, item: Item) => Promise<string | undefined>

/** Does `request` for each item, so many at once as said, each on a connection of its own. */
export async function perform<Item>(
  server: Server,
  atOnce: number,
  items: readonly Item[],
  request: Request<Item>,
): Promise<Work> {
  const connections = Array.from({ length: atOnce }, () => new Connection(server))
  const latenciesMs: number[] = []
  const wrong: string[] = []
  const waiting = items.values()
  const cpuBefore = cpuMs(server.pid)
  const started = performance.now()
  await Promise.all(
    connections.map(async (connection) => {
      for (const item of waiting) {
        const asked = performance.now()
        const fault = await request(connection, item).catch(String)
        latenciesMs.push(performance.now() - asked)
        if (fault !== undefined) wrong.push(fault)
      }
    }),
  )
  const seconds = (performance.now() - started) / 1000
  const cpu = cpuMs(server.pid) - cpuBefore
  for (const connection of connections) connection.close()
  return {
    ...{ ops: items.length, seconds, cpuMs: cpu, latenciesMs, wrong: wrong.length },
    ...(wrong[0] === undefined ? {} : { example: wrong[0].slice(0, 300) }),
  }
}

/** One after the other, told as one. */
export function together(works: readonly Work[]): Work {
  const sum = (value: (work: Work) => number) => works.reduce((total, work) => total + value(work), 0)
  const example = works.find((work) => work.example !== undefined)?.example
  return {
    ops: sum((work) => work.ops),
    seconds: sum((work) => work.seconds),
    cpuMs: sum((work) => work.cpuMs),
    latenciesMs: works.flatMap((work) => work.latenciesMs),
    wrong: sum((work) => work.wrong),
    ...(example === undefined ? {} : { example }),
  }
}
