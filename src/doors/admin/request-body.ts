import type { Request } from 'express'
import type { Version } from '../../domain/brand'
import { Refusal } from './refusal'

/** @throws Refusal for a body of another type */
export function jsonBody(req: Request): unknown {
  if (req.body === undefined && Number(req.headers['content-length'] ?? 0) > 0)
    throw new Refusal(415, 'unsupportedMediaType', 'Not JSON', 'Send the body as application/json.')
  return req.body as unknown
}

/** The versions of If-Match; undefined for none and for `*`. One that is none of ours matches nothing. */
export function ifMatch(req: Request): readonly Version[] | undefined {
  const header = req.headers['if-match']
  if (header === undefined || header.trim() === '*') return undefined
  return header.split(',').map((tag) => Number(/^\s*"(\d+)"\s*$/.exec(tag)?.[1] ?? -1) as Version)
}
