import express, { type Express } from 'express'
import type { Registry } from 'prom-client'
import type { Parts } from './assemble'
import type { Config } from './config'
import { adminDoor } from './doors/admin/admin-door'
import { clientGate } from './doors/bearer'
import { cookiesFor } from './doors/cookies'
import { forgeryGuard } from './doors/forgery'
import { guessLimit } from './doors/guess-limit'
import { healthDoor } from './doors/health/health-door'
import { requestMetrics } from './doors/health/metrics'
import { oauthDoor } from './doors/oauth/oauth-door'
import { requestContext, showRequestId } from './doors/request'
import { noRequestLimit, requestLimit } from './doors/request-limit'
import { samlDoor } from './doors/saml/saml-door'
import { scimDoor } from './doors/scim/scim-door'
import { turns } from './doors/scim/turns'
import { securityHeaders } from './doors/security-headers'
import { pageFailure, refuseForgery, sessionDoor } from './doors/session/session-door'
import type { Log } from './ports/log'
import type { SamlVerifier } from './ports/saml-verifier'
import type { Traffic } from './ports/traffic'
import { TokenMemory } from './usecases/access/authenticate-token'
import type { ClientActivity } from './usecases/access/client-activity'
import { readPublication } from './usecases/access/publication'
import type { SamlTraceBook } from './usecases/access/saml-trace'
import type { RefusalBook } from './usecases/audit/refusal-book'
import { Remembered } from './usecases/remembered'

export type WebParts = Parts & {
  readonly log: Log
  readonly traffic: Traffic
  readonly activity: ClientActivity
  readonly refusals: RefusalBook
  readonly samlTrace: SamlTraceBook
  readonly samlVerifier: SamlVerifier
  readonly metrics: Registry
  readonly isStopping: () => boolean
}

const minute = 60

/** Passwords of unknown browsers under way on this node; more than are hashed at once, so that no thread waits. */
const guessesAtOnce = 8

/** Every door in front of the use cases. */
export function webApp(parts: WebParts, config: Config): Express {
  const { baseUrl, rateLimits } = config
  const cookies = cookiesFor(baseUrl)
  const guard = forgeryGuard({ ...parts, cookies }, baseUrl)
  const gate = clientGate(
    { ...parts, tokens: new TokenMemory(parts) },
    guessLimit(rateLimits, 20, minute),
    rateLimits ? requestLimit(parts.clock, config.scimRequestsPerSecond) : noRequestLimit,
  )
  const app = bareApp()
  app.set('trust proxy', [...config.trustedProxies])
  const context = requestContext(parts.log, requestMetrics(parts.metrics), parts.traffic)
  // first, for it is asked most, and without what only browsers need
  app.use('/scim/v2', context, scimDoor({ ...parts, cookies, gate, guard }, baseUrl))
  if (config.managementPort === undefined) app.use(healthDoor(parts))
  app.use(context, showRequestId)
  const publication = new Remembered(parts.clock, () => readPublication(parts))
  app.use(...securityHeaders(baseUrl.startsWith('https:'), async () => (await publication.get()).clickjackingProtection))
  app.use(guard.offer)
  app.use('/api/v1', adminDoor({ ...parts, cookies, gate, guard }, baseUrl))
  app.use(oauthDoor({ ...parts, gate }, baseUrl))
  // whatever a browser sends to what follows; an identity provider's Response comes from another site, and is judged by itself
  app.use(guard.require(refuseForgery, (req) => /^\/saml\/acs\/?$/i.test(req.path)))
  app.use('/saml', samlDoor({ ...parts, cookies }, baseUrl))
  const resetRequests = guessLimit(rateLimits, 20, 60 * minute)
  app.use(sessionDoor({ ...parts, cookies, rateLimits, guessTurns: turns(guessesAtOnce), resetRequests }))
  app.use(pageFailure)
  return app
}

/** Probes and metrics alone: on a port of their own, and for a node that only works. */
export function managementApp(parts: WebParts): Express {
  const app = bareApp()
  app.use(healthDoor(parts))
  return app
}

function bareApp(): Express {
  const app = express()
  app.disable('x-powered-by')
  app.set('etag', false) // versions are our ETags; hashing every body would cost and say nothing
  return app
}
