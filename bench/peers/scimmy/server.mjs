import Database from 'better-sqlite3'
import express from 'express'
import { randomUUID } from 'node:crypto'
import SCIMMY from 'scimmy'
import SCIMMYRouters from 'scimmy-routers'

// scimmy-routers over the driver that Kagami uses, found in Kagami's own packages: userName and externalId have an index, `eq` on them
// and paging are answered by the database, a commit is on the disk when it is answered. On Express 4: on 5 the routers lose paging.

const [port, file] = process.argv.slice(2)
const token = 'benchmark'
const limits = { supported: true, maxOperations: 1000, maxPayloadSize: 16 * 2 ** 20 }
const database = new Database(file)
database.pragma('journal_mode = WAL')
database.pragma('synchronous = FULL')

/** Resources of a type in a table; `key` is unique. */
function resources(table, key) {
  database.exec(`CREATE TABLE ${table} (n INTEGER PRIMARY KEY, id TEXT UNIQUE NOT NULL, ${key} TEXT COLLATE NOCASE UNIQUE NOT NULL,
    externalId TEXT, doc TEXT NOT NULL); CREATE INDEX ${table}_external ON ${table} (externalId)`)
  const byColumn = (column) => database.prepare(`SELECT doc FROM ${table} WHERE ${column} = ?`).pluck()
  const eq = { id: byColumn('id'), [key.toLowerCase()]: byColumn(key), externalid: byColumn('externalId') }
  const put = database.prepare(`INSERT INTO ${table} (id, ${key}, externalId, doc) VALUES (?, ?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET ${key} = excluded.${key}, externalId = excluded.externalId, doc = excluded.doc`)
  const page = database.prepare(`SELECT doc FROM ${table} ORDER BY n LIMIT ? OFFSET ?`).pluck()
  const all = database.prepare(`SELECT doc FROM ${table}`).pluck()
  const count = database.prepare(`SELECT COUNT(*) FROM ${table}`).pluck()
  const parse = (docs) => docs.map((doc) => JSON.parse(doc))
  const get = (id) => {
    const doc = eq.id.get(id)
    if (doc === undefined) throw new SCIMMY.Types.Error(404, null, `Resource ${id} not found`)
    return JSON.parse(doc)
  }
  const find = ({ filter, constraints }) => {
    if (!filter && !constraints) return parse(all.all())
    if (!filter) {
      constraints.totalResults = count.get()
      return parse(page.all(constraints.count ?? 20, (constraints.startIndex ?? 1) - 1))
    }
    const terms = filter.length === 1 ? Object.entries(filter[0]) : []
    const [[attribute, expression] = []] = terms
    if (terms.length === 1 && expression[0] === 'eq' && eq[attribute.toLowerCase()]) {
      return parse(eq[attribute.toLowerCase()].all(expression[1]))
    }
    return filter.match(parse(all.all()))
  }
  return {
    ingress(resource, instance) {
      const created = resource.id ? get(resource.id).meta.created : new Date().toISOString()
      const id = resource.id ?? randomUUID()
      const doc = { ...JSON.parse(JSON.stringify(instance)), id, meta: { created, lastModified: new Date().toISOString() } }
      try {
        put.run(id, doc[key], doc.externalId ?? null, JSON.stringify(doc))
      } catch (error) {
        if (error.code === 'SQLITE_CONSTRAINT_UNIQUE') throw new SCIMMY.Types.Error(409, 'uniqueness', 'already exists')
        throw error
      }
      return doc
    },
    egress: (resource) => (resource.id ? get(resource.id) : find(resource)),
    degress: ({ id }) => void database.prepare(`DELETE FROM ${table} WHERE id = ?`).run(id),
  }
}

SCIMMY.Resources.User.extend(SCIMMY.Schemas.EnterpriseUser, false)
SCIMMY.Resources.declare(SCIMMY.Resources.User, resources('users', 'userName'))
SCIMMY.Resources.declare(SCIMMY.Resources.Group, resources('teams', 'displayName'))
const authenticate = (req) => {
  if (req.get('authorization') !== `Bearer ${token}`) throw new Error('the token is wrong')
  return 'benchmark'
}
const app = express()
app.use('/scim', new SCIMMYRouters({ type: 'bearer', handler: authenticate }))
SCIMMY.Config.set({ bulk: limits }) // the routers' constructor sets its own
const server = app.listen(Number(port), '127.0.0.1', () => {
  console.log(`READY ${JSON.stringify({ url: `http://127.0.0.1:${port}/scim`, token })}`)
})
server.keepAliveTimeout = 65_000
