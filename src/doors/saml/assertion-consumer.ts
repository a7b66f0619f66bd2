import express, { type ErrorRequestHandler, type Request, type Response, type Router } from 'express'
import type { PendingSaml, SamlVerdicts } from '../../domain/access/saml'
import { DomainError } from '../../domain/errors'
import type { Passwords } from '../../ports/passwords'
import { SamlVerifierBusy } from '../../ports/saml-verifier'
import { signInOrCreate, wouldBeCreated } from '../../usecases/access/saml-jit'
import type { SpKeyDeps } from '../../usecases/access/saml-keys'
import type { SamlInForce, SamlMemory } from '../../usecases/access/saml-memory'
import { findTestedDraft, passSamlTest } from '../../usecases/access/saml-test'
import type { SamlTraceBook } from '../../usecases/access/saml-trace'
import { maySignInWithSaml } from '../../usecases/access/saml-sign-in'
import { takeAuthnRequest } from '../../usecases/access/take-authn-request'
import type { SamlSp } from '../../wire/saml/service-provider'
import { unreadable } from '../../wire/saml/verify-response'
import { contextOf, httpError } from '../request'
import { browserOf, type SessionDeps } from '../session-of'
import { judge, type Judges } from './judge'
import { sendNotConfigured, sendRefusal, sendTestResult, type RefusedSignIn, type TestResult } from './pages'
import { traced } from './traced'

export type SamlDeps = SessionDeps & SpKeyDeps & Judges & { readonly passwords: Passwords; readonly samlTrace: SamlTraceBook }

/** A Response of somebody in thousands of groups is 120 KB and more, in base64. */
const bodyLimit = '1mb'

/** The ACS: a Response becomes a session, or a page that says what is wrong with it (S33–S36). RelayState is not looked at. */
export function assertionConsumer(deps: SamlDeps, sp: SamlSp, memory: SamlMemory): Router {
  const router = express.Router()
  router.use((req, res, next) => {
    if (req.method === 'POST') return next()
    res.setHeader('Allow', 'POST')
    refuse(deps, req, res, 405, { code: 'SLASH_SA05', verdicts: [] })
  })
  router.use(express.urlencoded({ extended: false, limit: bodyLimit }))
  router.post('/', async (req, res) => {
    const parameter = parameterOf(req)
    if (parameter === undefined) return refuse(deps, req, res, 400, { code: 'SLASH_SA03', verdicts: [] })
    const pending = await takeAuthnRequest(deps, deps.cookies.pendingSaml.read(req))
    deps.cookies.pendingSaml.clear(res)
    if (!pending) return refuse(deps, req, res, 400, { code: 'SLASH_SA02', verdicts: [] })
    if (pending.test !== undefined) return testSignIn(deps, sp, memory, pending, req, res)
    const inForce = await memory.inForce()
    if (!inForce) return sendNotConfigured(req, res, sp)
    await signIn(deps, sp, inForce, pending, parameter, req, res)
  })
  router.use(((error: unknown, req, res, _next) => fail(deps, error, req, res)) satisfies ErrorRequestHandler)
  return router
}

function parameterOf(req: Request): string | undefined {
  const parameter = (req.body as Readonly<Record<string, unknown>> | undefined)?.['SAMLResponse']
  return typeof parameter === 'string' && parameter !== '' ? parameter : undefined
}

async function signIn(
  deps: SamlDeps,
  sp: SamlSp,
  inForce: SamlInForce,
  pending: PendingSaml,
  parameter: string,
  req: Request,
  res: Response,
): Promise<void> {
  const judged = await judge(deps, sp, inForce, pending, parameter)
  if (judged.kind === 'refused') return refuse(deps, req, res, 400, judged)
  const { said, verdicts } = judged
  const { nameId } = said
  const browser = { ...browserOf(deps, req, res), ...(pending.replaces && { replaces: pending.replaces }) }
  const session = await signInOrCreate(deps, browser, said, inForce.settings.options.jit)
  if (!session) return refuse(deps, req, res, 403, { code: 'SLASH_SA01', verdicts: [], nameId }, verdicts)
  deps.samlTrace.note(traced(res, { verdicts, test: false, nameId, parameter }))
  // the browser keeps back who it knows from a cross-site POST: `/` remembers
  deps.cookies.session.set(res, session.cookie)
  res.set('Cache-Control', 'no-store').redirect(303, pending.returnTo)
}

/** The whole way with the draft; it ends before there is a session. */
async function testSignIn(
  deps: SamlDeps,
  sp: SamlSp,
  memory: SamlMemory,
  pending: PendingSaml,
  req: Request,
  res: Response,
): Promise<void> {
  const parameter = parameterOf(req) ?? ''
  const result = await tryDraft(deps, sp, memory, pending, parameter)
  const { code, verdicts, nameId } = result
  deps.samlTrace.note(traced(res, { verdicts, test: true, parameter, ...(code && { code }), ...(nameId && { nameId }) }))
  sendTestResult(req, res, result, contextOf(res).id)
}

async function tryDraft(
  deps: SamlDeps,
  sp: SamlSp,
  memory: SamlMemory,
  pending: PendingSaml,
  parameter: string,
): Promise<TestResult> {
  const fingerprint = pending.test ?? ''
  const settings = await findTestedDraft(deps, fingerprint)
  if (!settings) return { verdicts: [], isStale: true }
  const judged = await judge(deps, sp, { settings, keys: await memory.keys() }, pending, parameter)
  if (judged.kind === 'refused') return judged
  const { said, verdicts } = judged
  const isCreated = await wouldBeCreated(deps, said, settings.options.jit)
  const shown = { verdicts, ...said, wouldBeCreated: isCreated }
  if (!isCreated && !(await maySignInWithSaml(deps, said.nameId))) return { ...shown, code: 'SLASH_SA01' }
  return { ...shown, isStale: !(await passSamlTest(deps, fingerprint, said.nameId)) }
}

function fail(deps: SamlDeps, error: unknown, req: Request, res: Response): void {
  const http = httpError(error)
  if (http) {
    const why = http.type === 'entity.too.large' ? `a form of more than ${bodyLimit}` : 'a form that cannot be read'
    return refuse(deps, req, res, http.status, { code: 'SLASH_SA04', verdicts: unreadable(why).verdicts })
  }
  const isBusy = error instanceof SamlVerifierBusy || (error instanceof DomainError && error.code.startsWith('store'))
  if (isBusy) res.setHeader('Retry-After', 5)
  contextOf(res).log.error({ err: error }, 'SAML sign-in failed')
  refuse(deps, req, res, isBusy ? 503 : 500, { code: 'SLASH_FA01', verdicts: [] })
}

/** @param verdicts of a message that is right in itself, for who looks into the trace */
function refuse(
  deps: SamlDeps,
  req: Request,
  res: Response,
  status: number,
  refused: RefusedSignIn,
  verdicts: SamlVerdicts = refused.verdicts,
): void {
  const { id, log } = contextOf(res)
  const failed = verdicts.flatMap(({ name, passed }) => (passed ? [] : name))
  log.warn({ code: refused.code, failed }, 'SAML sign-in was refused')
  const parameter = parameterOf(req)
  deps.samlTrace.note(traced(res, { ...refused, verdicts, test: false, ...(parameter && { parameter }) }))
  sendRefusal(req, res, status, refused, id)
}
