import { Connection } from '../client'
import { anybody } from '../people'
import { perform, together, type Work } from '../perform'
import { residentMegabytes } from '../process'
import { askOnce, type Server } from '../servers'
import type { Scenario } from '../turns'
import { createPeople, findBy, getPerson, makeGroup, membersOf, patchOf } from './requests'

/** What a client sees who asks for one user, and another who creates one, while `heavy` goes on. */
async function lightBeside(server: Server, heavy: () => Promise<void>): Promise<Work> {
  let going = true
  const light = async (request: () => Promise<Work>) => {
    const works: Work[] = []
    while (going) works.push(await request())
    return together(works)
  }
  const get = light(() => perform(server, 1, anybody(server, 1), getPerson(server)))
  const post = light(() => createPeople(server, 1, 1))
  await heavy().finally(() => (going = false))
  return together([await get, await post])
}

/** As text beforehand: making it would hold up the light requests, which are timed in this process. */
const replacing = (ids: readonly string[]) => JSON.stringify(patchOf([{ op: 'replace', path: 'members', value: membersOf(ids) }]))

async function patchGroup(server: Server, group: string, body: string): Promise<void> {
  const connection = new Connection(server)
  const { status, text } = await connection.ask('PATCH', `/Groups/${group}`, body)
  connection.close()
  if (status !== 204) throw new Error(`members were not replaced: ${status} ${text.slice(0, 300)}`)
}

export const stalls: readonly Scenario[] = [
  {
    name: 'replace-members',
    title: ({ large }) => `GET and POST of a user while ${large.toLocaleString('en')} members are replaced`,
    begin: async (world, { large, atOnce }) => {
      const server = await world.product('large')
      const group = await makeGroup(server, 'replaced', server.ids.slice(0, large))
      const everybody = server.ids.slice(0, large)
      const memberships = [everybody.slice(atOnce), everybody.slice(0, -atOnce), [], everybody].map(replacing)
      const turn = () =>
        lightBeside(server, async () => {
          for (const body of memberships) await patchGroup(server, group, body)
        })
      return [{ key: 'Kagami', server, turn }]
    },
  },
  {
    name: 'delete-group',
    title: ({ large }) => `GET and POST of a user while a group of ${large.toLocaleString('en')} is deleted`,
    begin: async (world, { large }) => {
      const server = await world.product('large')
      const turn = async () => {
        const group = await makeGroup(server, 'deleted', server.ids.slice(0, large))
        return lightBeside(server, () => askOnce(server, 'DELETE', `/Groups/${group}`, 204))
      }
      return [{ key: 'Kagami', server, turn }]
    },
  },
]

/** What the process holds when it has served pages and look-ups of many. */
const residentMemory = (name: string, when: string): Scenario => ({
  name,
  title: ({ large }) => `Resident memory at ${large.toLocaleString('en')} users${when}, MB`,
  begin: async (world, { requests }) => {
    const server = await world.product('large')
    const turn = async () => {
      const found = await perform(server, 8, anybody(server, requests), findBy(server, 'userName'))
      const pages = Array.from({ length: requests }, (_, i) => (i * 100) % server.ids.length)
      const listed = await perform(server, 8, pages, async (connection, start) => {
        const { status } = await connection.ask('GET', `/Users?startIndex=${start + 1}&count=100`)
        return status === 200 ? undefined : `status ${status}`
      })
      return { ...together([found, listed]), figure: residentMegabytes(server.pid) }
    }
    return [{ key: 'Kagami', server, turn }]
  },
})

export const memory = residentMemory('memory', '')
export const memoryAfterStalls = residentMemory('memory-after', ', after the changes of large groups')
