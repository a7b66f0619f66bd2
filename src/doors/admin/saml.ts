import express, { type Request, type Response, type Router } from 'express'
import type { Actor } from '../../domain/access/actor'
import type { SamlDraft, SamlState } from '../../domain/access/saml-settings'
import type { SpKeys } from '../../domain/access/sp-key'
import {
  changeSamlDraft,
  disableSaml,
  enableSaml,
  isLocked,
  isTested,
  mayEnable,
  showSaml,
} from '../../usecases/access/saml-change'
import { addNextSpKey, promoteSpKey, retireSpKeys, showSpKeys, type SpKeyDeps } from '../../usecases/access/saml-keys'
import { startSamlTest } from '../../usecases/access/saml-test'
import { getSamlSignIn, listSamlSignIns } from '../../usecases/access/saml-trace'
import { InvalidInput, parseInput } from '../../wire/admin/parse-input'
import {
  emptySamlDraft,
  presentSaml,
  presentSignIn,
  presentSpKey,
  presentWholeSignIn,
  samlChange,
  samlChangeFrom,
  samlEnabling,
} from '../../wire/admin/saml'
import { samlSp } from '../../wire/saml/service-provider'
import { refuseMethod } from './refusal'
import { ifMatch, jsonBody } from './request-body'

export type SamlAdminDeps = SpKeyDeps & { readonly saml: { readonly locked: boolean } }
type ActorOf = (req: Request, res: Response) => Promise<Actor>

/** `/api/v1/saml`: the settings with their draft, the test, the SP keys, and the last sign-ins. */
export function samlRoutes(deps: SamlAdminDeps, actorOf: ActorOf, baseUrl: string): Router {
  const router = express.Router()
  const sp = samlSp(baseUrl)
  // metadata of a federation is large
  const body = express.json({ type: ['application/json', 'application/merge-patch+json'], limit: '2mb' })
  const send = (res: Response, state: SamlState) => {
    const facts = { sp, locked: isLocked(deps, state), mayEnable: mayEnable(state), tested: isTested(state) }
    res.set('ETag', `"${state.version}"`).json(presentSaml(state, { ...facts, now: deps.clock.now() }))
  }
  const change = (from: 'draft' | 'nothing') => async (req: Request, res: Response) => {
    const actor = await actorOf(req, res)
    const applied = samlChangeFrom(parseInput(samlChange, jsonBody(req)), deps.clock.now())
    const changed = (draft: SamlDraft) => applied(from === 'draft' ? draft : emptySamlDraft)
    const state = await changeSamlDraft(deps, actor, changed, ifMatch(req))
    send(res, state)
  }

  router
    .route('/')
    .get(async (req, res) => send(res, await showSaml(deps, await actorOf(req, res))))
    .put(body, change('nothing'))
    .patch(body, change('draft'))
    .all(refuseMethod('GET, PUT, PATCH'))

  router
    .route('/test')
    .post(async (req, res) => {
      const { token, expiresAt } = await startSamlTest(deps, await actorOf(req, res))
      const url = `${baseUrl}/saml/login?test=${token}`
      res.status(201).json({ url, expiresAt: new Date(expiresAt).toISOString() })
    })
    .all(refuseMethod('POST'))

  router
    .route('/enable')
    .post(body, async (req, res) => {
      const actor = await actorOf(req, res)
      const { force, reason } = parseInput(samlEnabling, jsonBody(req) ?? {})
      if (force && reason === undefined)
        throw new InvalidInput([{ field: 'reason', detail: 'Say why the settings are enabled without a test.' }])
      const ifVersions = ifMatch(req)
      const options = { ...(force && reason !== undefined && { force: { reason } }), ...(ifVersions && { ifVersions }) }
      send(res, await enableSaml(deps, actor, options))
    })
    .all(refuseMethod('POST'))

  router
    .route('/disable')
    .post(async (req, res) => send(res, await disableSaml(deps, await actorOf(req, res), ifMatch(req))))
    .all(refuseMethod('POST'))

  const sendKeys = (res: Response, keys: SpKeys) => {
    const now = deps.clock.now()
    res.json({ keys: keys.map((key) => presentSpKey(key, now)) })
  }
  router
    .route('/keys')
    .get(async (req, res) => sendKeys(res, await showSpKeys(deps, await actorOf(req, res))))
    .all(refuseMethod('GET'))
  for (const [step, take] of [
    ['next', addNextSpKey],
    ['promote', promoteSpKey],
    ['retire', retireSpKeys],
  ] as const) {
    router
      .route(`/keys/${step}`)
      .post(async (req, res) => sendKeys(res, await take(deps, await actorOf(req, res))))
      .all(refuseMethod('POST'))
  }

  router
    .route('/sign-ins')
    .get(async (req, res) => {
      const signIns = await listSamlSignIns(deps, await actorOf(req, res))
      res.json({ signIns: signIns.map(presentSignIn) })
    })
    .all(refuseMethod('GET'))
  router
    .route('/sign-ins/:signIn')
    .get(async (req, res) => {
      const actor = await actorOf(req, res)
      res.json(presentWholeSignIn(await getSamlSignIn(deps, actor, req.params.signIn)))
    })
    .all(refuseMethod('GET'))
  return router
}
