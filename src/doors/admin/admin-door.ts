import express, { type ErrorRequestHandler, type Request, type Response, type Router } from 'express'
import type { Actor } from '../../domain/access/actor'
import type { GuideFiles } from '../../ports/guide-files'
import { mustSetUpTwoStep } from '../../usecases/access/two-step-admin'
import { showGroupSync } from '../../usecases/mirror/show-group-sync'
import { showMirror } from '../../usecases/mirror/show-mirror'
import { startGroupSync } from '../../usecases/mirror/start-group-sync'
import type { PasswordDeps } from '../../usecases/access/password-check'
import { openApi } from '../../wire/admin/openapi'
import { presentProblem, type Problem } from '../../wire/admin/problem'
import { bearerToken, TooMany, type ClientGate } from '../bearer'
import { formToken, isNoBrowser, type ForgeryGuard } from '../forgery'
import { contextOf, httpError } from '../request'
import { actorOfSession, sessionOf, type SessionDeps } from '../session-of'
import { clientRoutes } from './clients'
import { explainRoutes } from './explain'
import { idpGuideRoutes } from './idp-guides'
import { publicationRoutes } from './publication'
import { sessionRoutes } from './sessions'
import { passwordRoutes } from './passwords'
import { presentRun, presentSync } from './present-sync'
import { provisioningRoutes } from './provisioning'
import { samlRoutes, type SamlAdminDeps } from './saml'
import { Refusal, refuseMethod } from './refusal'
import { signInSettingsRoutes } from './sign-in-settings'
import { systemMailRoutes, type SystemMailDeps } from './system-mail'
import { twoStepSettingsRoutes, userTwoStepRoutes } from './two-step'

export type AdminDeps = SessionDeps &
  SamlAdminDeps &
  SystemMailDeps &
  PasswordDeps & { readonly guard: ForgeryGuard; readonly gate: ClientGate; readonly guides: GuideFiles }

/**
 * `/api/v1`: the administration, for the session of a common administrator or a token with the scope `admin`. Failures are
 * problem+json (RFC 9457).
 */
export function adminDoor(deps: AdminDeps, baseUrl: string): Router {
  const router = express.Router()
  router.use((_req, res, next) => {
    res.setHeader('Cache-Control', 'no-store')
    next()
  })
  router.get('/openapi.json', (_req, res) => void res.json(openApi(baseUrl)))
  router.use(
    deps.guard.require((_req, _res, why) => {
      throw why === 'origin'
        ? new Refusal(403, 'crossSite', 'Another site', 'This request came from another site. Send it from Kagami itself.')
        : new Refusal(403, 'noCsrfToken', 'No token of the session', 'Send X-CSRF-Token: the csrfToken of GET /api/v1/me.')
    }, isNoBrowser(deps.cookies)),
  )

  /** Who is signed in. A temporary password does not hinder the question. */
  router.get('/me', async (req, res) => {
    const session = await sessionOf(deps, req)
    if (!session) throw notSignedIn(res, 'Sign in at /login. A token stands for no person.')
    const { userId: id, loginName, administrator, mustChangePassword, method } = session
    res.json({ id, loginName, administrator, mustChangePassword, method, csrfToken: formToken(res) })
  })

  const actor = (req: Request, res: Response) => actorOf(deps, req, res)
  router.get('/chat/group-sync', async (req, res) => {
    res.json(presentSync(await showGroupSync(deps, await actor(req, res))))
  })
  /** 202 at once; who presses while one runs gets that one. */
  router.post('/chat/group-sync', async (req, res) => {
    const { job, started } = await startGroupSync(deps, await actor(req, res))
    res
      .status(202)
      .location('/api/v1/chat/group-sync')
      .json({ started, run: presentRun(job) })
  })
  router.get('/mirror', async (req, res) => {
    res.json(await showMirror(deps, await actor(req, res)))
  })

  router.use('/clients', clientRoutes(deps, actor))
  router.use('/idp-guides', idpGuideRoutes(deps, actor, baseUrl))
  router.use('/saml', samlRoutes(deps, actor, baseUrl))
  router.use('/provisioning-log', provisioningRoutes(deps, actor))
  router.use('/system-mail', systemMailRoutes(deps, actor))
  router.use('/sign-in-settings', signInSettingsRoutes(deps, actor))
  router.use('/users', explainRoutes(deps, actor))
  router.use('/users', sessionRoutes(deps, actor))
  router.use('/publication', publicationRoutes(deps, actor))
  router.use('/users', passwordRoutes(deps, actor))
  router.use('/users', userTwoStepRoutes(deps, actor))
  router.use('/two-step-settings', twoStepSettingsRoutes(deps, actor))

  for (const [path, allowed] of [
    ['/me', 'GET'],
    ['/chat/group-sync', 'GET, POST'],
    ['/mirror', 'GET'],
  ] as const) {
    router.all(path, refuseMethod(allowed))
  }
  router.use((req) => {
    throw new Refusal(404, 'noSuchEndpoint', 'No such endpoint', `There is no ${req.path} here. See /api/v1/openapi.json.`)
  })
  router.use(failure)
  return router
}

function notSignedIn(
  res: Response,
  mend = 'Sign in at /login, or send "Authorization: Bearer TOKEN" with the scope admin.',
): Refusal {
  res.setHeader('WWW-Authenticate', 'Bearer realm="kagami"')
  return new Refusal(401, 'notSignedIn', 'Not signed in', mend)
}

/** A token when there is one, else the session of the browser. */
async function actorOf(deps: AdminDeps, req: Request, res: Response): Promise<Actor> {
  if (bearerToken(req) !== undefined) {
    const client = await deps.gate.admit(req, res, 'Administration')
    if (client) return client
    throw new Refusal(
      401,
      'unknownToken',
      'Unknown token',
      'The bearer token is not valid. Make one with: kagami token create --scopes admin',
    )
  }
  const session = await sessionOf(deps, req)
  if (!session) throw notSignedIn(res)
  if (session.mustChangePassword) {
    throw new Refusal(403, 'passwordChangeDue', 'Temporary password', 'Change the temporary password at /password first.')
  }
  if (await mustSetUpTwoStep(deps, session)) {
    throw new Refusal(403, 'twoStepDue', 'Two steps are due', 'Set up two-step sign-in at /two-step first.')
  }
  return actorOfSession(session, res)
}

const failure: ErrorRequestHandler = (error: unknown, _req, res, _next) => {
  const context = contextOf(res)
  const known = error instanceof Refusal ? error : (presentProblem(error) ?? requestProblem(error))
  if (!known) context.log.error({ err: error }, 'request failed')
  const { status, title, code, detail, errors }: Problem = known ?? {
    status: 500,
    title: 'Internal error',
    code: 'internal',
    detail: `Something is wrong in Kagami. Its log tells more under the request id ${context.id}.`,
  }
  if (res.headersSent) return void res.destroy() // half an answer must not look like a whole one
  if (error instanceof TooMany) res.setHeader('Retry-After', error.retryAfterSeconds)
  else if (status === 503) res.setHeader('Retry-After', '5')
  res
    .status(status)
    .type('application/problem+json')
    .send(JSON.stringify({ type: 'about:blank', title, status, code, detail, errors, requestId: context.id }))
}

function requestProblem(error: unknown): Problem | undefined {
  if (error instanceof TooMany) {
    const [title, code] =
      error.what === 'guesses' ? ['Too many wrong tokens', 'tooManyGuesses'] : ['Too many requests', 'tooManyRequests']
    return { status: 429, title, code, detail: error.detail }
  }
  const http = httpError(error)
  if (!http) return undefined
  const detail =
    http.type === 'entity.parse.failed'
      ? 'The body is not JSON. Check quotes, commas and brackets.'
      : 'Check address, encoding and length of the request.'
  return { status: http.status, title: 'Unreadable request', code: 'unreadable', detail }
}
