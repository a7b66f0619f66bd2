import express, { type Request, type Response, type Router } from 'express'
import { getUser } from '../../usecases/directory/get-user'
import type { UserView } from '../../usecases/directory/user-view'
import { presentUser } from '../../wire/scim/present-user'
import { sendScim, setResourceHeaders } from './answer'
import { actorOf, ifMatch, isKnown, mayRead, projectionOf, refuseOtherMethods } from './asked'
import { listRoutes } from './lists'
import { userId, type Operations, type Written } from './operations'
import type { ScimDeps } from './scim-door'

/** `/Users`. */
export function userRoutes(deps: ScimDeps, users: Operations<UserView>, base: string): Router {
  const router = express.Router()

  const list = listRoutes(deps, base, ['User'])
  router.get('/', list.get)
  router.post('/.search', list.search)
  refuseOtherMethods(router, '/.search', 'POST')

  router.post('/', async (req, res) => {
    sendUser(req, res, 201, await users.create(actorOf(res), req.body), base)
  })

  router.get('/:id', async (req, res) => {
    const view = await getUser(deps, actorOf(res), userId(req.params.id))
    const { id, version } = view.user
    sendUser(req, res, isKnown(req, version) ? 304 : 200, { id, version, resource: view }, base)
  })

  router.put('/:id', async (req, res) => {
    sendUser(req, res, 200, await users.replace(actorOf(res), req.params.id, req.body, ifMatch(req)), base)
  })

  router.patch('/:id', async (req, res) => {
    sendUser(req, res, 200, await users.patch(actorOf(res), req.params.id, req.body, ifMatch(req)), base)
  })

  router.delete('/:id', async (req, res) => {
    await users.remove(actorOf(res), req.params.id, ifMatch(req))
    res.status(204).end()
  })

  refuseOtherMethods(router, '/', 'GET, POST')
  refuseOtherMethods(router, '/:id', 'GET, PUT, PATCH, DELETE')
  return router
}

/** Who may only write gets no body. */
export function sendUser(req: Request, res: Response, status: number, written: Written<UserView>, base: string): void {
  const { id, version, resource } = written
  setResourceHeaders(res, `${base}/Users/${id}`, version, status === 201)
  if (status === 304) return void res.status(304).end()
  if (!resource || !mayRead(actorOf(res), 'User')) return void res.status(status === 201 ? 201 : 204).end()
  sendScim(req, res, status, presentUser(resource, base, projectionOf(req, 'User')))
}
