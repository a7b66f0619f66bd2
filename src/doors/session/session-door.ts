import express, { type ErrorRequestHandler, type Request, type Response, type Router } from 'express'
import { PasswordRefused } from '../../domain/access/password-policy'
import { ruleText } from '../../domain/access/password-texts'
import { codeLimits } from '../../domain/access/one-time-code'
import { DomainError, TooManyGuesses } from '../../domain/errors'
import type { Session } from '../../ports/store/access'
import { changePassword } from '../../usecases/access/change-password'
import { guardGuess, type GuessDeps } from '../../usecases/access/guess-guard'
import { passwordRules, type PasswordDeps } from '../../usecases/access/password-check'
import { findSamlIdp } from '../../usecases/access/saml-settings'
import { findSignInSettings } from '../../usecases/access/sign-in-settings'
import { signInInSteps } from '../../usecases/access/second-step-sign-in'
import { mustSetUpTwoStep } from '../../usecases/access/two-step-admin'
import { signOut } from '../../usecases/access/sign-out'
import { guesserOf, isKnownDevice, rememberDevice } from '../device'
import type { Forgery } from '../forgery'
import { languageOf, sendPage, style, type Html, type Language } from '../html'
import { contextOf, fromOf, httpError, queryText } from '../request'
import { returnPath } from '../return-path'
import { browserOf, openSession, sessionOf, type SessionDeps } from '../session-of'
import { resetRoutes, type ResetDoorDeps } from './reset-door'
import { homePage, passwordPage, problem, signedOutPage, signInPage, type SignInForm } from './pages'
import { sessionsPage } from './sessions'
import { texts } from './texts'
import { sendNoMail, twoStepRoutes, type TwoStepDeps } from './two-step-door'

export type SessionDoorDeps = SessionDeps & GuessDeps & PasswordDeps & ResetDoorDeps & TwoStepDeps

/** The pages of a browser: `/`, `/login` (S32), `/password` (S11), `POST /logout` (S37). */
export function sessionDoor(deps: SessionDoorDeps): Router {
  const router = express.Router()
  const form = express.urlencoded({ extended: false, limit: '16kb' })
  router.get('/style.css', (_req, res) => void res.set('Cache-Control', 'public, max-age=3600').type('css').send(style))

  router.use(resetRoutes(deps))
  router.use(twoStepRoutes(deps))

  router.get('/', async (req, res) => {
    const session = await sessionOf(deps, req)
    if (!session) return res.redirect(303, '/login')
    if (session.mustChangePassword) return res.redirect(303, '/password')
    if (await mustSetUpTwoStep(deps, session)) return res.redirect(303, '/two-step')
    // who comes from an identity provider came without this cookie
    if (!isKnownDevice(deps, req, session.loginName)) rememberDevice(deps, req, res, session.loginName)
    const { language, text } = wordsFor(req)
    const logoutUrl = (await findSamlIdp(deps))?.logoutUrl
    sendPage(res, 200, language, text.signedIn, homePage(text, session), logoutUrl && new URL(logoutUrl).origin)
  })

  /** With SAML on, the identity provider signs in; `?saml=off` is the break glass (S32). */
  router.get('/login', async (req, res) => {
    const returnTo = returnPath(queryText(req, 'returnTo'))
    if (await sessionOf(deps, req)) return res.redirect(303, returnTo)
    if (queryText(req, 'saml') !== 'off' && (await findSamlIdp(deps))) {
      return res.redirect(303, `/saml/login?returnTo=${encodeURIComponent(returnTo)}`)
    }
    await sendSignIn(deps, req, res, 200, { returnTo })
  })

  router.post('/login', form, async (req, res) => {
    const returnTo = returnPath(field(req, 'returnTo'))
    const loginName = field(req, 'loginName')
    try {
      const outcome = await guardGuess(deps, guesserOf(deps, req, res, loginName), () =>
        signInInSteps(deps, browserOf(deps, req, res), {
          loginName,
          password: field(req, 'password'),
          remember: field(req, 'remember') === 'on',
          returnTo,
          language: languageOf(req),
        }),
      )
      if (outcome.kind === 'secondStep') {
        deps.cookies.step.set(res, outcome.cookie, codeLimits.lifetimeMs / 1000)
        return res.redirect(303, '/login/step')
      }
      openSession(deps, req, res, outcome.session, outcome.keptSeconds)
      res.redirect(303, outcome.kind === 'mustChange' ? `/password?returnTo=${encodeURIComponent(returnTo)}` : returnTo)
    } catch (error) {
      if (error instanceof TooManyGuesses) {
        return sendSignIn(deps, req, res, 429, { returnTo, what: waitText(req, res, error) })
      }
      if (error instanceof DomainError && error.code === 'mailNotConfigured') return sendNoMail(req, res)
      if (!isRefused(error)) throw error
      await sendSignIn(deps, req, res, 401, { returnTo, what: wordsFor(req).text.wrong })
    }
  })

  router.get('/password', async (req, res) => {
    const session = await sessionOf(deps, req)
    if (!session) return res.redirect(303, '/login')
    await sendPassword(deps, req, res, 200, session, returnPath(queryText(req, 'returnTo')))
  })

  router.post('/password', form, async (req, res) => {
    const session = await sessionOf(deps, req)
    if (!session) return res.redirect(303, '/login')
    const { language, text } = wordsFor(req)
    const returnTo = returnPath(field(req, 'returnTo'))
    const again = (status: number, broken: readonly string[]) => sendPassword(deps, req, res, status, session, returnTo, broken)
    try {
      await guardGuess(deps, guesserOf(deps, req, res, session.loginName), () =>
        changePassword(deps, session, fromOf(contextOf(res)), field(req, 'current'), field(req, 'wanted')),
      )
      res.redirect(303, returnTo)
    } catch (error) {
      if (error instanceof TooManyGuesses) return again(429, [waitText(req, res, error)])
      if (error instanceof PasswordRefused)
        return again(
          400,
          error.rules.map((rule) => ruleText(rule)[language]),
        )
      if (isNotAllowed(error)) return again(403, [])
      if (!isRefused(error)) throw error
      await again(400, [text.wrongCurrent])
    }
  })

  /** The identity provider's session is its own: from here to its sign-out page, when it has one (S37). */
  router.post('/logout', async (req, res) => {
    const session = await sessionOf(deps, req)
    if (session) await signOut(deps, session, fromOf(contextOf(res)))
    deps.cookies.session.clear(res)
    deps.cookies.form.clear(res)
    const logoutUrl = session?.method === 'saml' ? (await findSamlIdp(deps))?.logoutUrl : undefined
    res.redirect(303, logoutUrl ?? '/signed-out')
  })

  router.use(sessionsPage(deps))

  router.get('/signed-out', (req, res) => {
    const { language, text } = wordsFor(req)
    sendPage(res, 200, language, text.signedOut, signedOutPage(text))
  })

  router.use((req, res) => sendMessage(req, res, 404, 'notFound'))
  return router
}

/** What did not come from a page of ours has no effect. */
export function refuseForgery(req: Request, res: Response, why: Forgery): void {
  contextOf(res).log.warn({ why, origin: req.headers.origin }, 'refused: not from a page of ours')
  sendMessage(req, res, 403, why === 'origin' ? 'crossSite' : 'outOfDate')
}

/** A page for what went wrong on the way to a page. */
export const pageFailure: ErrorRequestHandler = (error: unknown, req, res, _next) => {
  if (error instanceof DomainError && error.code.startsWith('store')) {
    res.setHeader('Retry-After', 5)
    return sendMessage(req, res, 503, 'unavailable')
  }
  const http = httpError(error)
  if (http) return sendMessage(req, res, http.status, 'unreadable')
  const context = contextOf(res)
  context.log.error({ err: error }, 'request failed')
  const { language, text } = wordsFor(req)
  sendPage(res, 500, language, 'Kagami', problem(text.failed(context.id)))
}

/** Too many wrong guesses: what to say, and when to come back. */
function waitText(req: Request, res: Response, { retryAfterSeconds }: TooManyGuesses): string {
  res.setHeader('Retry-After', retryAfterSeconds)
  return wordsFor(req).text.tooMany(retryAfterSeconds)
}

function wordsFor(req: Request) {
  const language = languageOf(req)
  return { language, text: texts[language] }
}

function sendMessage(
  req: Request,
  res: Response,
  status: number,
  what: 'crossSite' | 'outOfDate' | 'notFound' | 'unreadable' | 'unavailable',
) {
  const { language, text } = wordsFor(req)
  const body: Html = problem(text[what])
  sendPage(res, status, language, 'Kagami', body)
}

async function sendSignIn(
  deps: SessionDoorDeps,
  req: Request,
  res: Response,
  status: number,
  form: Pick<SignInForm, 'returnTo' | 'what'>,
): Promise<void> {
  const { language, text } = wordsFor(req)
  const { simplification, failureMessage } = (await findSignInSettings(deps.store.read)).settings
  const message = failureMessage[language] || failureMessage[systemLanguage]
  const shown = { ...form, simplification, ...(status === 401 && message !== '' && { message }) }
  sendPage(res, status, language, text.signIn, signInPage(text, shown))
}

async function sendPassword(
  deps: SessionDoorDeps,
  req: Request,
  res: Response,
  status: number,
  session: Session,
  returnTo: string,
  broken: readonly string[] = [],
): Promise<void> {
  const { language, text } = wordsFor(req)
  const { mayChange, rules } = await passwordRules(deps, session.administrator)
  const shown = { mayChange, rules: rules.map((rule) => ruleText(rule)[language]) }
  sendPage(res, status, language, text.changePassword, passwordPage(text, session, shown, returnTo, broken))
}

/** A text field of a posted form; empty for one that is missing or comes twice. */
function field(req: Request, name: string): string {
  const value: unknown = (req.body as Readonly<Record<string, unknown>> | undefined)?.[name]
  return typeof value === 'string' ? value : ''
}

const isRefused = (error: unknown): error is DomainError => error instanceof DomainError && error.code === 'wrongPassword'
const isNotAllowed = (error: unknown) => error instanceof DomainError && error.code === 'notAllowed'

/** Of who says nothing, and of an installation that says nothing (S51). */
const systemLanguage: Language = 'ja'
