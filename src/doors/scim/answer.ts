import type { Request, Response } from 'express'
import type { Version } from '../../domain/brand'
import { presentEtag } from '../../wire/scim/etag'
import { contextOf } from '../request'
import type { ErrorAnswer } from '../../wire/scim/present-error'
import { writePiece } from '../write-piece'

/** `application/scim+json`, or `application/json` for who accepts only that (OneLogin). */
function mediaType(req: Request): string {
  const accept = req.headers.accept ?? ''
  const type = accept.includes('application/json') && !accept.includes('scim+json') ? 'application/json' : 'application/scim+json'
  return `${type}; charset=utf-8`
}

/** The headers of an answer; all go to `writeHead` at once, for each that is set before costs more. */
export type Headers = Readonly<Record<string, string>>

export function sendScim(req: Request, res: Response, status: number, body: object, headers?: Headers): void {
  sendText(req, res, status, JSON.stringify(body), headers)
}

/** As one text: Node then sends head and body by one call. */
export function sendText(req: Request, res: Response, status: number, text: string, headers?: Headers): void {
  res.writeHead(status, { ...common(req, res), ...headers, 'Content-Length': Buffer.byteLength(text) })
  res.end(req.method === 'HEAD' ? undefined : text)
}

/** 204, 304, or what is not shown to who may only write. */
export function sendEmpty(res: Response, status: number, headers?: Headers): void {
  res.writeHead(status, { 'X-Request-Id': contextOf(res).id, ...headers, ...(status === 201 ? { 'Content-Length': 0 } : {}) })
  res.end()
}

const common = (req: Request, res: Response) => ({
  'X-Request-Id': contextOf(res).id,
  'Content-Type': mediaType(req),
  'X-Content-Type-Options': 'nosniff',
  'Cache-Control': 'no-store',
})

/** So much is sent at once. */
const sliceLength = 65_536

/**
 * An answer that comes in pieces. Nothing is sent before the first 64 KB or the end: what fails until then is answered as an error, and
 * a small answer has its length.
 */
export async function sendPieces(
  req: Request,
  res: Response,
  status: number,
  pieces: AsyncIterable<string>,
  headers?: Headers,
): Promise<void> {
  let text = ''
  for await (const piece of pieces) {
    text += piece
    if (text.length < sliceLength) continue
    if (!res.headersSent) res.writeHead(status, { ...common(req, res), ...headers })
    if (req.method === 'HEAD') break
    await writePiece(res, text)
    if (res.destroyed) return // nobody listens any more
    text = ''
  }
  if (res.headersSent) res.end(req.method === 'HEAD' ? undefined : text)
  else sendText(req, res, status, text, headers)
}

/** Where a resource is and which version it has (RFC 7643 §3.1, RFC 7644 §3.14; `Location` as in the examples of §3.4.1 and §3.5). */
export function resourceHeaders(location: string, version: Version): Headers {
  return { ETag: presentEtag(version), Location: location, 'Content-Location': location }
}

export const sendError = (req: Request, res: Response, { status, body }: ErrorAnswer) => sendScim(req, res, status, body)
