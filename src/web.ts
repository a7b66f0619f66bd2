import express, { type Express } from 'express'
import helmet from 'helmet'
import type { Registry } from 'prom-client'
import type { Parts } from './assemble'
import type { Config } from './config'
import { adminDoor } from './doors/admin/admin-door'
import { clientGate } from './doors/bearer'
import { cookiesFor } from './doors/cookies'
import { guessLimit } from './doors/guess-limit'
import { healthDoor } from './doors/health/health-door'
import { requestMetrics } from './doors/health/metrics'
import { oauthDoor } from './doors/oauth/oauth-door'
import { requestContext, showRequestId } from './doors/request'
import { noRequestLimit, requestLimit } from './doors/request-limit'
import { samlDoor } from './doors/saml/saml-door'
import { scimDoor } from './doors/scim/scim-door'
import { sessionDoor } from './doors/session/session-door'
import type { Log } from './ports/log'
import type { SamlVerifier } from './ports/saml-verifier'
import type { Traffic } from './ports/traffic'
import { TokenMemory } from './usecases/access/authenticate-token'
import type { ClientActivity } from './usecases/access/client-activity'
import type { SamlTraceBook } from './usecases/access/saml-trace'
import type { RefusalBook } from './usecases/audit/refusal-book'

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

/** Every door in front of the use cases. */
export function webApp(parts: WebParts, config: Config): Express {
  const { baseUrl, rateLimits } = config
  const cookies = cookiesFor(baseUrl)
  const gate = clientGate(
    { ...parts, tokens: new TokenMemory(parts) },
    guessLimit(rateLimits, 20, minute),
    rateLimits ? requestLimit(parts.clock, config.scimRequestsPerSecond) : noRequestLimit,
  )
  const app = bareApp()
  app.set('trust proxy', [...config.trustedProxies])
  const context = requestContext(parts.log, requestMetrics(parts.metrics), parts.traffic)
  // first, for it is asked most, and without what only browsers need
  app.use('/scim/v2', context, scimDoor({ ...parts, cookies, gate }, baseUrl))
  if (config.managementPort === undefined) app.use(healthDoor(parts))
  app.use(context, showRequestId)
  app.use(
    helmet({
      contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'self'"] } },
      strictTransportSecurity: baseUrl.startsWith('https:'),
    }),
  )
  app.use('/api/v1', adminDoor({ ...parts, cookies, gate }, baseUrl))
  app.use(oauthDoor({ ...parts, gate }, baseUrl))
  app.use('/saml', samlDoor({ ...parts, cookies }, baseUrl))
  app.use(sessionDoor({ ...parts, cookies, rateLimits }, baseUrl))
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
