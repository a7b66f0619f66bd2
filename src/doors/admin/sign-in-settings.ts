import express, { type Request, type Response, type Router } from 'express'
import type { Actor } from '../../domain/access/actor'
import type { KeptSignInSettings } from '../../domain/access/sign-in-settings'
import type { Clock } from '../../ports/clock'
import type { Store } from '../../ports/store'
import { changeSignInSettings, showSignInSettings } from '../../usecases/access/sign-in-settings'
import { parseInput } from '../../wire/admin/parse-input'
import { presentSignInSettings, readSignInSettings, signInSettingsDraft } from '../../wire/admin/sign-in-settings'
import { refuseMethod } from './refusal'
import { ifMatch, jsonBody } from './request-body'

type ActorOf = (req: Request, res: Response) => Promise<Actor>

/** `/api/v1/sign-in-settings`: policy of passwords, lockout, sessions (S10–S14). */
export function signInSettingsRoutes(deps: { readonly store: Store; readonly clock: Clock }, actorOf: ActorOf): Router {
  const router = express.Router()
  const send = (res: Response, kept: KeptSignInSettings) =>
    void res.set('ETag', `"${kept.version}"`).json(presentSignInSettings(kept))
  router
    .route('/')
    .get(async (req, res) => send(res, await showSignInSettings(deps, await actorOf(req, res))))
    .put(express.json({ type: 'application/json', limit: '64kb' }), async (req, res) => {
      const actor = await actorOf(req, res)
      const wanted = readSignInSettings(parseInput(signInSettingsDraft, withoutWarnings(jsonBody(req))))
      send(res, await changeSignInSettings(deps, actor, () => wanted, ifMatch(req)))
    })
    .all(refuseMethod('GET, PUT'))
  return router
}

/** What was got may be sent back as it is. */
function withoutWarnings(body: unknown): unknown {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return body
  const { warnings: _, ...rest } = body as Readonly<Record<string, unknown>>
  return rest
}
