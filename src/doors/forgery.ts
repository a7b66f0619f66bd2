import express, { type Request, type RequestHandler, type Response } from 'express'
import { createHash, randomBytes } from 'node:crypto'
import type { Secrets } from '../ports/secrets'
import { bearerToken } from './bearer'
import type { Cookies } from './cookies'

/**
 * Tells what our own pages send from what another site makes a browser send (cross-site request forgery), by two signs that are both
 * needed: where the browser says that the request comes from, and a token that only our own pages know. A token is sealed, and bound to
 * the session of the browser, or before there is one to a cookie of its own. It is another one in each answer.
 */
export type ForgeryGuard = {
  /** Every answer after this can give its page a token: `formToken(res)`. */
  readonly offer: RequestHandler
  /** Refuses each request that may change something and lacks a sign. What it lets through is the exception, named here. */
  require(refuse: Refuse, isExempt?: (req: Request) => boolean): RequestHandler
}

/** Answers, or throws what the door answers. */
type Refuse = (req: Request, res: Response, why: Forgery) => void

/** `origin`: another site sent it. `token`: it came without a token, or with one of another browser or of a session that is over. */
export type Forgery = 'origin' | 'token'

/** The field of a form, and the header of who sends no form. */
const [field, header] = ['csrf', 'x-csrf-token']
const purpose = 'form token'
const cookieSeconds = 24 * 3600

export function forgeryGuard({ cookies, secrets }: Deps, baseUrl: string): ForgeryGuard {
  const parseForm = express.urlencoded({ extended: false, limit: '16kb' })
  const isOurs = (req: Request): boolean => {
    const fields = req.body as Readonly<Record<string, unknown>> | undefined
    const sent: unknown = req.headers[header] ?? fields?.[field]
    const bound = typeof sent === 'string' ? secrets.open(purpose, sent) : undefined
    return bound !== undefined && [cookies.session, cookies.form].some((cookie) => bindingOf(cookie.read(req)) === bound)
  }
  return {
    offer: (req, res, next) => {
      let bound: string | undefined
      const offered: TokenMaker = () => secrets.seal(purpose, (bound ??= bindBrowser(cookies, req, res)))
      res.locals[field] = offered
      next()
    },
    require:
      (refuse, isExempt = () => false) =>
      (req, res, next) => {
        if (reading.has(req.method) || isExempt(req)) return next()
        if (!isSameOrigin(req, baseUrl)) return refuse(req, res, 'origin')
        parseForm(req, res, (error?: unknown) => {
          if (error !== undefined || isOurs(req)) return next(error)
          try {
            refuse(req, res, 'token')
          } catch (refusal) {
            next(refusal)
          }
        })
      },
  }
}

type Deps = { readonly cookies: Cookies; readonly secrets: Secrets }
type TokenMaker = () => string

const reading: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS'])

/** A token for a form of this answer; undefined where none is offered. */
export const formToken = (res: Response): string | undefined => (res.locals[field] as TokenMaker | undefined)?.()

/** Who calls the API is no page where he shows a token of his own, or nothing by which a browser would speak for somebody. */
export const isNoBrowser = (cookies: Cookies) => (req: Request) =>
  bearerToken(req) !== undefined || cookies.session.read(req) === undefined

/** What a token of this browser is bound to; one that has no cookie of ours gets one. */
function bindBrowser(cookies: Cookies, req: Request, res: Response): string {
  const known = bindingOf(cookies.session.read(req)) ?? bindingOf(cookies.form.read(req))
  if (known !== undefined) return known
  const cookie = randomBytes(32).toString('base64url')
  cookies.form.set(res, cookie, cookieSeconds)
  return bindingOf(cookie)!
}

const bindingOf = (cookie: string | undefined) =>
  cookie === undefined ? undefined : createHash('sha256').update(cookie).digest('base64url')

/** Browsers say where a request comes from. Who says nothing is none, and needs the token all the same. */
function isSameOrigin(req: Request, baseUrl: string): boolean {
  const { origin, 'sec-fetch-site': site } = req.headers
  return site === undefined ? origin === undefined || origin === baseUrl : site === 'same-origin' || site === 'none'
}
