import { anybody, person } from '../people'
import { perform, type Request } from '../perform'
import type { Server } from '../servers'
import type { Scenario } from '../turns'
import { differs, fault, getPerson, parsed, patchPerson, type Resource } from './requests'

/** 8 at a time, in the large directory, people taken at random; `request` is made anew for each turn. */
const onOne = (name: string, title: string, request: (server: Server, turn: number) => Request<number>): Scenario => ({
  name,
  title: () => title,
  begin: async (world, { requests }) => {
    const servers = [await world.product('large'), await world.floor('large')]
    return servers.map((server) => {
      let turn = 0
      return {
        key: server.name,
        server,
        turn: () => perform(server, 8, [...new Set(anybody(server, requests))], request(server, ++turn)),
      }
    })
  },
})

export const onePerson: readonly Scenario[] = [
  onOne('get', 'GET of a user by id', getPerson),
  onOne(
    'patch',
    'PATCH `active`',
    (server, turn) => (connection, n) => patchPerson(connection, server.ids[n]!, { active: turn % 2 === 0 }),
  ),
  onOne('put', 'PUT of a user', (server, turn) => async (connection, n) => {
    const wanted = { ...person(n), id: server.ids[n], displayName: `佐藤 花子 ${turn}` }
    const answer = await connection.ask('PUT', `/Users/${server.ids[n]}`, wanted)
    return fault(answer, 200) ?? differs('displayName', parsed<Resource>(answer).displayName, wanted.displayName)
  }),
]
