import express, { type Request, type Response, type Router } from 'express'
import { browserWords } from '../../domain/access/browser-words'
import { DomainError } from '../../domain/errors'
import type { Instant } from '../../domain/brand'
import type { Session, SessionRow } from '../../ports/store/access'
import { endOwnSessions, listOwnSessions } from '../../usecases/access/session-list'
import { html, languageOf, sendPage, type Html } from '../html'
import { contextOf, fromOf } from '../request'
import { sessionOf, type SessionDeps } from '../session-of'
import { sessionsTexts } from './sessions-texts'

/** `/sessions`: where one is signed in; others than this one can be ended, one or all. */
export function sessionsPage(deps: SessionDeps): Router {
  const router = express.Router()
  const show = async (req: Request, res: Response, session: Session, status = 200) => {
    const language = languageOf(req)
    const text = sessionsTexts[language]
    const problem = status === 200 ? undefined : html`<p class="problem" role="alert">${text.gone}</p>`
    sendPage(
      res,
      status,
      language,
      text.title,
      html`${problem}${page(text, await listOwnSessions(deps, session), session.idHash)}`,
    )
  }

  router.get('/sessions', async (req, res) => {
    const session = await sessionOf(deps, req)
    if (!session) return res.redirect(303, '/login?returnTo=/sessions')
    if (session.mustChangePassword) return res.redirect(303, '/password')
    await show(req, res, session)
  })

  router.post('/sessions/end', async (req, res) => {
    const session = await sessionOf(deps, req)
    if (!session) return res.redirect(303, '/login?returnTo=/sessions')
    const { id } = (req.body ?? {}) as { readonly id?: unknown }
    try {
      await endOwnSessions(deps, session, fromOf(contextOf(res)), typeof id === 'string' && id !== '' ? id : undefined)
      res.redirect(303, '/sessions')
    } catch (error) {
      if (!(error instanceof DomainError && error.code === 'sessionNotFound')) throw error
      await show(req, res, session, 404)
    }
  })
  return router
}

type Texts = (typeof sessionsTexts)[keyof typeof sessionsTexts]

function page(text: Texts, sessions: readonly SessionRow[], here: string): Html {
  const heads = [text.browser, text.address, text.began, text.lastUsed, text.method]
  return html`<p>${text.intro}</p>
    <table>
      <thead>
        <tr>
          ${heads.map((head) => html`<th scope="col">${head}</th>`)}
          <td></td>
        </tr>
      </thead>
      <tbody>
        ${sessions.map((session) => row(text, session, here))}
      </tbody>
    </table>
    ${sessions.length > 1 && html`<form method="post" action="/sessions/end"><button>${text.endOthers}</button></form>`}
    <p><a href="/">${text.home}</a></p>`
}

const row = (text: Texts, { idHash, method, createdAt, lastSeenAt, address, agent }: SessionRow, here: string): Html =>
  html`<tr>
    <td>${browserWords(agent)}</td>
    <td>${address ?? '-'}</td>
    <td>${minute(createdAt)}</td>
    <td>${minute(lastSeenAt)}</td>
    <td>${text[method]}</td>
    <td>
      ${
        idHash === here
          ? text.here
          : html`<form method="post" action="/sessions/end">
              <input type="hidden" name="id" value="${idHash}" /><button>${text.end}</button>
            </form>`
      }
    </td>
  </tr>`

const minute = (at: Instant) => new Date(at).toISOString().slice(0, 16).replace('T', ' ')
