import type { Request, Response } from 'express'
import type { Group } from '../../domain/directory/group'
import { getGroup } from '../../usecases/directory/get-group'
import { queryText } from '../request'
import { resourceHeaders, sendEmpty, sendPieces } from './answer'
import { actorOf, ifMatch, isKnown, mayRead, projectionOf } from './asked'
import { groupText } from './group-text'
import { listRoutes } from './lists'
import { groupId, type Operations, type Written } from './operations'
import type { ResourceRoutes } from './resource-routes'
import type { ScimDeps } from './scim-door'

/** `/Groups`. Members are touched only by what names them, and read only where the answer shows them. */
export function groupRoutes(deps: ScimDeps, groups: Operations<Group>, base: string): ResourceRoutes {
  /** Who may only write gets no body. */
  const send = async (req: Request, res: Response, status: number, { id, version, resource }: Written<Group>) => {
    const actor = actorOf(res)
    const group = mayRead(actor, 'Group') && status !== 304 ? (resource ?? (await getGroup(deps, actor, groupId(id)))) : undefined
    const headers = resourceHeaders(`${base}/Groups/${id}`, group?.version ?? version)
    if (!group) return sendEmpty(res, status === 200 ? 204 : status, headers)
    await sendPieces(req, res, status, groupText(deps, actor, group, base, projectionOf(req, 'Group')), headers)
  }

  const list = listRoutes(deps, base, ['Group'])
  return {
    '/': {
      GET: list.get,
      POST: async (req, res) => send(req, res, 201, await groups.create(actorOf(res), req.body)),
    },
    '/.search': { POST: list.search },
    '/:id': {
      GET: async (req, res, text) => {
        const group = await getGroup(deps, actorOf(res), groupId(text))
        await send(req, res, isKnown(req, group.version) ? 304 : 200, { id: group.id, version: group.version, resource: group })
      },
      PUT: async (req, res, id) => send(req, res, 200, await groups.replace(actorOf(res), id, req.body, ifMatch(req))),
      /** 204 without a body: the members are not loaded to be echoed; asked for attributes, it answers them (RFC 7644 §3.5.2). */
      PATCH: async (req, res, id) => {
        const written = await groups.patch(actorOf(res), id, req.body, ifMatch(req))
        if (queryText(req, 'attributes') !== undefined) return send(req, res, 200, written)
        sendEmpty(res, 204, resourceHeaders(`${base}/Groups/${written.id}`, written.version))
      },
      DELETE: async (req, res, id) => {
        await groups.remove(actorOf(res), id, ifMatch(req))
        sendEmpty(res, 204)
      },
    },
  }
}
