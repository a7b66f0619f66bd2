import { anybody, person } from '../people'
import { perform, type Work } from '../perform'
import type { Server } from '../servers'
import type { Scenario } from '../turns'
import { findBy, findNobody } from './requests'

const lookUp = (name: string, title: string, turn: (server: Server, requests: number) => Promise<Work>): Scenario => ({
  name: `look-up-${name}`,
  title: () => title,
  begin: async (world, { requests }) => {
    const [small, large, floor] = [await world.product('small'), await world.product('large'), await world.floor('large')]
    return [
      { key: 'Kagami small', server: small, turn: () => turn(small, requests) },
      { key: 'Kagami large', server: large, turn: () => turn(large, requests) },
      { key: 'floor large', server: floor, turn: () => turn(floor, requests) },
    ]
  },
})

/** One at a time, people taken at random. */
export const lookUps: readonly Scenario[] = [
  lookUp('userName', '`userName eq`', (server, requests) =>
    perform(server, 1, anybody(server, requests), findBy(server, 'userName')),
  ),
  lookUp('externalId', '`externalId eq`', (server, requests) =>
    perform(server, 1, anybody(server, requests), findBy(server, 'externalId')),
  ),
  lookUp('miss', '`userName eq` of nobody', (server, requests) => {
    const nobody = anybody(server, requests).map((n) => `nobody.${person(n).userName}`)
    return perform(server, 1, nobody, findNobody)
  }),
]
