import type { Request, RequestHandler, Response } from 'express'
import { newUuid } from '../ports/clock'
import type { Log } from '../ports/log'
import type { Traffic } from '../ports/traffic'

/** What every door knows of a request. */
export class RequestContext {
  readonly id = newUuid(Date.now())
  readonly startedAt = performance.now()

  constructor(
    readonly address: string,
    private readonly lines: Log,
  ) {}

  /** Its lines carry the request's id. */
  get log(): Log {
    return this.lines.child({ requestId: this.id })
  }
}

/** Is told of every request when it was answered. */
export type RequestTimer = (req: Request, res: Response, ms: number) => void

/** Gives each request an id, which stands in the log, in the audit log, and in the answer: `showRequestId` puts it there. */
export function requestContext(log: Log, timed: RequestTimer, traffic: Traffic): RequestHandler {
  return (req, res, next) => {
    const context = new RequestContext(addressOf(req), log)
    res.locals['context'] = context
    res.on('finish', () => {
      const ms = performance.now() - context.startedAt
      const { statusCode: status } = res
      traffic.answered++
      timed(req, res, ms)
      const level = status < 400 && readMethods.has(req.method) ? 'debug' : 'info'
      if (log.isLevelEnabled(level)) {
        const fields = { requestId: context.id, method: req.method, path: pathOf(req), status, ms: Math.round(ms * 10) / 10 }
        log[level](fields, 'request')
      }
    })
    next()
  }
}

/** What only reads and was answered is told to who asks for every request (`KAGAMI_LOG_LEVEL=debug`). */
const readMethods: ReadonlySet<string> = new Set(['GET', 'HEAD'])

/** Express looks through its proxies also where there are none. */
function addressOf(req: Request): string {
  return (req.headers['x-forwarded-for'] === undefined ? req.socket.remoteAddress : req.ip) ?? ''
}

/** The id of the request in its answer. SCIM answers name it themselves, for a header that is set before the others costs more. */
export const showRequestId: RequestHandler = (_req, res, next) => {
  res.setHeader('X-Request-Id', contextOf(res).id)
  next()
}

/** Without the query: it may name people. */
const pathOf = (req: Request) => req.originalUrl.split('?', 1)[0]

export const contextOf = (res: { readonly locals: Record<string, unknown> }) => res.locals['context'] as RequestContext

/** Who asks from where, for the audit log. */
export const fromOf = (context: RequestContext) => ({ address: context.address, requestId: context.id })

/** Of each request its query, for Express parses it anew whenever it is asked. */
const queries = Symbol('query')

/** One value of a query parameter; undefined when it is missing, the first when it comes several times. */
export function queryText(req: Request & { [queries]?: Request['query'] }, name: string): string | undefined {
  const value = (req[queries] ??= req.query)[name]
  const first: unknown = Array.isArray(value) ? value[0] : value
  return typeof first === 'string' ? first : undefined
}

/** An error of Express' own parsers: what it says of itself. */
export type HttpError = { readonly status: number; readonly type?: string; readonly limit?: number }

export function httpError(error: unknown): HttpError | undefined {
  if (typeof error !== 'object' || error === null || !('status' in error) || typeof error.status !== 'number') return undefined
  return error.status >= 400 && error.status < 500 ? (error as HttpError) : undefined
}
