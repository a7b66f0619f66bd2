import type { Request, RequestHandler, Response } from 'express'
import { ScimError } from '../../wire/scim/scim-error'
import { refuseMethod } from './asked'

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
type Handler = (req: Request, res: Response, id: string) => Promise<void> | void
type Methods = Readonly<Partial<Record<Method, Handler>>>

/** What the three paths under a type of resource answer. */
export type ResourceRoutes = { readonly '/': Methods; readonly '/.search': Methods; readonly '/:id': Methods }

/**
 * Everything under `/Users` or `/Groups`, in one layer: these paths are asked all the time, and a path that Express looks for costs more
 * than what is answered.
 *
 * @param before lets in, and reads the body
 */
export function resourceRoutes(
  mount: string,
  before: (req: Request, res: Response) => Promise<void>,
  routes: ResourceRoutes,
): RequestHandler {
  return async (req, res) => {
    const { pattern, id } = parsePath(req.path)
    res.locals['route'] = pattern === '/' ? mount : mount + pattern
    await before(req, res)
    const methods = routes[pattern]
    const handler = methods[(req.method === 'HEAD' ? 'GET' : req.method) as Method]
    if (!handler) refuseMethod(req, res, Object.keys(methods).join(', '))
    await handler(req, res, id)
  }
}

/** A slash at the end changes nothing. @throws ScimError 404 for what lies deeper */
function parsePath(path: string): { readonly pattern: keyof ResourceRoutes; readonly id: string } {
  const rest = path.replace(/^\/|\/$/g, '')
  if (rest === '') return { pattern: '/', id: '' }
  if (rest === '.search') return { pattern: '/.search', id: '' }
  if (rest.includes('/')) throw new ScimError(404, undefined, `There is nothing at ${path.slice(0, 120)}. Ask for /ID.`)
  return { pattern: '/:id', id: decoded(rest) }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw new ScimError(400, 'invalidSyntax', 'The address holds a percent sign that is no escape. Send %25 for it.')
  }
}
