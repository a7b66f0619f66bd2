import express, { type ErrorRequestHandler, type Router } from 'express'
import { DomainError } from '../../domain/errors'
import type { Clock } from '../../ports/clock'
import type { Secrets } from '../../ports/secrets'
import { makeAccessToken } from '../../usecases/access/access-token'
import {
  authorizationServer,
  checkGrantType,
  invalidClient,
  narrowScopes,
  OAuthError,
  parseCredentials,
  parseParameters,
} from '../../wire/oauth/token-request'
import { TooMany, type ClientGate } from '../bearer'
import { contextOf, httpError } from '../request'

export type OAuthDeps = { readonly clock: Clock; readonly secrets: Secrets; readonly gate: ClientGate }

const formType = 'application/x-www-form-urlencoded'

/** OAuth 2.0 client credentials (RFC 6749 §4.4) at `/oauth/token`, and where to find it (RFC 8414). */
export function oauthDoor(deps: OAuthDeps, baseUrl: string): Router {
  const router = express.Router()
  router.get('/.well-known/oauth-authorization-server', (_req, res) => void res.json(authorizationServer(baseUrl)))
  router.use('/oauth/token', (_req, res, next) => {
    res.setHeader('Cache-Control', 'no-store')
    res.setHeader('Pragma', 'no-cache')
    next()
  })
  router.post('/oauth/token', express.text({ type: formType, limit: '16kb' }), async (req, res) => {
    if (typeof req.body !== 'string') throw new OAuthError(400, 'invalid_request', `Send the parameters as ${formType}.`)
    const form = parseParameters(req.body)
    const { clientId, secret } = parseCredentials(req.headers.authorization, form)
    const known = await deps.gate.admitSecret(req, res, 'Token', clientId, secret)
    if (!known) throw invalidClient('Client or secret is wrong, or has ended. Make a secret with: kagami token create --secret')
    checkGrantType(form)
    const scopes = narrowScopes(form.get('scope'), known.scopes)
    const { token, expiresInSeconds } = makeAccessToken(deps, known, scopes)
    res.json({ access_token: token, token_type: 'Bearer', expires_in: expiresInSeconds, scope: scopes.join(' ') })
  })
  router.all('/oauth/token', (req, res) => {
    res.setHeader('Allow', 'POST')
    throw new OAuthError(405, 'invalid_request', `${req.method} is not possible here. Only POST is.`)
  })
  router.use('/oauth', failure)
  return router
}

/** RFC 6749 §5.2. */
const failure: ErrorRequestHandler = (error: unknown, _req, res, _next) => {
  const context = contextOf(res)
  const known = presentError(error)
  if (!known) context.log.error({ err: error }, 'request failed')
  const { status, code, detail } =
    known ??
    new OAuthError(500, 'server_error', `Something is wrong in Kagami. Its log tells more under the request id ${context.id}.`)
  if (status === 401) res.setHeader('WWW-Authenticate', 'Basic realm="kagami", charset="UTF-8"')
  if (error instanceof TooMany) res.setHeader('Retry-After', error.retryAfterSeconds)
  else if (status === 503) res.setHeader('Retry-After', '5')
  res.status(status).json({ error: code, error_description: ascii(detail) })
}

function presentError(error: unknown): OAuthError | undefined {
  if (error instanceof OAuthError) return error
  if (error instanceof TooMany) return new OAuthError(429, 'temporarily_unavailable', error.detail)
  if (error instanceof DomainError) {
    return error.code === 'addressNotAllowed'
      ? new OAuthError(400, 'unauthorized_client', error.detail)
      : new OAuthError(503, 'temporarily_unavailable', error.detail)
  }
  const http = httpError(error)
  return http && new OAuthError(http.status, 'invalid_request', 'The request cannot be read. Check its encoding and length.')
}

/** RFC 6749 §5.2 allows no other characters. */
const ascii = (text: string) => text.replaceAll('"', `'`).replaceAll(/[^\x20-\x7e]|\\/g, '?')
