import type { Connection } from '../client'
import { newcomers, person } from '../people'
import { perform } from '../perform'
import { askOnce, type Server } from '../servers'
import type { Entry, Scenario } from '../turns'
import { differs, fault, parsed } from './requests'

type BulkResponse = {
  readonly Operations: readonly { readonly bulkId?: string; readonly status: unknown; readonly location?: string }[]
}

/** One request that makes these people; RFC 7644 §3.7 has the status as text. */
function bulk(server: Server) {
  return async (connection: Connection, people: readonly number[]): Promise<string | undefined> => {
    const Operations = people.map((n) => ({ method: 'POST', path: '/Users', bulkId: String(n), data: person(n) }))
    const schemas = ['urn:ietf:params:scim:api:messages:2.0:BulkRequest']
    const answer = await connection.ask('POST', '/Bulk', { schemas, failOnErrors: people.length, Operations })
    const wrong = fault(answer, 200)
    if (wrong !== undefined) return wrong
    const made = parsed<BulkResponse>(answer).Operations.filter(({ status }) => status === '201')
    for (const { bulkId, location } of made) server.ids[Number(bulkId)] = location!.slice(location!.lastIndexOf('/') + 1)
    return differs('users made', made.length, people.length)
  }
}

const entry = (server: Server, users: number): Entry => ({
  key: server.name,
  server,
  turn: () => perform(server, 1, [newcomers(server, users)], bulk(server)),
})

export const bulks: readonly Scenario[] = [
  {
    name: 'bulk',
    title: ({ atOnce }) => `Bulk of ${atOnce.toLocaleString('en')} users`,
    begin: async (world, { atOnce }) => {
      const product = await world.product('empty')
      return (await offersBulk(product)) ? [entry(product, atOnce), entry(await world.floor('empty'), atOnce)] : []
    },
  },
  {
    name: 'bulk-peers',
    title: ({ atOnce }) => `Bulk of ${atOnce.toLocaleString('en')} users beside scimmy`,
    begin: async (world, { atOnce }) => {
      const product = await world.product('beside peers')
      const peers = (await offersBulk(product)) ? await world.peers('scimmy') : []
      return peers.length === 0 ? [] : [product, ...peers].map((server) => entry(server, atOnce))
    },
  },
]

async function offersBulk(server: Server): Promise<boolean> {
  const config = await askOnce<{ readonly bulk: { readonly supported: boolean } }>(server, 'GET', '/ServiceProviderConfig', 200)
  return config.bulk.supported
}
