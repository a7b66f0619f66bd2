import express, { type RequestHandler, type Response, type Router } from 'express'
import type { Actor } from '../../domain/access/actor'
import { mustSetUpTwoStep } from '../../usecases/access/two-step-admin'
import { getOwnUser } from '../../usecases/directory/get-own-user'
import type { UserView } from '../../ports/store/directory'
import { ScimError } from '../../wire/scim/scim-error'
import { bearerToken } from '../bearer'
import { actorOfSession, sessionOf } from '../session-of'
import { sendEmpty } from './answer'
import { actorOf, ifMatch, isKnown, refuseOtherMethods } from './asked'
import type { Operations } from './operations'
import type { ScimDeps } from './scim-door'
import { sendUser } from './users'

type Person = Extract<Actor, { readonly kind: 'user' }>

/**
 * `/Me` (RFC 7644 §3.11) for who is signed in at this browser: he reads himself; only a common administrator changes himself here. Who
 * comes with a token, or with nothing, goes on to where tokens are judged.
 */
export function meRoutes(deps: ScimDeps, users: Operations<UserView>, body: RequestHandler, baseUrl: string): Router {
  const base = `${baseUrl}/scim/v2`
  const router = express.Router()
  router.use(async (req, res, next) => {
    const session = bearerToken(req) === undefined ? await sessionOf(deps, req) : undefined
    if (!session) return next('router')
    if (session.mustChangePassword)
      throw new ScimError(403, undefined, 'The password is temporary. Change it at /password first.')
    if (await mustSetUpTwoStep(deps, session))
      throw new ScimError(403, undefined, 'Two steps are due. Set up two-step sign-in at /two-step first.')
    res.locals['actor'] = actorOfSession(session, res)
    next()
  })
  router.use(
    deps.guard.require((_req, _res, why) => {
      const mend = why === 'origin' ? 'Send it from Kagami itself.' : 'Send X-CSRF-Token: the csrfToken of GET /api/v1/me.'
      throw new ScimError(403, undefined, `This request did not come from a page of this session. ${mend}`)
    }),
    body,
  )
  const personOf = (res: Response) => actorOf(res) as Person

  router.get('/', async (req, res) => {
    const view = await getOwnUser(deps, personOf(res))
    const { id, version } = view.user
    sendUser(req, res, isKnown(req, version) ? 304 : 200, { id, version, resource: view }, base)
  })
  router.put('/', async (req, res) => {
    const person = personOf(res)
    sendUser(req, res, 200, await users.replace(person, person.userId, req.body, ifMatch(req)), base)
  })
  router.patch('/', async (req, res) => {
    const person = personOf(res)
    sendUser(req, res, 200, await users.patch(person, person.userId, req.body, ifMatch(req)), base)
  })
  router.delete('/', async (req, res) => {
    const person = personOf(res)
    await users.remove(person, person.userId, ifMatch(req))
    sendEmpty(res, 204)
  })
  router.post('/', (_req, res) => {
    if (personOf(res).administrator)
      throw new ScimError(409, 'uniqueness', 'You are in the directory already. Create others at /Users.')
    throw new ScimError(403, undefined, 'Only a common administrator may create people, at /Users.')
  })
  refuseOtherMethods(router, '/', 'GET, POST, PUT, PATCH, DELETE')
  return router
}
