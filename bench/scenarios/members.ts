import { Connection } from '../client'
import { anybody } from '../people'
import { perform, type Work } from '../perform'
import type { Server } from '../servers'
import type { Entry, Scenario } from '../turns'
import { changeMembers, differs, fault, getPerson, makeGroup, parsed, type Resource } from './requests'
import type { World } from '../world'

/** A group with no members, or with as many as `large` says, of a server with people enough. */
type Team = { readonly server: Server; readonly group: string; readonly size: number }

/** @param entry what one group's turns are */
const onTeams = (
  name: string,
  title: string,
  who: readonly ('Kagami' | 'floor')[],
  entry: (team: Team, count: number) => () => Promise<Work>,
): Scenario => ({
  name,
  title: () => title,
  begin: async (world, { large, atOnce, requests }) => {
    const entries: Entry[] = []
    for (const server of await largeServers(world, who)) {
      for (const size of [0, large]) {
        const group = await makeGroup(server, `${name} ${size}`, server.ids.slice(0, size))
        const key = `${server.name}, ${size === 0 ? 'empty' : 'large'} group`
        const count = name === 'thousand-members' ? atOnce : requests / 5
        entries.push({ key, server, turn: entry({ server, group, size }, count) })
      }
    }
    return entries
  },
})

async function largeServers(world: World, who: readonly ('Kagami' | 'floor')[]): Promise<readonly Server[]> {
  return Promise.all(who.map((name) => (name === 'Kagami' ? world.product('large') : world.floor('large'))))
}

/** People who are in no group of these scenarios. */
const outside = ({ server, size }: Team, count: number) => server.ids.slice(size, size + count)

const oneByOne =
  (op: 'add' | 'remove') =>
  ({ server, group }: Team, ids: readonly string[]) =>
    perform(server, 1, ids, (connection, id) => changeMembers(connection, group, op, [id]))

const atOnceInOne = ({ server, group }: Team, op: 'add' | 'remove', ids: readonly string[]) =>
  perform(server, 1, [ids], (connection, some) => changeMembers(connection, group, op, some))

export const membership: readonly Scenario[] = [
  onTeams('add-member', 'One member added to a group', ['Kagami'], (team, count) => async () => {
    const work = await oneByOne('add')(team, outside(team, count))
    await atOnceInOne(team, 'remove', outside(team, count))
    return work
  }),
  onTeams('remove-member', 'One member removed from a group', ['Kagami'], (team, count) => async () => {
    await atOnceInOne(team, 'add', outside(team, count))
    return oneByOne('remove')(team, outside(team, count))
  }),
  onTeams('thousand-members', '1,000 members added or removed in one PATCH', ['Kagami', 'floor'], (team, count) => () => {
    const ids = outside(team, count)
    const ops = ['add', 'remove', 'add', 'remove', 'add', 'remove'] as const
    return perform(team.server, 1, ops, (connection, op) => changeMembers(connection, team.group, op, ids))
  }),
  onTeams('excluded-members', 'GET of a group without its members', ['Kagami'], ({ server, group }, count) => () => {
    const path = `/Groups/${group}?excludedAttributes=members`
    return perform(server, 1, Array<string>(count).fill(path), async (connection, at) => {
      const answer = await connection.ask('GET', at)
      if (answer.status !== 200) return fault(answer, 200)
      const { id, members } = parsed<Resource>(answer)
      return differs('id', id, group) ?? differs('members', members, undefined)
    })
  }),
]

/** GET of one user, while somebody else reads a large group again and again. */
export const beside: Scenario = {
  name: 'read-beside',
  title: () => 'GET of a user while a large group is read',
  begin: async (world, { large, requests }) => {
    const server = await world.product('large')
    const group = await makeGroup(server, 'read beside', server.ids.slice(0, large))
    const turn = async () => {
      const reader = readAgainAndAgain(server, group, large)
      const work = await perform(server, 1, anybody(server, requests), getPerson(server))
      const { reads, wrong } = await reader.stop()
      return reads > 0 && wrong === undefined
        ? work
        : { ...work, wrong: work.wrong + 1, example: wrong ?? 'nobody read the group' }
    }
    return [{ key: 'Kagami', server, turn }]
  },
}

function readAgainAndAgain(server: Server, group: string, members: number) {
  const connection = new Connection(server)
  let going = true
  let reads = 0
  const done = (async () => {
    while (going) {
      const { text } = await connection.ask('GET', `/Groups/${group}`)
      // counted, not parsed: the reader shares this process with the one who is timed
      const found = text.length < members * 36 || !text.endsWith('}')
      if (found) return `the group's answer had ${text.length} characters`
      reads++
    }
    return undefined
  })()
  return {
    stop: async () => {
      going = false
      const wrong = await done
      connection.close()
      return { reads, wrong }
    },
  }
}
