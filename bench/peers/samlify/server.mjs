import express from 'express'
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import samlify from 'samlify'

// Express with samlify, and the checks that it leaves to its user: the AuthnRequest, Audience and Recipient are known. Requests and
// sessions are kept in memory: it writes nothing to a disk. Documents are not held against the XML schema, which would cost 30 ms more.

const [port, certificate] = process.argv.slice(2)
const url = `http://127.0.0.1:${port}`
const { binding } = samlify.Constants.namespace
samlify.setSchemaValidator({ validate: async () => 'ok' })
const sp = samlify.ServiceProvider({
  entityID: url,
  assertionConsumerService: [{ Binding: binding.post, Location: `${url}/saml/acs` }],
  wantAssertionsSigned: true,
  clockDrifts: [-60_000, 60_000],
})
const idp = samlify.IdentityProvider({
  entityID: 'https://idp.test/',
  signingCert: readFileSync(certificate, 'utf8'),
  singleSignOnService: [{ Binding: binding.redirect, Location: 'https://idp.test/sso' }],
  singleLogoutService: [{ Binding: binding.redirect, Location: 'https://idp.test/slo' }],
})
const pending = new Set()
const sessions = new Map()
const app = express()
app.disable('x-powered-by')
app.set('etag', false)
app.get('/livez', (_req, res) => void res.end())
app.get('/saml/login', (_req, res) => {
  const { id, context } = sp.createLoginRequest(idp, 'redirect')
  pending.add(id)
  res.redirect(302, context)
})
app.post('/saml/acs', express.urlencoded({ extended: false, limit: '1mb' }), async (req, res) => {
  const { extract } = await sp.parseLoginResponse(idp, 'post', { body: req.body })
  const { inResponseTo, destination } = extract.response
  if (!pending.delete(inResponseTo) || destination !== `${url}/saml/acs` || extract.audience !== url)
    throw new Error('not for us')
  const session = randomBytes(32).toString('base64url')
  sessions.set(session, extract.nameID)
  res.cookie('session', session, { httpOnly: true }).redirect(303, '/')
})
// eslint-disable-next-line no-unused-vars -- by its four parameters Express knows it
app.use((error, _req, res, _next) => res.status(400).end(String(error)))
const server = app.listen(Number(port), '127.0.0.1', () => {
  console.log(`READY ${JSON.stringify({ url, token: '' })}`)
})
server.keepAliveTimeout = 65_000
