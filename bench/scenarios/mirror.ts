import SqliteDatabase from 'better-sqlite3'
import type { Config, DatabaseConfig } from '../../src/config'
import { targetNames } from '../../src/domain/mirror/account'
import { seedFloor, seedProduct } from '../people'
import type { Work } from '../perform'
import { cpuMs } from '../process'
import { askOnce, type FloorServer, type Product } from '../servers'
import type { Scenario } from '../turns'
import { createPeople } from './requests'

/** People come by one commit; from there until the last account is in `chat.db` and `mail.db`. A person counts twice. */
export const mirror: Scenario = {
  name: 'mirror',
  title: () => 'Accounts mirrored, chat and mail',
  begin: async (world, { mirrored }) => {
    const [product, floor] = [await world.product('empty'), await world.floor('empty')]
    return [
      { key: 'Kagami', server: product, turn: () => mirrorWith(product, mirrored) },
      { key: 'floor', server: floor, turn: () => mirrorWithFloor(floor, mirrored) },
    ]
  },
}

/** One more, by HTTP, wakes the mirrors at once. */
async function mirrorWith(product: Product, people: number): Promise<Work> {
  const before = product.ids.length
  await seedProduct(product, people, true)
  return timed(product, before, async () => {
    await createPeople(product, 1, 1)
    await product.settle()
  })
}

async function mirrorWithFloor(floor: FloorServer, people: number): Promise<Work> {
  const before = floor.ids.length
  await seedFloor(floor, people)
  return timed(floor, before, () => askOnce(floor, 'POST', '/mirror', 204))
}

async function timed(server: Product | FloorServer, before: number, work: () => Promise<void>): Promise<Work> {
  const cpuBefore = cpuMs(server.pid)
  const started = performance.now()
  await work()
  const seconds = (performance.now() - started) / 1000
  const cpu = cpuMs(server.pid) - cpuBefore
  const example = targetNames
    .map((target) => missing(server.config, target, server.ids.length))
    .find((text) => text !== undefined)
  return {
    ...{ ops: (server.ids.length - before) * targetNames.length, seconds, cpuMs: cpu, latenciesMs: [] },
    ...(example === undefined ? { wrong: 0 } : { wrong: 1, example }),
  }
}

function missing(config: Config, target: 'chat' | 'mail', people: number): string | undefined {
  const accounts = countAccounts(config[target].database, target === 'chat' ? 'chat_account' : 'mail_user')
  return accounts === people ? undefined : `${target} holds ${accounts} accounts for ${people} people`
}

function countAccounts(database: DatabaseConfig, table: string): number {
  if (database.kind !== 'sqlite') throw new Error('chat and mail of the benchmark are the embedded ones')
  const file = new SqliteDatabase(database.file, { readonly: true })
  const accounts = file.prepare(`SELECT COUNT(*) FROM ${table}`).pluck().get()
  file.close()
  return Number(accounts)
}
