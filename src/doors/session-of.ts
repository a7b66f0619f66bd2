import type { Request, Response } from 'express'
import type { Actor } from '../domain/access/actor'
import type { Clock } from '../ports/clock'
import type { Secrets } from '../ports/secrets'
import type { Store } from '../ports/store'
import type { Session } from '../ports/store/access'
import { sessionHash, type From, type NewSession } from '../usecases/access/begin-session'
import { findSession } from '../usecases/access/find-session'
import type { Cookies } from './cookies'
import { rememberDevice } from './device'
import { contextOf, fromOf } from './request'

export type SessionDeps = {
  readonly store: Store
  readonly clock: Clock
  readonly secrets: Secrets
  readonly cookies: Cookies
}

/** The session of this browser, or undefined: it has none, or its session has ended. */
export async function sessionOf(deps: SessionDeps, req: Request): Promise<Session | undefined> {
  const cookie = deps.cookies.session.read(req)
  return cookie === undefined ? undefined : findSession(deps, cookie)
}

export function actorOfSession(session: Session, res: Response): Actor {
  const { userId, loginName: name, administrator } = session
  return { kind: 'user', userId, name, administrator, ...fromOf(contextOf(res)) }
}

/** Where a sign-in comes from, with the session that it replaces. */
export function browserOf(deps: SessionDeps, req: Request, res: Response): From {
  const agent = req.headers['user-agent']
  const cookie = deps.cookies.session.read(req)
  return {
    ...fromOf(contextOf(res)),
    ...(agent === undefined ? {} : { agent }),
    ...(cookie === undefined ? {} : { replaces: sessionHash(cookie) }),
  }
}

/**
 * The browser gets its new session, and is known as one that this account uses.
 *
 * @param keptSeconds how long it keeps the session when it is closed (S10); absent: not at all
 */
export function openSession(deps: SessionDeps, req: Request, res: Response, session: NewSession, keptSeconds?: number): void {
  deps.cookies.session.set(res, session.cookie, keptSeconds)
  rememberDevice(deps, req, res, session.loginName)
}
