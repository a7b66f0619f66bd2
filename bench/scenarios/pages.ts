import type { Connection } from '../client'
import { anybody } from '../people'
import { perform, type Work } from '../perform'
import { askOnce, type Server } from '../servers'
import type { Entry, Scenario } from '../turns'
import { differs, fault, fillUp, parsed, type List } from './requests'

const pageSize = 100

/** A page by its number, full and with the right total. */
function getPage(server: Server) {
  return async (connection: Connection, startIndex: number): Promise<string | undefined> => {
    const answer = await connection.ask('GET', `/Users?startIndex=${startIndex}&count=${pageSize}`)
    const wrong = fault(answer, 200)
    if (wrong !== undefined) return wrong
    const { totalResults, Resources } = parsed<List>(answer)
    const left = Math.min(pageSize, server.ids.length - startIndex + 1)
    return differs('totalResults', totalResults, server.ids.length) ?? differs('users of the page', Resources?.length, left)
  }
}

const pages = (server: Server, starts: readonly number[]) => perform(server, 1, starts, getPage(server))
const repeated = (count: number, start: number) => Array.from({ length: count }, () => start)

const page = (name: string, title: string, starts: (users: number, count: number) => readonly number[]): Scenario => ({
  name: `page-${name}`,
  title: () => title,
  begin: async (world, { requests }) => {
    const entry = (key: string, server: Server): Entry => ({
      key,
      server,
      turn: async () => {
        const [first, ...others] = starts(server.ids.length, requests / 5)
        await pages(server, [first!])
        return pages(server, others)
      },
    })
    return [entry('Kagami small', await world.product('small')), entry('Kagami large', await world.product('large'))]
  },
})

export const paging: readonly Scenario[] = [
  page('first', 'A page of 100, the first', (_users, count) => repeated(count, 1)),
  page('next', 'The page after one that was read', (users, count) => {
    const readable = Math.floor(users / pageSize) - 1
    const middle = Math.floor(readable / 2)
    return Array.from({ length: count }, (_, i) => ((middle + i) % readable) * pageSize + 1)
  }),
  page('last', 'The last page', (users, count) => repeated(count, users - pageSize + 1)),
  {
    name: 'page-peers',
    title: () => 'A page of 100 beside scimmy, any',
    begin: async (world, { requests, besidePeers }) => {
      const peers = await world.peers('scimmy')
      if (peers.length === 0) return []
      const entries = [await world.product('beside peers'), ...peers].map(async (server): Promise<Entry> => {
        await fillUp(server, besidePeers)
        const any = () => anybody(server, requests / 5).map((n) => n - (n % pageSize) + 1)
        return { key: server.name, server, turn: () => pages(server, any()) }
      })
      return Promise.all(entries)
    },
  },
]

/** From the first page to the last, each by the cursor of the one before (RFC 9865); nobody twice and nobody left out. */
async function walk(server: Server): Promise<Work> {
  const seen = new Set<string>()
  let cursor: string | undefined = ''
  const request = async (connection: Connection) => {
    if (cursor === undefined) return 'there was no next cursor'
    const answer = await connection.ask('GET', `/Users?count=${pageSize}&cursor=${encodeURIComponent(cursor)}`)
    const wrong = fault(answer, 200)
    if (wrong !== undefined) return wrong
    const { Resources = [], nextCursor } = parsed<List>(answer)
    for (const { id } of Resources) seen.add(id)
    cursor = nextCursor
    return undefined
  }
  const all = Math.ceil(server.ids.length / pageSize)
  const work = await perform(server, 1, repeated(all, 0), request)
  return seen.size === server.ids.length ? work : { ...work, wrong: work.wrong + 1, example: `the walk saw ${seen.size} users` }
}

export const cursors: Scenario = {
  name: 'walk',
  title: () => 'A walk by cursors, a page of 100',
  begin: async (world) => {
    const small = await world.product('small')
    if (!(await offersCursors(small))) return []
    const large = await world.product('large')
    return [
      { key: 'Kagami small', server: small, turn: () => walk(small) },
      { key: 'Kagami large', server: large, turn: () => walk(large) },
    ]
  },
}

async function offersCursors(server: Server): Promise<boolean> {
  const { pagination } = await askOnce<{ readonly pagination?: { readonly cursor: boolean } }>(
    server,
    'GET',
    '/ServiceProviderConfig',
    200,
  )
  return pagination?.cursor === true
}
