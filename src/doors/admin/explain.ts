import express, { type Request, type Response, type Router } from 'express'
import type { Actor } from '../../domain/access/actor'
import type { Store } from '../../ports/store'
import { explainUser } from '../../usecases/audit/explain-user'
import { presentExplanation } from '../../wire/admin/explanation'
import { refuseMethod } from './refusal'

/** `/api/v1/users/{id or userName}/explain`: where a person is on his way to chat and mail, and what hinders him. */
export function explainRoutes(deps: { readonly store: Store }, actorOf: (req: Request, res: Response) => Promise<Actor>): Router {
  const router = express.Router()
  router
    .route('/:user/explain')
    .get(async (req, res) => {
      res.json(presentExplanation(await explainUser(deps, await actorOf(req, res), req.params.user)))
    })
    .all(refuseMethod('GET'))
  return router
}
