import express, { type Request, type Response, type Router } from 'express'
import { DomainError, TooManyGuesses } from '../../domain/errors'
import { findMailAddress } from '../../domain/system/mail-address'
import type { Passwords } from '../../ports/passwords'
import type { Session } from '../../ports/store/access'
import { guardGuess, type GuessDeps } from '../../usecases/access/guess-guard'
import type { CodeDeps } from '../../usecases/access/second-step-code'
import { confirmSecondStep, findHalfWay, mailAnotherCode, type HalfWay } from '../../usecases/access/second-step-sign-in'
import { mustSetUpTwoStep } from '../../usecases/access/two-step-admin'
import * as twoStep from '../../usecases/access/two-step-settings'
import { guesserOf } from '../device'
import { html, languageOf, sendPage, type Html } from '../html'
import { browserOf, openSession, sessionOf, type SessionDeps } from '../session-of'
import { problem } from './pages'
import { texts } from './texts'
import { codeForm, keyPage, stepPage } from './two-step-pages'
import { twoStepTexts, type TwoStepTexts } from './two-step-texts'

export type TwoStepDeps = SessionDeps & CodeDeps & GuessDeps & { readonly passwords: Passwords }

/** `/login/step`: the second step of a sign-in; `/two-step`: its set-up (S15). */
export function twoStepRoutes(deps: TwoStepDeps): Router {
  const router = express.Router()
  const form = express.urlencoded({ extended: false, limit: '16kb' })

  const halfWay =
    (work: (req: Request, res: Response, half: HalfWay) => Promise<void>) => async (req: Request, res: Response) => {
      const half = await findHalfWay(deps, deps.cookies.step.read(req))
      if (!half) return over(req, res)
      await work(req, res, half)
    }
  const over = (req: Request, res: Response) => {
    deps.cookies.step.clear(res)
    const { text } = wordsFor(req)
    send(
      req,
      res,
      410,
      html`${problem(text.over)}
        <p><a href="/login?saml=off">${text.back}</a></p>`,
    )
  }

  router.get(
    '/login/step',
    halfWay(async (req, res, half) => send(req, res, 200, stepPage(wordsFor(req).text, half))),
  )
  router.post(
    '/login/step',
    form,
    halfWay(async (req, res, half) => {
      const { text } = wordsFor(req)
      try {
        const guesser = { ...guesserOf(deps, req, res, half.user.loginName), what: 'code' }
        const outcome = await guardGuess(deps, guesser, () =>
          confirmSecondStep(deps, browserOf(deps, req, res), half, field(req, 'code')),
        )
        deps.cookies.step.clear(res)
        openSession(deps, req, res, outcome.session, outcome.keptSeconds)
        res.redirect(303, outcome.kind === 'mustChange' ? '/password' : half.returnTo)
      } catch (error) {
        if (isCode(error, 'wrongCode')) return send(req, res, 401, stepPage(text, half, text.wrong))
        if (isCode(error, 'wrongPassword')) return over(req, res)
        if (isCode(error, 'codeSpent')) return send(req, res, 410, stepPage(text, half, text.over))
        sendRefusal(req, res, error, (what) => stepPage(text, half, what))
      }
    }),
  )
  router.post(
    '/login/step/resend',
    form,
    halfWay(async (req, res, half) => {
      const { language, text } = wordsFor(req)
      try {
        await mailAnotherCode(deps, half, language)
        res.redirect(303, '/login/step')
      } catch (error) {
        sendRefusal(req, res, error, (what) => stepPage(text, half, what))
      }
    }),
  )

  const signedIn =
    (work: (req: Request, res: Response, session: Session, text: TwoStepTexts) => Promise<void>) =>
    async (req: Request, res: Response) => {
      const session = await sessionOf(deps, req)
      if (!session) return res.redirect(303, '/login')
      if (session.mustChangePassword) return res.redirect(303, '/password')
      const { text } = wordsFor(req)
      try {
        await guardGuess(deps, guesserOf(deps, req, res, session.loginName), () => work(req, res, session, text))
      } catch (error) {
        if (res.headersSent) throw error
        const page = await setUpPage(deps, session, text)
        sendRefusal(req, res, error, (what) => html`${problem(what)} ${page}`)
      }
    }

  router.get('/two-step', async (req, res) => {
    const session = await sessionOf(deps, req)
    if (!session) return res.redirect(303, '/login')
    send(req, res, 200, await setUpPage(deps, session, wordsFor(req).text))
  })
  router.post(
    '/two-step/mail',
    form,
    signedIn(async (req, res, session, text) => {
      await twoStep.askForMailStep(deps, session, field(req, 'current'), field(req, 'address'), languageOf(req))
      send(req, res, 200, codeForm(text, '/two-step/mail/confirm', text.enterMailed))
    }),
  )
  router.post(
    '/two-step/mail/confirm',
    form,
    signedIn(async (req, res, session, text) => {
      try {
        await twoStep.confirmMailStep(deps, session, browserOf(deps, req, res), field(req, 'code'))
      } catch (error) {
        if (!isCode(error, 'wrongCode')) throw error
        return send(req, res, 400, codeForm(text, '/two-step/mail/confirm', text.enterMailed, text.wrong))
      }
      done(req, res, text)
    }),
  )
  router.post(
    '/two-step/totp',
    form,
    signedIn(async (req, res, session, text) => {
      const { secret, draft } = await twoStep.draftTotp(deps, session, field(req, 'current'))
      send(req, res, 200, keyPage(deps, session, text, secret, draft))
    }),
  )
  router.post(
    '/two-step/totp/confirm',
    form,
    signedIn(async (req, res, session, text) => {
      const draft = field(req, 'draft')
      try {
        const codes = await twoStep.confirmTotp(deps, session, browserOf(deps, req, res), draft, field(req, 'code'))
        done(
          req,
          res,
          text,
          html`<p>${text.recovery}</p>
            <ul>
              ${codes.map((code) => html`<li><code>${code}</code></li>`)}
            </ul>`,
        )
      } catch (error) {
        if (!isCode(error, 'wrongCode')) throw error
        const secret = twoStep.openDraft(deps, session, draft)
        send(req, res, 400, keyPage(deps, session, text, secret, draft, text.wrong))
      }
    }),
  )
  router.post(
    '/two-step/stop',
    form,
    signedIn(async (req, res, session) => {
      await twoStep.stopTwoStep(deps, session, browserOf(deps, req, res), field(req, 'current'))
      res.redirect(303, '/two-step')
    }),
  )
  return router
}

/** His codes go by mail, and there is no mail server: he cannot sign in until an administrator mends it. */
export const sendNoMail = (req: Request, res: Response) => send(req, res, 503, problem(wordsFor(req).text.noMail))

function done(req: Request, res: Response, text: TwoStepTexts, more: Html = html``): void {
  send(
    req,
    res,
    200,
    html`<p>${text.done}</p>
      ${more}
      <p><a href="/">${text.home}</a></p>`,
  )
}

/** What can be told; anything else is thrown on. */
function sendRefusal(req: Request, res: Response, error: unknown, page: (what: string) => Html): void {
  const { language, text } = wordsFor(req)
  if (error instanceof TooManyGuesses) {
    res.setHeader('Retry-After', error.retryAfterSeconds)
    return send(req, res, 429, page(texts[language].tooMany(error.retryAfterSeconds)))
  }
  if (isCode(error, 'mailNotConfigured')) return send(req, res, 503, page(text.noMail))
  if (isCode(error, 'codeSpent')) return send(req, res, 410, page(text.over))
  if (isCode(error, 'wrongPassword')) return send(req, res, 400, page(texts[language].wrongCurrent))
  if (isCode(error, 'invalidAttribute')) {
    const isAddress = findMailAddress(field(req, 'address').trim()) !== undefined
    return send(req, res, 400, page(isAddress ? text.knownAddress : text.noAddress))
  }
  throw error
}

const isCode = (error: unknown, code: DomainError['code']): error is DomainError =>
  error instanceof DomainError && error.code === code

async function setUpPage(deps: TwoStepDeps, session: Session, text: TwoStepTexts): Promise<Html> {
  const step = await deps.store.read.secondSteps.find(session.userId)
  const address = twoStep.codesGoTo(step)
  const state = !step ? text.off : step.method === 'totp' ? text.byTotp(step.recovery.length) : text.byMail(address ?? '-')
  const password = (id: string) =>
    html`<label for="${id}">${text.password}</label>
      <input id="${id}" name="current" type="password" autocomplete="current-password" required />`
  const must = (await mustSetUpTwoStep(deps, session)) && html`<p>${text.must}</p>`
  return html`${must}
    <p>${state}</p>
    <h2>${text.useTotp}</h2>
    <form method="post" action="/two-step/totp">${password('forTotp')} <button>${text.start}</button></form>
    <h2>${text.useMail}</h2>
    <form method="post" action="/two-step/mail">
      <label for="address">${text.address}</label>
      <input id="address" name="address" type="email" required />
      ${password('forMail')} <button>${text.send}</button>
    </form>
    ${
      step &&
      html`<h2>${text.stop}</h2>
        <form method="post" action="/two-step/stop">${password('forStop')} <button>${text.remove}</button></form>`
    }
    <p><a href="/">${text.home}</a></p>`
}

function wordsFor(req: Request) {
  const language = languageOf(req)
  return { language, text: twoStepTexts[language] }
}

const send = (req: Request, res: Response, status: number, body: Html) =>
  sendPage(res, status, languageOf(req), twoStepTexts[languageOf(req)].title, body)

function field(req: Request, name: string): string {
  const value: unknown = (req.body as Readonly<Record<string, unknown>> | undefined)?.[name]
  return typeof value === 'string' ? value : ''
}
