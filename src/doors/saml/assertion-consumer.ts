import express, { type ErrorRequestHandler, type Request, type Response, type Router } from 'express'
import type { PendingSaml, SamlIdp, SamlVerdicts, SlashCode } from '../../domain/access/saml'
import { DomainError } from '../../domain/errors'
import { findSamlIdp } from '../../usecases/access/saml-settings'
import type { From, NewSession } from '../../usecases/access/begin-session'
import { signInWithSaml } from '../../usecases/access/sign-in'
import { takeAssertion } from '../../usecases/access/take-assertion'
import { takeAuthnRequest } from '../../usecases/access/take-authn-request'
import type { SamlSp } from '../../wire/saml/service-provider'
import { VerificationKeys } from '../../wire/saml/verification-keys'
import { unreadable, verifyResponse } from '../../wire/saml/verify-response'
import { contextOf, httpError } from '../request'
import { browserOf, sessionCookieSeconds, type SessionDeps } from '../session-of'
import { sendNotConfigured, sendRefusal } from './pages'

export type SamlDeps = SessionDeps

/** A Response of somebody in thousands of groups is 120 KB and more, in base64. */
const bodyLimit = '1mb'

/** The ACS: a Response becomes a session, or a page that says what is wrong with it (S33–S36). RelayState is not looked at. */
export function assertionConsumer(deps: SamlDeps, sp: SamlSp): Router {
  const router = express.Router()
  const keys = new VerificationKeys()
  router.use((req, res, next) => {
    if (req.method === 'POST') return next()
    res.setHeader('Allow', 'POST')
    refuse(req, res, 405, 'SLASH_SA05')
  })
  router.use(express.urlencoded({ extended: false, limit: bodyLimit }))
  router.post('/', async (req, res) => {
    const parameter = (req.body as Readonly<Record<string, unknown>> | undefined)?.['SAMLResponse']
    if (typeof parameter !== 'string' || parameter === '') return refuse(req, res, 400, 'SLASH_SA03')
    const pending = await takeAuthnRequest(deps, deps.cookies.pendingSaml.read(req))
    deps.cookies.pendingSaml.clear(res)
    if (!pending) return refuse(req, res, 400, 'SLASH_SA02')
    const idp = await findSamlIdp(deps)
    if (!idp) return sendNotConfigured(req, res, sp)
    const outcome = await signIn(deps, sp, idp, pending, parameter, browserOf(deps, req, res), keys)
    if (outcome.kind === 'refused') {
      return refuse(req, res, outcome.code === 'SLASH_SA01' ? 403 : 400, outcome.code, outcome.verdicts)
    }
    // the browser keeps back who it knows from a cross-site POST: `/` remembers
    deps.cookies.session.set(res, outcome.session.cookie, sessionCookieSeconds)
    res.set('Cache-Control', 'no-store').redirect(303, pending.returnTo)
  })
  router.use(failure)
  return router
}

type Outcome =
  | { readonly kind: 'signedIn'; readonly session: NewSession }
  | { readonly kind: 'refused'; readonly code: SlashCode; readonly verdicts?: SamlVerdicts }

async function signIn(
  deps: SamlDeps,
  sp: SamlSp,
  idp: SamlIdp,
  pending: PendingSaml,
  parameter: string,
  browser: From,
  keys: VerificationKeys,
): Promise<Outcome> {
  const { entityId, acsUrl } = sp
  const asked = { requestId: pending.id, now: deps.clock.now() }
  const expected = { idp, entityId, acsUrl, ...asked, clockSkewSeconds: 60, allowSha1: false, decryptionKeys: [] }
  const judgement = verifyResponse(parameter, expected, keys)
  if (judgement.kind === 'refused') return judgement
  const { nameId, assertionId, usableUntil } = judgement.assertion
  if (!(await takeAssertion(deps, assertionId, usableUntil))) {
    return { kind: 'refused', code: 'SLASH_SA04', verdicts: [...judgement.verdicts, { name: 'firstUse', passed: false }] }
  }
  const session = await signInWithSaml(deps, { ...browser, ...(pending.replaces && { replaces: pending.replaces }) }, nameId)
  return session ? { kind: 'signedIn', session } : { kind: 'refused', code: 'SLASH_SA01' }
}

const failure: ErrorRequestHandler = (error: unknown, req, res, _next) => {
  const http = httpError(error)
  if (http) {
    const why = http.type === 'entity.too.large' ? `a form of more than ${bodyLimit}` : 'a form that cannot be read'
    return refuse(req, res, http.status, 'SLASH_SA04', unreadable(why).verdicts)
  }
  const isBusy = error instanceof DomainError && error.code.startsWith('store')
  if (isBusy) res.setHeader('Retry-After', 5)
  contextOf(res).log.error({ err: error }, 'SAML sign-in failed')
  refuse(req, res, isBusy ? 503 : 500, 'SLASH_FA01')
}

function refuse(req: Request, res: Response, status: number, code: SlashCode, verdicts: SamlVerdicts = []): void {
  const { id, log } = contextOf(res)
  const failed = verdicts.flatMap(({ name, passed }) => (passed ? [] : name))
  log.warn({ code, failed }, 'SAML sign-in was refused')
  sendRefusal(req, res, status, code, verdicts, id)
}
