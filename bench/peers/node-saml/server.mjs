import { SAML, ValidateInResponseTo } from '@node-saml/node-saml'
import express from 'express'
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'

// Express with @node-saml/node-saml and all of its checks on. Requests and sessions are kept in memory: it writes nothing to a disk.

const [port, certificate] = process.argv.slice(2)
const url = `http://127.0.0.1:${port}`
const saml = new SAML({
  idpCert: readFileSync(certificate, 'utf8'),
  idpIssuer: 'https://idp.test/',
  issuer: url,
  audience: url,
  callbackUrl: `${url}/saml/acs`,
  entryPoint: 'https://idp.test/sso',
  wantAssertionsSigned: true,
  wantAuthnResponseSigned: false,
  validateInResponseTo: ValidateInResponseTo.always,
  acceptedClockSkewMs: 60_000,
})
const sessions = new Map()
const app = express()
app.disable('x-powered-by')
app.set('etag', false)
app.get('/livez', (_req, res) => void res.end())
app.get('/saml/login', async (_req, res) => res.redirect(302, await saml.getAuthorizeUrlAsync('', undefined, {})))
app.post('/saml/acs', express.urlencoded({ extended: false, limit: '1mb' }), async (req, res) => {
  const { profile } = await saml.validatePostResponseAsync(req.body)
  const session = randomBytes(32).toString('base64url')
  sessions.set(session, profile.nameID)
  res.cookie('session', session, { httpOnly: true }).redirect(303, '/')
})
// eslint-disable-next-line no-unused-vars -- by its four parameters Express knows it
app.use((error, _req, res, _next) => res.status(400).end(String(error)))
const server = app.listen(Number(port), '127.0.0.1', () => {
  console.log(`READY ${JSON.stringify({ url, token: '' })}`)
})
server.keepAliveTimeout = 65_000
