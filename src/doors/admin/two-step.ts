import express, { type Request, type Response, type Router } from 'express'
import type { Actor } from '../../domain/access/actor'
import type { Store } from '../../ports/store'
import {
  requireTwoStep,
  resetTwoStep,
  showTwoStep,
  showTwoStepSettings,
  type TwoStepSettings,
} from '../../usecases/access/two-step-admin'
import { parseInput } from '../../wire/admin/parse-input'
import { presentTwoStep, twoStepSettingsDraft } from '../../wire/admin/two-step'
import { refuseMethod } from './refusal'
import { ifMatch, jsonBody } from './request-body'

type Deps = { readonly store: Store }
type ActorOf = (req: Request, res: Response) => Promise<Actor>

/** `/api/v1/users/{id or userName}/two-step`: what somebody has; taken away from who has lost phone or address (S15). */
export function userTwoStepRoutes(deps: Deps, actorOf: ActorOf): Router {
  const router = express.Router()
  router
    .route('/:user/two-step')
    .get(async (req, res) => {
      res.json(presentTwoStep(await showTwoStep(deps, await actorOf(req, res), req.params.user)))
    })
    .delete(async (req, res) => {
      await resetTwoStep(deps, await actorOf(req, res), req.params.user)
      res.status(204).end()
    })
    .all(refuseMethod('GET, DELETE'))
  return router
}

/** `/api/v1/two-step-settings`: must common administrators use two steps? */
export function twoStepSettingsRoutes(deps: Deps, actorOf: ActorOf): Router {
  const router = express.Router()
  const send = (res: Response, { administratorsMust, version }: TwoStepSettings) =>
    void res.set('ETag', `"${version}"`).json({ administratorsMust })
  router
    .route('/')
    .get(async (req, res) => send(res, await showTwoStepSettings(deps, await actorOf(req, res))))
    .put(express.json({ type: 'application/json', limit: '16kb' }), async (req, res) => {
      const actor = await actorOf(req, res)
      const { administratorsMust } = parseInput(twoStepSettingsDraft, jsonBody(req))
      send(res, await requireTwoStep(deps, actor, administratorsMust, ifMatch(req)))
    })
    .all(refuseMethod('GET, PUT'))
  return router
}
