import type { Request, RequestHandler } from 'express'
import { newUuid } from '../ports/clock'
import type { Log } from '../ports/log'

/** What every door knows of a request. */
export type RequestContext = { readonly id: string; readonly address: string; readonly log: Log; readonly startedAt: number }

/** Gives each request an id, which stands in the answer (X-Request-Id), in the log and in the audit log. */
export function requestContext(log: Log): RequestHandler {
  return (req, res, next) => {
    const id = newUuid(Date.now())
    const context: RequestContext = { id, address: req.ip ?? '', log: log.child({ requestId: id }), startedAt: performance.now() }
    res.locals['context'] = context
    res.setHeader('X-Request-Id', id)
    res.once('finish', () => {
      context.log.info(
        {
          method: req.method,
          path: pathOf(req),
          status: res.statusCode,
          ms: Math.round((performance.now() - context.startedAt) * 10) / 10,
        },
        'request',
      )
    })
    next()
  }
}

/** Without the query: it may name people. */
const pathOf = (req: Request) => req.originalUrl.split('?', 1)[0]

export const contextOf = (res: { readonly locals: Record<string, unknown> }) => res.locals['context'] as RequestContext

/** Who asks from where, for the audit log. */
export const fromOf = (context: RequestContext) => ({ address: context.address, requestId: context.id })

/** One value of a query parameter; undefined when it is missing, the first when it comes several times. */
export function queryText(req: Request, name: string): string | undefined {
  const value = req.query[name]
  const first: unknown = Array.isArray(value) ? value[0] : value
  return typeof first === 'string' ? first : undefined
}

/** An error of Express' own parsers: what it says of itself. */
export type HttpError = { readonly status: number; readonly type?: string; readonly limit?: number }

export function httpError(error: unknown): HttpError | undefined {
  if (typeof error !== 'object' || error === null || !('status' in error) || typeof error.status !== 'number') return undefined
  return error.status >= 400 && error.status < 500 ? (error as HttpError) : undefined
}
