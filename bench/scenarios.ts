import SqliteDatabase from 'better-sqlite3'
import type { DatabaseConfig } from '../src/config'
import { targetNames } from '../src/domain/mirror/account'
import type { UserId } from '../src/domain/ids'
import { createGroup } from '../src/usecases/directory/create-group'
import { perSecond } from './client'
import { newPeople, person, seed } from './people'
import type { Side } from './side'

/** How large everything is; `quick` is for a look, not for figures. */
export type Sizes = {
  readonly turns: number
  readonly users: number
  readonly mirrored: number
  readonly lookUps: number
  readonly members: number
  readonly created: number
}

export type Scenario = {
  readonly name: string
  readonly title: (sizes: Sizes) => string
  /** Before the turns, once a side. @returns one turn, which tells how many it did a second */
  readonly begin: (side: Side, sizes: Sizes) => Promise<() => Promise<number>>
}

/** In this order: the directories grow along the way. */
export const scenarios: readonly Scenario[] = [
  {
    name: 'mirror',
    title: () => 'Accounts mirrored, chat and mail',
    begin:
      async (side, { mirrored }) =>
      () =>
        mirrorBacklog(side, mirrored),
  },
  {
    name: 'look-up',
    title: ({ users }) => `\`userName eq\` look-ups at ${users.toLocaleString('en')} users`,
    begin: async (side, { users, lookUps }) => {
      await fill(side, users)
      return async () => {
        const wanted = Array.from({ length: lookUps }, () => person(Math.floor(Math.random() * users)).userName)
        return perSecond(wanted, async (userName) => {
          const filter = encodeURIComponent(`userName eq "${userName}"`)
          const answer = await side.client.ask('GET', `/scim/v2/Users?filter=${filter}`, 200)
          if (!answer.includes(`"${userName}"`)) throw new Error(`${userName} was not found: ${answer}`)
        })
      }
    },
  },
  {
    name: 'add-member',
    title: ({ users }) => `One member added to a group of ${users.toLocaleString('en')}`,
    begin: async (side, { users, members, turns }) => {
      await fill(side, users + members * (turns + 1))
      const { id } = await createGroup(side.parts, side.actor, { name: '全社', memberIds: side.seeded.slice(0, users) })
      const others = side.seeded.slice(users)
      return () => perSecond(others.splice(0, members), (user) => addMember(side, id, user))
    },
  },
  {
    name: 'create-user',
    title: () => 'Users created',
    begin:
      async (side, { created }) =>
      async () => {
        const rate = await perSecond(newPeople(side, created), (body) => side.client.ask('POST', '/scim/v2/Users', 201, body))
        await settled(side)
        return rate
      },
  },
]

async function addMember(side: Side, group: string, user: UserId): Promise<void> {
  const Operations = [{ op: 'add', path: 'members', value: [{ value: user }] }]
  const schemas = ['urn:ietf:params:scim:api:messages:2.0:PatchOp']
  await side.client.ask('PATCH', `/scim/v2/Groups/${group}`, 204, { schemas, Operations })
}

async function fill(side: Side, users: number): Promise<void> {
  await seed(side, users - side.seeded.length)
  await settled(side)
}

/** People come by one commit; from there to the last account. One more, by HTTP, wakes Kagami's mirrors at once. */
async function mirrorBacklog(side: Side, people: number): Promise<number> {
  const before = side.known
  await seed(side, people)
  const started = performance.now()
  if (side.name === 'product') await side.client.ask('POST', '/scim/v2/Users', 201, newPeople(side, 1)[0])
  else await side.client.ask('POST', '/mirror', 204)
  await settled(side)
  const tookMs = performance.now() - started
  for (const [target, table] of [
    ['chat', 'chat_account'],
    ['mail', 'mail_user'],
  ] as const) {
    const accounts = countAccounts(side.config[target].database, table)
    if (accounts !== side.known) throw new Error(`${target} holds ${accounts} accounts for ${side.known} people`)
  }
  return ((side.known - before) * targetNames.length * 1000) / tookMs
}

function countAccounts(database: DatabaseConfig, table: string): number {
  if (database.kind !== 'sqlite') throw new Error('chat and mail of the benchmark are the embedded ones')
  const file = new SqliteDatabase(database.file, { readonly: true })
  const accounts = file.prepare(`SELECT COUNT(*) FROM ${table}`).pluck().get()
  file.close()
  return Number(accounts)
}

/** Kagami mirrors by itself; its next turn begins when it has nothing left to do. The floor never does unasked. */
async function settled(side: Side): Promise<void> {
  if (side.name === 'floor') return
  const { mirror } = side.parts.store.read
  for (const target of targetNames) {
    while ((await mirror.status(target)).waiting > 0) await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
