import { isUtf8 } from 'node:buffer'
import express, { type ErrorRequestHandler, type Request, type RequestHandler, type Response, type Router } from 'express'
import type { Clock } from '../../ports/clock'
import type { Passwords } from '../../ports/passwords'
import type { Secrets } from '../../ports/secrets'
import type { Store } from '../../ports/store'
import type { Traffic } from '../../ports/traffic'
import type { RefusalBook } from '../../usecases/audit/refusal-book'
import { bulkLimits } from '../../wire/scim/bulk'
import { bodyLimits } from '../../wire/scim/discovery'
import { errorBody, presentError, type ErrorAnswer } from '../../wire/scim/present-error'
import { ScimError } from '../../wire/scim/scim-error'
import { bearerToken, TooMany, type ClientGate } from '../bearer'
import type { Cookies } from '../cookies'
import type { ForgeryGuard } from '../forgery'
import { contextOf, httpError } from '../request'
import { sendError } from './answer'
import { refuseOtherMethods } from './asked'
import { bulkRoute } from './bulk'
import { discoveryRoutes } from './discovery'
import { groupRoutes } from './groups'
import { listRoutes } from './lists'
import { meRoutes } from './me'
import { refusalOf } from './note-refusal'
import { groupOperations, userOperations } from './operations'
import { resourceRoutes } from './resource-routes'
import { userRoutes } from './users'

export type ScimDeps = {
  readonly store: Store
  readonly clock: Clock
  readonly passwords: Passwords
  readonly leaverDays: number
  readonly secrets: Secrets
  readonly gate: ClientGate
  readonly cookies: Cookies
  readonly guard: ForgeryGuard
  readonly traffic: Traffic
  readonly refusals: RefusalBook
}

const endpoints = ['/Users', '/Groups', '/Me', '/Bulk', '/.search', '/Schemas', '/ResourceTypes', '/ServiceProviderConfig']

/** Where this door is in the address. */
const mount = '/scim/v2'

const mediaTypes = ['application/scim+json', 'application/json']

/**
 * `/scim/v2` (RFC 7644). Every failure is a SCIM error that says what is wrong and how to mend it.
 *
 * @param baseUrl of the installation; locations are made from it, never from the Host header
 */
export function scimDoor(deps: ScimDeps, baseUrl: string): Router {
  const base = `${baseUrl}${mount}`
  const users = userOperations(deps)
  const groups = groupOperations(deps)
  const router = express.Router()
  const before = (resource: string, limit: number) => {
    const read = promised(body(limit))
    return async (req: Request, res: Response) => {
      await authenticate(deps, req, res, resource)
      if (hasBody(req)) await read(req, res)
    }
  }
  router.use('/Users', resourceRoutes(`${mount}/Users`, before('User', bodyLimits.userBytes), userRoutes(deps, users, base)))
  router.use(
    '/Groups',
    resourceRoutes(`${mount}/Groups`, before('Group', bodyLimits.groupBytes), groupRoutes(deps, groups, base)),
  )
  router.use('/Me', meRoutes(deps, users, body(bodyLimits.userBytes), baseUrl))
  router.use(async (req, res, next) => {
    await authenticate(deps, req, res)
    next()
  })
  // behind what is asked for all the time: each of these paths would be looked at
  router.post('/Bulk', body(bulkLimits.bytes), bulkRoute(deps, { User: users, Group: groups }, base))
  refuseOtherMethods(router, '/Bulk', 'POST')
  const all = listRoutes(deps, base, ['User', 'Group'])
  router.get('/', all.get)
  router.post('/.search', body(bodyLimits.userBytes), all.search)
  refuseOtherMethods(router, '/', 'GET')
  refuseOtherMethods(router, '/.search', 'POST')
  router.all('/Me', () => {
    throw new ScimError(404, undefined, 'A token stands for no person. Ask for /Users/ID, or sign in and come without a token.')
  })
  router.use(discoveryRoutes(base))
  router.use((req) => {
    throw new ScimError(404, undefined, `There is no endpoint ${req.path}. Use ${endpoints.join(', ')}.`)
  })
  router.use(failure(deps.refusals))
  return router
}

/**
 * RFC 6750: a token that is missing, unknown, expired or revoked is told apart no further.
 *
 * @param resource what is asked for, in the statistics of the client; absent: the path tells
 */
async function authenticate(deps: ScimDeps, req: Request, res: Response, resource?: string): Promise<void> {
  const actor = await deps.gate.admit(req, res, req.path.endsWith('/.search') ? 'Search' : (resource ?? resourceOf(req.path)))
  if (actor) {
    res.locals['actor'] = actor
    return
  }
  const bearer = bearerToken(req)
  res.setHeader('WWW-Authenticate', bearer ? 'Bearer realm="scim", error="invalid_token"' : 'Bearer realm="scim"')
  throw new ScimError(
    401,
    undefined,
    bearer
      ? 'The bearer token is not valid. Make one with: kagami token create'
      : 'Send the header "Authorization: Bearer TOKEN". Make a token with: kagami token create',
  )
}

const resourceOf = (path: string) => resources.get(path.split('/', 2)[1]!) ?? 'Other'

const resources: ReadonlyMap<string, string> = new Map([
  ['', 'Search'],
  ['Bulk', 'Bulk'],
  ['Me', 'Me'],
  ['ServiceProviderConfig', 'Discovery'],
  ['ResourceTypes', 'Discovery'],
  ['Schemas', 'Discovery'],
])

/** JSON of either type; any other is refused before it is read. */
function body(limit: number): RequestHandler {
  const parse = express.json({ type: mediaTypes, limit, strict: false, verify: requireUtf8 })
  return (req, res, next) => {
    if (!hasBody(req)) return next()
    if (!['GET', 'HEAD', 'DELETE'].includes(req.method) && !req.is(mediaTypes)) {
      throw new ScimError(415, undefined, 'Send the body as application/scim+json (or application/json).')
    }
    return parse(req, res, next)
  }
}

const hasBody = ({ headers }: Request) =>
  headers['content-length'] !== undefined ? headers['content-length'] !== '0' : 'transfer-encoding' in headers

const promised = (handler: RequestHandler) => (req: Request, res: Response) =>
  new Promise<void>((resolve, reject) => {
    handler(req, res, (error?: unknown) => (error instanceof Error ? reject(error) : resolve()))
  })

/** Half a character would become U+FFFD, and stay in somebody's name. */
function requireUtf8(_req: unknown, _res: unknown, bytes: Buffer, encoding: string): void {
  if (encoding === 'utf-8' && !isUtf8(bytes))
    throw new ScimError(400, 'invalidSyntax', 'The body is not UTF-8. Send it as UTF-8 (RFC 7644 §3.1).')
}

function failure(refusals: RefusalBook): ErrorRequestHandler {
  return (error: unknown, req, res, _next) => {
    const context = contextOf(res)
    const answer = presentError(error) ?? parserError(error)
    if (!answer) context.log.error({ err: error }, 'request failed')
    else refusals.note(refusalOf(req, res, answer, error instanceof TooMany ? error.actor : undefined))
    const { status } = answer ?? { status: 500 }
    if (res.headersSent) return void res.destroy() // half an answer must not look like a whole one
    if (error instanceof TooMany) res.setHeader('Retry-After', error.retryAfterSeconds)
    else if (status === 503) res.setHeader('Retry-After', '5')
    sendError(
      req,
      res,
      answer ?? errorBody(500, undefined, `Something is wrong in Kagami. Its log tells more under the request id ${context.id}.`),
    )
  }
}

function parserError(error: unknown): ErrorAnswer | undefined {
  if (error instanceof TooMany) return errorBody(429, undefined, error.detail)
  const http = httpError(error)
  if (!http) return undefined
  if (http.type === 'entity.too.large') {
    return errorBody(
      413,
      undefined,
      `The body is larger than ${http.limit ?? 0} bytes. Leave out what is not needed, or split it into several requests.`,
    )
  }
  if (http.type === 'entity.parse.failed')
    return errorBody(400, 'invalidSyntax', 'The body is not JSON. Check quotes, commas and brackets.')
  return errorBody(
    http.status,
    http.status === 400 ? 'invalidSyntax' : undefined,
    'The request cannot be read. Check its address, encoding and length.',
  )
}
