import type { Request, Response } from 'express'
import type { ErrorAnswer } from '../../wire/scim/present-error'

/** `application/scim+json`, or `application/json` for who accepts only that (OneLogin). */
export function mediaType(req: Request): string {
  const accept = req.headers.accept ?? ''
  const type = accept.includes('application/json') && !accept.includes('scim+json') ? 'application/json' : 'application/scim+json'
  return `${type}; charset=utf-8`
}

/** As one text: Node then sends head and body by one call. */
export function sendScim(req: Request, res: Response, status: number, body: object): void {
  const text = JSON.stringify(body)
  res.writeHead(status, {
    'Content-Type': mediaType(req),
    'Content-Length': Buffer.byteLength(text),
    'X-Content-Type-Options': 'nosniff',
    'Cache-Control': 'no-store',
  })
  res.end(req.method === 'HEAD' ? undefined : text)
}

export const sendError = (req: Request, res: Response, { status, body }: ErrorAnswer) => sendScim(req, res, status, body)
