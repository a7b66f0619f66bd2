import express, { type Request, type Response, type Router } from 'express'
import { z } from 'zod'
import type { Actor } from '../../domain/access/actor'
import type { KeptPublication } from '../../domain/access/publication'
import type { Store } from '../../ports/store'
import { changePublication, showPublication } from '../../usecases/access/publication'
import { parseInput } from '../../wire/admin/parse-input'
import { refuseMethod } from './refusal'
import { ifMatch, jsonBody } from './request-body'

const shape = z.strictObject({ clickjackingProtection: z.boolean('Send true or false.') })

/** `/api/v1/publication`: what other sites may do with ours (S20). */
export function publicationRoutes(
  deps: { readonly store: Store },
  actorOf: (req: Request, res: Response) => Promise<Actor>,
): Router {
  const router = express.Router()
  const body = express.json({ type: ['application/json', 'application/merge-patch+json'], limit: '4kb' })
  const send = (res: Response, { version, ...publication }: KeptPublication) =>
    void res.set('ETag', `"${version}"`).json(publication)
  router
    .route('/')
    .get(async (req, res) => send(res, await showPublication(deps, await actorOf(req, res))))
    .patch(body, async (req, res) => {
      const actor = await actorOf(req, res)
      send(res, await changePublication(deps, actor, parseInput(shape, jsonBody(req)), ifMatch(req)))
    })
    .all(refuseMethod('GET, PATCH'))
  return router
}
