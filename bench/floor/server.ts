import express from 'express'
import { openTargets, closeTargets } from '../../src/assemble'
import { readConfig } from '../../src/config'
import { newUuid } from '../../src/ports/clock'
import { openFloor, type FloorDatabase } from './database'
import { mirrorAll } from './mirror'
import { memberRows, userRows, type UserBody } from './rows'

// A bare Express server: the rows of the benchmark's requests on the driver, one transaction a request, and nothing else. It checks
// nothing: no token, no schema, no authority, no version.

async function main(): Promise<void> {
  const config = readConfig(process.env)
  const database = openFloor(config.database)
  await makeTargetTables()
  const client = (await database.all<{ id: string }>('SELECT id FROM access_client'))[0]!.id
  const app = express()
  app.disable('x-powered-by')
  app.set('etag', false)
  app.use(express.json({ type: 'application/scim+json' }))
  app.get('/livez', (_req, res) => void res.end())
  app.post('/scim/v2/Users', async (req, res) => {
    const body = req.body as UserBody
    const id = newUuid(Date.now())
    await database.write(userRows(id, client, body))
    res.status(201).json({ ...body, id })
  })
  app.get('/scim/v2/Users', async (req, res) => {
    const [, userName = ''] = /^userName eq "(.*)"$/.exec(req.query['filter'] as string) ?? []
    const Resources = await findUser(database, userName)
    res.json({ totalResults: Resources.length, Resources })
  })
  app.patch('/scim/v2/Groups/:id', async (req, res) => {
    const { Operations } = req.body as {
      readonly Operations: readonly { readonly value: readonly { readonly value: string }[] }[]
    }
    await database.write(memberRows(req.params.id, client, Operations[0]!.value[0]!.value))
    res.status(204).end()
  })
  app.post('/mirror', async (_req, res) => {
    await mirrorAll(database, config)
    res.status(204).end()
  })
  const server = app.listen(config.port, config.host)
  server.keepAliveTimeout = 65_000 // as the product's: a connection outlives the other side's turn

  /** The product's own, so that both write to the same. */
  async function makeTargetTables(): Promise<void> {
    const targets = openTargets(config)
    await Promise.all([targets.chat.health(), targets.mail.health()])
    await closeTargets(targets)
  }
}

async function findUser(database: FloorDatabase, userName: string): Promise<readonly object[]> {
  const found = await database.all<{ id: string; login_name: string; display_name: string; profile: string; version: number }>(
    'SELECT id, login_name, display_name, profile, version FROM directory_user WHERE login_key = ?',
    [userName.toLowerCase()],
  )
  return found.map(({ id, login_name: userName, display_name: displayName, profile, version }) => ({
    id,
    userName,
    displayName,
    emails: (JSON.parse(profile) as Pick<UserBody, 'emails'>).emails,
    meta: { version: `W/"${version}"` },
  }))
}

void main()
