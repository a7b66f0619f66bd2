import jackson from '@boxyhq/saml-jackson'
import express from 'express'

// The directory sync of @boxyhq/saml-jackson behind Express, as its own routes do it.

const [port, where] = process.argv.slice(2)
const database = where.startsWith('mysql:') ? { type: 'mariadb', url: where } : { type: 'sqlite', url: where }
const quiet = { info() {}, warn: console.error, error: console.error }
const controllers = await (jackson.controllers ?? jackson.default.controllers)({
  externalUrl: 'http://127.0.0.1',
  samlAudience: 'benchmark',
  samlPath: '/acs',
  noAnalytics: true,
  db: { engine: 'sql', pageLimit: 50, ...database },
  logger: quiet,
})
const { directories, requests } = controllers.directorySyncController
const made = await directories.create({ tenant: 'benchmark', product: 'benchmark', type: 'azure-scim-v2', name: 'benchmark' })
if (made.error) throw made.error

const number = (text) => (text === undefined ? undefined : Number(text))
const app = express()
app.use(express.json({ type: ['application/json', 'application/scim+json'], limit: '64mb' }))
app.all('/scim/:directoryId/:type{/:id}', async (req, res) => {
  const { directoryId, type, id } = req.params
  const { count, startIndex, filter } = req.query
  const { status, data } = await requests.handle({
    method: req.method,
    body: req.body ?? {},
    directoryId,
    resourceId: id,
    resourceType: type === 'Users' ? 'users' : 'groups',
    apiSecret: req.get('authorization')?.replace('Bearer ', ''),
    query: { count: number(count), startIndex: number(startIndex), filter },
  })
  res.status(status).json(data)
})
const server = app.listen(Number(port), '127.0.0.1', () => {
  const { id, scim } = made.data
  console.log(`READY ${JSON.stringify({ url: `http://127.0.0.1:${port}/scim/${id}`, token: scim.secret })}`)
})
server.keepAliveTimeout = 65_000
