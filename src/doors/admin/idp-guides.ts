import express, { type Request, type Response, type Router } from 'express'
import type { Actor } from '../../domain/access/actor'
import { findIdpGuideName } from '../../domain/access/idp-guide'
import type { GuideFiles } from '../../ports/guide-files'
import { idpGuide, listIdpGuides } from '../../usecases/access/idp-guide'
import { guideParameters } from '../../wire/admin/idp-guides'
import { parseInput } from '../../wire/admin/parse-input'
import { languageOf } from '../html'
import { Refusal, refuseMethod } from './refusal'

type ActorOf = (req: Request, res: Response) => Promise<Actor>

/** `/api/v1/idp-guides`: how to connect an identity provider, with the addresses of this installation. */
export function idpGuideRoutes(deps: { readonly guides: GuideFiles }, actorOf: ActorOf, baseUrl: string): Router {
  const router = express.Router()
  router
    .route('/')
    .get(async (req, res) => {
      res.json({ guides: listIdpGuides(await actorOf(req, res)) })
    })
    .all(refuseMethod('GET'))

  router
    .route('/:name')
    .get(async (req, res) => {
      const actor = await actorOf(req, res)
      const { language = languageOf(req) === 'ja' ? 'ja' : 'en' } = parseInput(guideParameters, req.query)
      const name = findIdpGuideName(req.params.name)
      if (!name) {
        const detail = `There is no guide ${req.params.name}. See: GET /api/v1/idp-guides`
        throw new Refusal(404, 'guideNotFound', 'No such guide', detail)
      }
      const guide = await idpGuide(deps, actor, name, language, baseUrl)
      res.set({ 'Content-Language': language, Vary: 'Accept-Language' }).type('text/markdown; charset=utf-8').send(guide)
    })
    .all(refuseMethod('GET'))
  return router
}
