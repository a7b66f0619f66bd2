import express, { type Request, type Response, type Router } from 'express'
import type { Actor } from '../../domain/access/actor'
import type { PasswordDeps } from '../../usecases/access/password-check'
import { setNeverExpires, setPassword, showPassword } from '../../usecases/access/password-set'
import { parseInput } from '../../wire/admin/parse-input'
import { passwordChange, passwordDraft, presentPassword } from '../../wire/admin/passwords'
import { refuseMethod } from './refusal'
import { jsonBody } from './request-body'

/** `/api/v1/users/{id or userName}/password`: an administrator sets it, or says whether it expires (D3, D4). */
export function passwordRoutes(deps: PasswordDeps, actorOf: (req: Request, res: Response) => Promise<Actor>): Router {
  const router = express.Router()
  const body = express.json({ type: ['application/json', 'application/merge-patch+json'], limit: '16kb' })
  router
    .route('/:user/password')
    .get(async (req, res) => {
      res.json(presentPassword(await showPassword(deps, await actorOf(req, res), req.params.user)))
    })
    .put(body, async (req, res) => {
      const actor = await actorOf(req, res)
      res.json(await setPassword(deps, actor, String(req.params['user']), parseInput(passwordDraft, jsonBody(req) ?? {})))
    })
    .patch(body, async (req, res) => {
      const actor = await actorOf(req, res)
      const who = String(req.params['user'])
      await setNeverExpires(deps, actor, who, parseInput(passwordChange, jsonBody(req)).neverExpires)
      res.json(presentPassword(await showPassword(deps, actor, who)))
    })
    .all(refuseMethod('GET, PUT, PATCH'))
  return router
}
