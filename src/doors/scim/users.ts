import type { Request, Response } from 'express'
import { getUser } from '../../usecases/directory/get-user'
import type { UserView } from '../../ports/store/directory'
import { presentUser } from '../../wire/scim/present-user'
import { resourceHeaders, sendEmpty, sendScim } from './answer'
import { actorOf, ifMatch, isKnown, mayRead, projectionOf } from './asked'
import { listRoutes } from './lists'
import { userId, type Operations, type Written } from './operations'
import type { ResourceRoutes } from './resource-routes'
import type { ScimDeps } from './scim-door'

/** `/Users`. */
export function userRoutes(deps: ScimDeps, users: Operations<UserView>, base: string): ResourceRoutes {
  const list = listRoutes(deps, base, ['User'])
  return {
    '/': {
      GET: list.get,
      POST: async (req, res) => sendUser(req, res, 201, await users.create(actorOf(res), req.body), base),
    },
    '/.search': { POST: list.search },
    '/:id': {
      GET: async (req, res, text) => {
        const view = await getUser(deps, actorOf(res), userId(text))
        const { id, version } = view.user
        sendUser(req, res, isKnown(req, version) ? 304 : 200, { id, version, resource: view }, base)
      },
      PUT: async (req, res, id) => sendUser(req, res, 200, await users.replace(actorOf(res), id, req.body, ifMatch(req)), base),
      PATCH: async (req, res, id) => sendUser(req, res, 200, await users.patch(actorOf(res), id, req.body, ifMatch(req)), base),
      DELETE: async (req, res, id) => {
        await users.remove(actorOf(res), id, ifMatch(req))
        sendEmpty(res, 204)
      },
    },
  }
}

/** Who may only write gets no body. */
export function sendUser(req: Request, res: Response, status: number, written: Written<UserView>, base: string): void {
  const { id, version, resource } = written
  const headers = resourceHeaders(`${base}/Users/${id}`, version)
  if (status === 304) return sendEmpty(res, 304, headers)
  if (!resource || !mayRead(actorOf(res), 'User')) return sendEmpty(res, status === 201 ? 201 : 204, headers)
  sendScim(req, res, status, presentUser(resource, base, projectionOf(req, 'User')), headers)
}
