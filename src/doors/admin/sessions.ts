import express, { type Request, type Response, type Router } from 'express'
import type { Actor } from '../../domain/access/actor'
import { DomainError } from '../../domain/errors'
import { parseUuid, type UserId } from '../../domain/ids'
import type { Clock } from '../../ports/clock'
import type { Store } from '../../ports/store'
import { endUserSessions, listUserSessions } from '../../usecases/access/session-list'
import { presentSession } from '../../wire/admin/sessions'
import { refuseMethod } from './refusal'

type Deps = { readonly store: Store; readonly clock: Clock }

/** `/api/v1/users/{id}/sessions`: where somebody is signed in; all or one of them can be ended. */
export function sessionRoutes(deps: Deps, actorOf: (req: Request, res: Response) => Promise<Actor>): Router {
  const router = express.Router()
  router
    .route('/:user/sessions')
    .get(async (req, res) => {
      const sessions = await listUserSessions(deps, await actorOf(req, res), userIdOf(req))
      res.json({ sessions: sessions.map(presentSession) })
    })
    .delete(async (req, res) => {
      await endUserSessions(deps, await actorOf(req, res), userIdOf(req))
      res.status(204).end()
    })
    .all(refuseMethod('GET, DELETE'))
  router
    .route('/:user/sessions/:session')
    .delete(async (req, res) => {
      await endUserSessions(deps, await actorOf(req, res), userIdOf(req), req.params.session)
      res.status(204).end()
    })
    .all(refuseMethod('DELETE'))
  return router
}

/** @throws DomainError userNotFound */
function userIdOf(req: Request): UserId {
  const text = String(req.params['user'])
  const id = parseUuid(text)
  if (id === undefined) throw new DomainError('userNotFound', `There is no user ${text}. Name the id of a user.`)
  return id as UserId
}
