import { query } from '../../test/services/mariadb'
import type { Server } from '../servers'
import type { Entry, Scenario } from '../turns'
import { createPeople, fillUp } from './requests'

const entry = (key: string, server: Server, count: number, atOnce: number): Entry => ({
  key,
  server,
  turn: () => createPeople(server, count, atOnce),
})

/** From an empty directory on, so many at once. */
const created = (atOnce: number): Scenario => ({
  name: `create-${atOnce}`,
  title: () => `Users created, ${atOnce} at a time`,
  begin: async (world, sizes) => {
    const count = atOnce === 8 ? sizes.created : sizes.requests
    return [
      entry('Kagami', await world.product('empty'), count, atOnce),
      entry('floor', await world.floor('empty'), count, atOnce),
    ]
  },
})

export const creation: readonly Scenario[] = [
  created(8),
  created(1),
  created(32),
  {
    name: 'create-peers',
    title: ({ besidePeers }) => `Users created, 8 at a time, from ${besidePeers.toLocaleString('en')} users on`,
    begin: async (world, { besidePeers, createdBesidePeers }) => {
      const peers = await world.peers('scimmy', 'jackson')
      if (peers.length === 0) return []
      const servers = [await world.product('beside peers'), ...peers]
      for (const server of servers) await fillUp(server, besidePeers)
      return servers.map((server) => entry(server.name, server, createdBesidePeers, 8))
    },
  },
  {
    name: 'create-large',
    title: ({ small, large }) => `Users created at ${large.toLocaleString('en')} users through at ${small.toLocaleString('en')}`,
    begin: async (world, { requests }) => [
      entry('Kagami small', await world.product('small'), requests, 8),
      entry('Kagami large', await world.product('large'), requests, 8),
    ],
  },
]

/** How many statements MariaDB is sent for a created user: everything from BEGIN to COMMIT, of a node that serves and does not mirror. */
export const statements: Scenario = {
  name: 'statements',
  title: () => 'Statements for a created user',
  only: 'mariadb',
  begin: async (world, { requests }) => {
    const server = await world.product('web')
    const { database } = server.config
    if (database.kind !== 'mysql') throw new Error('only MariaDB counts statements')
    const questions = async () => {
      const [row] = (await query(database, "SHOW GLOBAL STATUS LIKE 'Questions'")) as [{ readonly Value: string }]
      return Number(row.Value)
    }
    const turn = async () => {
      const before = await questions()
      const work = await createPeople(server, requests, 8)
      return { ...work, figure: ((await questions()) - before) / work.ops }
    }
    return [{ key: 'Kagami', server, turn }]
  },
}
