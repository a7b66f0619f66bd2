import express, { type Request } from 'express'
import { openTargets, closeTargets } from '../../src/assemble'
import { readConfig, type Config } from '../../src/config'
import { newUuid } from '../../src/ports/clock'
import { openFloor, type FloorDatabase } from './database'
import { mirrorAll } from './mirror'
import { addMembers, insertPeople, removeMembers, tables, updatePerson, type FloorPerson } from './rows'

// A bare Express server that writes and reads the row of a person, a group or its members with the driver, one transaction a request,
// and nothing else: no token, no schema, no authority, no version, no audit, no log. It understands what the benchmark sends.

type Operation = { readonly op: string; readonly path: string; readonly value: unknown }

async function main(): Promise<void> {
  const config = readConfig(process.env)
  const database = openFloor(config.database)
  for (const text of tables) await database.write([[text, []]])
  await makeTargetTables(config)
  const app = express()
  app.disable('x-powered-by')
  app.set('etag', false)
  app.use(express.json({ type: 'application/scim+json', limit: '64mb' }))
  app.get('/livez', (_req, res) => void res.end())
  app.post('/scim/v2/mirror', async (_req, res) => {
    await mirrorAll(database, config)
    res.status(204).end()
  })
  app.use('/scim/v2', people(database), groups(database))
  app.post('/scim/v2/Bulk', async (req, res) => {
    const { Operations } = req.body as { readonly Operations: readonly { readonly bulkId: string; readonly data: FloorPerson }[] }
    const made = Operations.map(({ bulkId, data }) => ({ bulkId, person: { ...data, id: newUuid(Date.now()) } }))
    await database.write(made.map(({ person }) => insertPeople([person])))
    const answers = made.map(({ bulkId, person }) => ({ bulkId, method: 'POST', location: `/Users/${person.id}`, status: '201' }))
    res.json({ Operations: answers })
  })
  const server = app.listen(config.port, config.host)
  server.keepAliveTimeout = 65_000 // as the product's: a connection outlives the other side's turn
}

function people(database: FloorDatabase) {
  const router = express.Router()
  const byId = (req: Request) => ['SELECT doc FROM person WHERE id = ?', [String(req.params['id'])]] as const
  router.post('/Users', async (req, res) => {
    const person = { ...(req.body as FloorPerson), id: newUuid(Date.now()) }
    await database.write([insertPeople([person])])
    res.status(201).json(person)
  })
  router.get('/Users', async (req, res) => {
    const [, attribute, value = ''] = /^(userName|externalId) eq "(.*)"$/.exec(req.query['filter'] as string) ?? []
    const [column, key] = attribute === 'userName' ? ['user_name_key', value.toLowerCase()] : ['external_id', value]
    const found = await database.all<{ doc: string }>(`SELECT doc FROM person WHERE ${column} = ?`, [key])
    res.json({ totalResults: found.length, Resources: found.map(({ doc }) => JSON.parse(doc) as FloorPerson) })
  })
  router.get('/Users/:id', async (req, res) => {
    const [found] = await database.all<{ doc: string }>(...byId(req))
    res.json(JSON.parse(found!.doc))
  })
  router.put('/Users/:id', async (req, res) => {
    const person = { ...(req.body as FloorPerson), id: req.params.id }
    await database.write([updatePerson(person)])
    res.json(person)
  })
  router.patch('/Users/:id', async (req, res) => {
    const { Operations } = req.body as { readonly Operations: readonly Operation[] }
    const changes = Object.fromEntries(Operations.map(({ path, value }) => [path, value]))
    const changed = (doc: string) => ({ ...(JSON.parse(doc) as FloorPerson), ...changes })
    const { doc } = await database.change<{ doc: string }>(byId(req), ({ doc }) => updatePerson(changed(doc)))
    res.json(changed(doc))
  })
  return router
}

function groups(database: FloorDatabase) {
  const router = express.Router()
  router.post('/Groups', async (req, res) => {
    const { members = [], ...rest } = req.body as { displayName: string; members?: readonly { readonly value: string }[] }
    const group = { ...rest, id: newUuid(Date.now()) }
    const row = ['INSERT INTO team VALUES (?, ?, ?)', [group.id, group.displayName, JSON.stringify(group)]] as const
    await database.write([
      row,
      ...addMembers(
        group.id,
        members.map(({ value }) => value),
      ),
    ])
    res.status(201).json(group)
  })
  router.get('/Groups', async (req, res) => {
    const [, name = ''] = /^displayName eq "(.*)"$/.exec(req.query['filter'] as string) ?? []
    const found = await database.all<{ doc: string }>('SELECT doc FROM team WHERE display_name = ?', [name])
    res.json({ totalResults: found.length, Resources: found.map(({ doc }) => JSON.parse(doc) as object) })
  })
  router.get('/Groups/:id', async (req, res) => {
    const [found] = await database.all<{ doc: string }>('SELECT doc FROM team WHERE id = ?', [req.params.id])
    res.json(JSON.parse(found!.doc))
  })
  router.patch('/Groups/:id', async (req, res) => {
    const { Operations } = req.body as { readonly Operations: readonly Operation[] }
    const statements = Operations.flatMap(({ op, value }) => {
      const ids = (value as readonly { readonly value: string }[]).map((member) => member.value)
      return op === 'add' ? addMembers(req.params.id, ids) : removeMembers(req.params.id, ids)
    })
    await database.write(statements)
    res.status(204).end()
  })
  return router
}

/** The product's own, so that both write to the same. */
async function makeTargetTables(config: Config): Promise<void> {
  const targets = openTargets(config)
  await Promise.all([targets.chat.health(), targets.mail.health()])
  await closeTargets(targets)
}

void main()
