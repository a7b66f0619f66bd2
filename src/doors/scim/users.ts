import express, { type Request, type RequestHandler, type Response, type Router } from 'express'
import type { Actor } from '../../domain/access/actor'
import type { Version } from '../../domain/brand'
import { parseUuid, type UserId } from '../../domain/ids'
import { createUser } from '../../usecases/directory/create-user'
import { deleteUser } from '../../usecases/directory/delete-user'
import { editUser } from '../../usecases/directory/edit-user'
import { getUser } from '../../usecases/directory/get-user'
import { listUsers } from '../../usecases/directory/list-users'
import type { UserView } from '../../usecases/directory/user-view'
import { parseEtags, presentEtag } from '../../wire/scim/etag'
import { parseList } from '../../wire/scim/parse-list'
import { parseUser, replacingEdit } from '../../wire/scim/parse-user'
import { parseUserPatch } from '../../wire/scim/parse-user-patch'
import { presentUser } from '../../wire/scim/present-user'
import { parseProjection, shows, type Projection } from '../../wire/scim/projection'
import { ScimError } from '../../wire/scim/scim-error'
import { listUrn } from '../../wire/scim/urns'
import { queryText } from '../request'
import { sendScim } from './answer'
import type { ScimDeps } from './scim-door'

/** `/Users`. The body is parsed once, here; nothing behind these lines knows JSON or an identity provider's dialect. */
export function userRoutes(deps: ScimDeps, base: string): Router {
  const router = express.Router()
  const send = (req: Request, res: Response, status: number, view: UserView) => {
    res.setHeader('ETag', presentEtag(view.user.version))
    res.setHeader(status === 201 ? 'Location' : 'Content-Location', `${base}/Users/${view.user.id}`)
    sendScim(req, res, status, presentUser(view, base, projectionOf(req)))
  }

  router.post('/', async (req, res) => {
    send(req, res, 201, await createUser(deps, actorOf(res), parseUser(req.body)))
  })

  router.get('/', async (req, res) => {
    const projection = projectionOf(req)
    const query = parseList('User', listParameters(req))
    const page = await listUsers(deps, actorOf(res), query, shows(projection, 'groups'))
    sendScim(req, res, 200, {
      schemas: [listUrn],
      totalResults: page.total,
      startIndex: query.startIndex,
      itemsPerPage: page.items.length,
      Resources: page.items.map((view) => presentUser(view, base, projection)),
    })
  })

  router.get('/:id', async (req, res) => {
    const view = await getUser(deps, actorOf(res), userIdOf(req))
    if (isKnown(req, view.user.version)) return notModified(res, view.user.version)
    send(req, res, 200, view)
  })

  router.put('/:id', async (req, res) => {
    send(req, res, 200, await editUser(deps, actorOf(res), userIdOf(req), replacingEdit(parseUser(req.body)), ifMatch(req)))
  })

  router.patch('/:id', async (req, res) => {
    const id = userIdOf(req)
    send(req, res, 200, await editUser(deps, actorOf(res), id, parseUserPatch(req.body, id), ifMatch(req)))
  })

  router.delete('/:id', async (req, res) => {
    await deleteUser(deps, actorOf(res), userIdOf(req), ifMatch(req))
    res.status(204).end()
  })

  refuseOtherMethods(router)
  return router
}

export const actorOf = (res: Response) => res.locals['actor'] as Actor

export const ifMatch = (req: Request) => parseEtags(req.headers['if-match'])

export const projectionOf = (req: Request, kind: 'User' | 'Group' = 'User'): Projection =>
  parseProjection(kind, queryText(req, 'attributes'), queryText(req, 'excludedAttributes'))

export const listParameters = (req: Request) =>
  Object.fromEntries(['filter', 'sortBy', 'sortOrder', 'startIndex', 'count'].map((name) => [name, queryText(req, name)]))

/** If-None-Match names the version there is (RFC 7644 §3.14). */
export function isKnown(req: Request, version: Version): boolean {
  const header = req.headers['if-none-match']
  if (header === undefined) return false
  const tags = parseEtags(header)
  return tags === undefined || tags.includes(version)
}

export function notModified(res: Response, version: Version): void {
  res.setHeader('ETag', presentEtag(version))
  res.status(304).end()
}

export function refuseOtherMethods(router: Router): void {
  const refuse =
    (allowed: string): RequestHandler =>
    (req, res) => {
      res.setHeader('Allow', allowed)
      throw new ScimError(405, undefined, `${req.method} is not possible here. Possible: ${allowed}.`)
    }
  router.all('/', refuse('GET, POST'))
  router.all('/:id', refuse('GET, PUT, PATCH, DELETE'))
}

function userIdOf(req: Request): UserId {
  const id = parseUuid(String(req.params['id']))
  if (id === undefined) throw new ScimError(404, undefined, `There is no user ${String(req.params['id']).slice(0, 80)}.`)
  return id as UserId
}
