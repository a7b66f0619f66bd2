import express, { type Request, type Response, type Router } from 'express'
import type { Group } from '../../domain/directory/group'
import { getGroup } from '../../usecases/directory/get-group'
import { queryText } from '../request'
import { sendPieces, setResourceHeaders } from './answer'
import { actorOf, ifMatch, isKnown, mayRead, projectionOf, refuseOtherMethods } from './asked'
import { groupText } from './group-text'
import { listRoutes } from './lists'
import { groupId, type Operations, type Written } from './operations'
import type { ScimDeps } from './scim-door'

/** `/Groups`. Members are touched only by what names them, and read only where the answer shows them. */
export function groupRoutes(deps: ScimDeps, groups: Operations<Group>, base: string): Router {
  const router = express.Router()

  /** Who may only write gets no body. */
  const send = async (req: Request, res: Response, status: number, { id, version, resource }: Written<Group>) => {
    const actor = actorOf(res)
    const group = mayRead(actor, 'Group') && status !== 304 ? (resource ?? (await getGroup(deps, actor, groupId(id)))) : undefined
    setResourceHeaders(res, `${base}/Groups/${id}`, group?.version ?? version, status === 201)
    if (!group) return void res.status(status === 200 ? 204 : status).end()
    await sendPieces(req, res, status, groupText(deps, actor, group, base, projectionOf(req, 'Group')))
  }

  const list = listRoutes(deps, base, ['Group'])
  router.get('/', list.get)
  router.post('/.search', list.search)
  refuseOtherMethods(router, '/.search', 'POST')

  router.post('/', async (req, res) => {
    await send(req, res, 201, await groups.create(actorOf(res), req.body))
  })

  router.get('/:id', async (req, res) => {
    const group = await getGroup(deps, actorOf(res), groupId(req.params.id))
    await send(req, res, isKnown(req, group.version) ? 304 : 200, { id: group.id, version: group.version, resource: group })
  })

  router.put('/:id', async (req, res) => {
    await send(req, res, 200, await groups.replace(actorOf(res), req.params.id, req.body, ifMatch(req)))
  })

  /** 204 without a body: the members are not loaded to be echoed; asked for attributes, it answers them (RFC 7644 §3.5.2). */
  router.patch('/:id', async (req, res) => {
    const written = await groups.patch(actorOf(res), req.params.id, req.body, ifMatch(req))
    if (queryText(req, 'attributes') !== undefined) return send(req, res, 200, written)
    setResourceHeaders(res, `${base}/Groups/${written.id}`, written.version)
    res.status(204).end()
  })

  router.delete('/:id', async (req, res) => {
    await groups.remove(actorOf(res), req.params.id, ifMatch(req))
    res.status(204).end()
  })

  refuseOtherMethods(router, '/', 'GET, POST')
  refuseOtherMethods(router, '/:id', 'GET, PUT, PATCH, DELETE')
  return router
}
