import express, { type Request, type Response, type Router } from 'express'
import type { Actor } from '../../domain/access/actor'
import { hourMs, type Client } from '../../domain/access/client'
import type { TokenKind } from '../../domain/access/token'
import { DomainError } from '../../domain/errors'
import { parseUuid, type ClientId } from '../../domain/ids'
import type { Clock } from '../../ports/clock'
import type { Store } from '../../ports/store'
import { changeClient } from '../../usecases/access/change-client'
import { createClient } from '../../usecases/access/create-client'
import { createToken } from '../../usecases/access/create-token'
import { deleteClient } from '../../usecases/access/delete-client'
import { getClient, listClients, listClientUses } from '../../usecases/access/list-clients'
import { listTokens } from '../../usecases/access/list-tokens'
import { revokeToken } from '../../usecases/access/revoke-token'
import { rotateToken } from '../../usecases/access/rotate-token'
import {
  clientChange,
  clientDraft,
  presentClient,
  presentStatistics,
  presentToken,
  rotation,
  tokenDraft,
} from '../../wire/admin/clients'
import { InvalidInput, parseInput } from '../../wire/admin/parse-input'
import { queryText } from '../request'
import { refuseMethod } from './refusal'
import { ifMatch, jsonBody } from './request-body'

type Deps = { readonly store: Store; readonly clock: Clock }
type ActorOf = (req: Request, res: Response) => Promise<Actor>

/** `/api/v1/clients`: clients, their tokens and secrets, and what they did. A token is in one answer only: that which made it. */
export function clientRoutes(deps: Deps, actorOf: ActorOf): Router {
  const router = express.Router()
  const body = express.json({ type: ['application/json', 'application/merge-patch+json'], limit: '64kb' })

  router
    .route('/')
    .get(async (req, res) => {
      const clients = await listClients(deps, await actorOf(req, res))
      res.json({ clients: clients.map(presentClient) })
    })
    .post(body, async (req, res) => {
      const actor = await actorOf(req, res)
      const client = await createClient(deps, actor, parseInput(clientDraft, jsonBody(req)))
      res.status(201).location(`/api/v1/clients/${client.id}`)
      sendClient(res, client)
    })
    .all(refuseMethod('GET, POST'))

  router
    .route('/:client')
    .get(async (req, res) => sendClient(res, await getClient(deps, await actorOf(req, res), clientIdOf(req))))
    .patch(body, async (req, res) => {
      const actor = await actorOf(req, res)
      sendClient(res, await changeClient(deps, actor, clientIdOf(req), parseInput(clientChange, jsonBody(req)), ifMatch(req)))
    })
    .delete(async (req, res) => {
      await deleteClient(deps, await actorOf(req, res), clientIdOf(req), ifMatch(req))
      res.status(204).end()
    })
    .all(refuseMethod('GET, PATCH, DELETE'))

  router
    .route('/:client/statistics')
    .get(async (req, res) => {
      const actor = await actorOf(req, res)
      const client = await getClient(deps, actor, clientIdOf(req))
      const to = instant(req, 'to') ?? deps.clock.now()
      const hours = { from: instant(req, 'from') ?? to - 7 * 24 * hourMs, to }
      res.json(presentStatistics(client, await listClientUses(deps, actor, client.id, hours.from, hours.to), hours))
    })
    .all(refuseMethod('GET'))

  tokenRoutes(router, deps, actorOf, body, 'tokens', 'token')
  tokenRoutes(router, deps, actorOf, body, 'secrets', 'secret')
  return router
}

/** Tokens and secrets are handled alike. */
function tokenRoutes(
  router: Router,
  deps: Deps,
  actorOf: ActorOf,
  body: ReturnType<typeof express.json>,
  path: 'tokens' | 'secrets',
  kind: TokenKind,
): void {
  const present = (made: Awaited<ReturnType<typeof createToken>>) => ({
    ...presentToken(made.row, deps.clock.now()),
    [kind]: made.token,
    ...(kind === 'secret' ? { clientId: made.row.clientId } : {}),
  })
  const tokenOf = (req: Request) => ({ clientId: clientIdOf(req), kind })

  router
    .route(`/:client/${path}`)
    .get(async (req, res) => {
      const actor = await actorOf(req, res)
      const { id } = await getClient(deps, actor, clientIdOf(req))
      const tokens = (await listTokens(deps, actor, id)).filter((token) => token.kind === kind)
      res.json({ [path]: tokens.map((token) => presentToken(token, deps.clock.now())) })
    })
    .post(body, async (req, res) => {
      const actor = await actorOf(req, res)
      const { scopes, expiresAt } = parseInput(tokenDraft, jsonBody(req))
      const draft = { kind, clientId: clientIdOf(req), scopes, ...(expiresAt === undefined ? {} : { expiresAt }) }
      res.status(201).json(present(await createToken(deps, actor, draft)))
    })
    .all(refuseMethod('GET, POST'))

  router
    .route(`/:client/${path}/:token`)
    .delete(async (req, res) => {
      await revokeToken(deps, await actorOf(req, res), req.params.token, tokenOf(req))
      res.status(204).end()
    })
    .all(refuseMethod('DELETE'))

  router
    .route(`/:client/${path}/:token/rotate`)
    .post(body, async (req, res) => {
      const actor = await actorOf(req, res)
      const { overlapSeconds, expiresAt } = parseInput(rotation, jsonBody(req) ?? {})
      const made = await rotateToken(deps, actor, req.params.token, {
        ...tokenOf(req),
        ...(overlapSeconds === undefined ? {} : { overlapMs: overlapSeconds * 1000 }),
        ...(expiresAt === undefined ? {} : { expiresAt }),
      })
      res
        .status(201)
        .json({ ...present(made), replaces: req.params.token, replacedEndsAt: new Date(made.oldEndsAt).toISOString() })
    })
    .all(refuseMethod('POST'))
}

function sendClient(res: Response, client: Client): void {
  res.set('ETag', `"${client.version}"`).json(presentClient(client))
}

/** An id only: in an address a name would be another thing tomorrow. @throws DomainError clientNotFound */
function clientIdOf(req: Request): ClientId {
  const text = String(req.params['client'])
  const id = parseUuid(text)
  if (id === undefined) throw new DomainError('clientNotFound', `There is no client ${text}. See: GET /api/v1/clients`)
  return id as ClientId
}

/** @throws InvalidInput */
function instant(req: Request, name: string): number | undefined {
  const text = queryText(req, name)
  if (text === undefined) return undefined
  const at = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : NaN
  if (Number.isNaN(at)) throw new InvalidInput([{ field: name, detail: 'Send a time such as 2027-01-31T00:00:00Z.' }])
  return at
}
