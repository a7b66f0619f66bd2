import type { Request, Response, Router } from 'express'
import type { Actor } from '../../domain/access/actor'
import type { Version } from '../../domain/brand'
import { parseEtags } from '../../wire/scim/etag'
import { parseProjection, type Projection } from '../../wire/scim/projection'
import type { ResourceKind } from '../../wire/scim/schema'
import { ScimError } from '../../wire/scim/scim-error'
import { searchParameters, type SearchParameters } from '../../wire/scim/search'
import { queryText } from '../request'

/** What a request asks for, and who asks. */
export const actorOf = (res: Response) => res.locals['actor'] as Actor

export const ifMatch = (req: Request) => parseEtags(req.headers['if-match'])

export const projectionOf = (req: Request, kind: ResourceKind): Projection =>
  parseProjection(kind, queryText(req, 'attributes'), queryText(req, 'excludedAttributes'))

export function searchOf(req: Request): SearchParameters {
  const given = searchParameters.map((name) => [name, queryText(req, name)] as const)
  return Object.fromEntries(given.filter(([, text]) => text !== undefined))
}

/** If-None-Match names the version there is (RFC 7644 §3.14). */
export function isKnown(req: Request, version: Version): boolean {
  const header = req.headers['if-none-match']
  if (header === undefined) return false
  const tags = parseEtags(header)
  return tags === undefined || tags.includes(version)
}

/** May the answer to a change show the resource? Who may only write is told where it is and its version. */
export const mayRead = (actor: Actor, kind: ResourceKind) =>
  actor.kind !== 'client' || actor.scopes.has(kind === 'User' ? 'users:read' : 'groups:read')

/** Behind the routes of a path: its other methods. */
export function refuseOtherMethods(router: Router, path: string, allowed: string): void {
  router.all(path, (req, res) => refuseMethod(req, res, allowed))
}

export function refuseMethod(req: Request, res: Response, allowed: string): never {
  res.setHeader('Allow', allowed)
  throw new ScimError(405, undefined, `${req.method} is not possible here. Possible: ${allowed}.`)
}
