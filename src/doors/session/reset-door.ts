import express, { type Request, type Response, type Router } from 'express'
import { PasswordRefused } from '../../domain/access/password-policy'
import { ruleText } from '../../domain/access/password-texts'
import { DomainError } from '../../domain/errors'
import type { Passwords } from '../../ports/passwords'
import { findReset, resetPassword } from '../../usecases/access/reset-password'
import { mayReset, requestPasswordReset, resetPath, type ResetDeps } from '../../usecases/access/reset-request'
import type { GuessLimit } from '../guess-limit'
import { html, languageOf, sendPage, type Html } from '../html'
import { contextOf, fromOf, queryText } from '../request'
import { problem } from './pages'
import { resetTexts, type ResetTexts } from './reset-texts'
import { texts } from './texts'

export type ResetDoorDeps = ResetDeps & { readonly passwords: Passwords; readonly resetRequests: GuessLimit }

/** `/reset`: asks for a link by mail; `/reset/new`: where it leads (S17). */
export function resetRoutes(deps: ResetDoorDeps): Router {
  const router = express.Router()
  const form = express.urlencoded({ extended: false, limit: '16kb' })

  router.get('/reset', async (req, res) => {
    const { text } = wordsFor(req)
    if (!(await mayReset(deps))) return send(req, res, 404, text.title, problem(text.off))
    send(req, res, 200, text.title, askPage(text))
  })

  router.post('/reset', form, async (req, res) => {
    const { language, text } = wordsFor(req)
    const { address, log } = contextOf(res)
    const wait = await deps.resetRequests.waitSeconds(address)
    if (wait > 0) {
      res.setHeader('Retry-After', wait)
      return send(req, res, 429, text.title, problem(texts[language].tooMany(wait)))
    }
    await deps.resetRequests.failed(address)
    // answered first: neither page nor time tells whether there is such an address
    send(req, res, 200, text.sent, html`<p>${text.sentText}</p>`)
    await requestPasswordReset(deps, fromOf(contextOf(res)), field(req, 'address'), language).catch((error: unknown) =>
      log.error({ err: error }, 'a password reset was not carried out'),
    )
  })

  router.get(resetPath, (req, res) =>
    onlyByLink(req, res, async () => {
      const { text } = wordsFor(req)
      const token = queryText(req, 'token') ?? ''
      const { loginName } = await findReset(deps, token)
      send(req, res, 200, text.title, newPage(text, loginName, token))
    }),
  )

  router.post(resetPath, form, (req, res) =>
    onlyByLink(req, res, async () => {
      const { language, text } = wordsFor(req)
      const token = field(req, 'token')
      const { loginName } = await findReset(deps, token)
      try {
        await resetPassword(deps, fromOf(contextOf(res)), token, field(req, 'wanted'))
      } catch (error) {
        if (!(error instanceof PasswordRefused)) throw error
        const refused = error.rules.map((rule) => ruleText(rule)[language]).join(' ')
        return send(req, res, 400, text.title, newPage(text, loginName, token, refused))
      }
      const signIn = html`<p>${text.doneText}</p>
        <p><a class="button" href="/login?saml=off">${text.signIn}</a></p>`
      send(req, res, 200, text.done, signIn)
    }),
  )
  return router
}

async function onlyByLink(req: Request, res: Response, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof DomainError && error.code === 'linkInvalid')) throw error
    const { text } = wordsFor(req)
    send(
      req,
      res,
      410,
      text.title,
      html`${problem(text.invalid)}
        <p><a href="/reset">${text.again}</a></p>`,
    )
  }
}

const askPage = (text: ResetTexts): Html =>
  html`<p>${text.intro}</p>
    <form method="post" action="/reset">
      <label for="address">${text.address}</label>
      <input id="address" name="address" type="email" autocomplete="email" maxlength="254" required autofocus />
      <button>${text.send}</button>
    </form>`

const newPage = (text: ResetTexts, loginName: string, token: string, what?: string): Html =>
  html`${problem(what)}
    <form method="post" action="${resetPath}">
      <input type="hidden" name="token" value="${token}" />
      <input type="hidden" name="loginName" value="${loginName}" autocomplete="username" />
      <label for="wanted">${text.newPassword}</label>
      <input id="wanted" name="wanted" type="password" autocomplete="new-password" required autofocus />
      <button>${text.save}</button>
    </form>`

function wordsFor(req: Request) {
  const language = languageOf(req)
  return { language, text: resetTexts[language] }
}

const send = (req: Request, res: Response, status: number, title: string, body: Html) =>
  sendPage(res, status, languageOf(req), title, body)

function field(req: Request, name: string): string {
  const value: unknown = (req.body as Readonly<Record<string, unknown>> | undefined)?.[name]
  return typeof value === 'string' ? value : ''
}
