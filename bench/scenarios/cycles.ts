import type { Connection } from '../client'
import { newcomers, person } from '../people'
import { perform, together, type Request, type Work } from '../perform'
import type { Server } from '../servers'
import type { Scenario } from '../turns'
import {
  changeMembers,
  create,
  differs,
  fault,
  findBy,
  findNobody,
  parsed,
  patchPerson,
  type List,
  type Resource,
} from './requests'

// A synchronization cycle as Entra ID runs it, 8 requests at a time: everybody is looked up, then created or changed; each group is
// looked up without its members, then created and filled 20 at a time, or changed by one.

const teamSize = 100
const batch = 20

/** Everybody is new. @returns the work, and which groups there are now */
async function firstCycle(server: Server, users: number): Promise<{ readonly work: Work; readonly groups: readonly string[] }> {
  const everybody = newcomers(server, users)
  const post = create(server)
  const people = await perform(
    server,
    8,
    everybody,
    async (connection, n) => (await findNobody(connection, person(n).userName)) ?? post(connection, n),
  )
  const groups: string[] = []
  const teams = everybody.filter((_, i) => i % teamSize === 0)
  const filled = await perform(server, 8, teams, async (connection, first) => {
    const found = await makeTeam(connection, `team of ${person(first).userName}`)
    if (!('id' in found)) return found.wrong
    groups.push(found.id)
    return fillTeam(connection, found.id, server.ids.slice(first, first + teamSize))
  })
  return { work: together([people, filled]), groups }
}

async function makeTeam(
  connection: Connection,
  displayName: string,
): Promise<{ readonly id: string } | { readonly wrong: string }> {
  const filter = encodeURIComponent(`displayName eq "${displayName}"`)
  const found = await connection.ask('GET', `/Groups?excludedAttributes=members&filter=${filter}`)
  const wrong = fault(found, 200) ?? differs('groups of that name', parsed<List>(found).totalResults, 0)
  if (wrong !== undefined) return { wrong }
  const made = await connection.ask('POST', '/Groups', {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'],
    externalId: displayName,
    displayName,
    members: [],
  })
  const refused = fault(made, 201)
  return refused === undefined ? { id: parsed<Resource>(made).id } : { wrong: refused }
}

async function fillTeam(connection: Connection, group: string, ids: readonly string[]): Promise<string | undefined> {
  for (let i = 0; i < ids.length; i += batch) {
    const wrong = await changeMembers(connection, group, 'add', ids.slice(i, i + batch))
    if (wrong !== undefined) return wrong
  }
  return undefined
}

/** One in five has another title and name, one in twenty is suspended or comes back; a member of each group goes and another comes. */
async function secondCycle(server: Server, first: number, users: number, groups: readonly string[], turn: number): Promise<Work> {
  const everybody = Array.from({ length: users }, (_, i) => first + i)
  const find = findBy(server, 'userName')
  const people = await perform(server, 8, everybody, async (connection, n) => {
    const wrong = await find(connection, n)
    if (wrong !== undefined) return wrong
    if (n % 20 === 7) return patchPerson(connection, server.ids[n]!, { active: turn % 2 === 0 })
    return n % 5 === 0
      ? patchPerson(connection, server.ids[n]!, { displayName: `佐藤 ${n} ${turn}`, title: `課長 ${turn}` })
      : undefined
  })
  const [op, other] = turn % 2 === 0 ? (['add', 'remove'] as const) : (['remove', 'add'] as const)
  const change: Request<string> = async (connection, group) => {
    const found = await connection.ask('GET', `/Groups/${group}?excludedAttributes=members`)
    const wrong = fault(found, 200) ?? differs('id', parsed<Resource>(found).id, group)
    if (wrong !== undefined) return wrong
    const [one, two] = [server.ids[first]!, server.ids[first + 1]!]
    return (await changeMembers(connection, group, op, [one])) ?? changeMembers(connection, group, other, [two])
  }
  return together([people, await perform(server, 8, groups, change)])
}

export const cycles: readonly Scenario[] = [
  {
    name: 'first-cycle',
    title: ({ cycle }) => `Entra ID's first cycle, ${cycle} users in groups of ${teamSize}`,
    begin: async (world, { cycle }) => {
      const servers = [await world.product('empty'), await world.floor('empty')]
      return servers.map((server) => ({ key: server.name, server, turn: async () => (await firstCycle(server, cycle)).work }))
    },
  },
  {
    name: 'second-cycle',
    title: ({ cycle }) => `Entra ID's second cycle, ${cycle} users`,
    begin: async (world, { cycle }) => {
      const servers = [await world.product('empty'), await world.floor('empty')]
      return Promise.all(
        servers.map(async (server) => {
          const first = server.ids.length
          const { groups } = await firstCycle(server, cycle)
          await server.settle()
          let turn = 0
          return { key: server.name, server, turn: () => secondCycle(server, first, cycle, groups, ++turn) }
        }),
      )
    },
  },
]
