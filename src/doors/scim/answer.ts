import type { Request, Response } from 'express'
import type { Version } from '../../domain/brand'
import { presentEtag } from '../../wire/scim/etag'
import type { ErrorAnswer } from '../../wire/scim/present-error'

/** `application/scim+json`, or `application/json` for who accepts only that (OneLogin). */
function mediaType(req: Request): string {
  const accept = req.headers.accept ?? ''
  const type = accept.includes('application/json') && !accept.includes('scim+json') ? 'application/json' : 'application/scim+json'
  return `${type}; charset=utf-8`
}

export function sendScim(req: Request, res: Response, status: number, body: object): void {
  sendText(req, res, status, JSON.stringify(body))
}

/** As one text: Node then sends head and body by one call. */
function sendText(req: Request, res: Response, status: number, text: string): void {
  res.writeHead(status, { ...headers(req), 'Content-Length': Buffer.byteLength(text) })
  res.end(req.method === 'HEAD' ? undefined : text)
}

const headers = (req: Request) => ({
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
export async function sendPieces(req: Request, res: Response, status: number, pieces: AsyncIterable<string>): Promise<void> {
  let text = ''
  for await (const piece of pieces) {
    text += piece
    if (text.length < sliceLength) continue
    if (!res.headersSent) res.writeHead(status, headers(req))
    if (req.method === 'HEAD') break
    await write(res, text)
    if (res.destroyed) return // nobody listens any more
    text = ''
  }
  if (res.headersSent) res.end(req.method === 'HEAD' ? undefined : text)
  else sendText(req, res, status, text)
}

/** Waits while the client reads more slowly than we write. */
async function write(res: Response, text: string): Promise<void> {
  if (res.write(text) || res.destroyed) return
  await new Promise<void>((resolve) => {
    res.once('drain', resolve)
    res.once('close', resolve)
  })
}

/** Where a resource is and which version it has (RFC 7644 §3.1, §3.14). */
export function setResourceHeaders(res: Response, location: string, version: Version, created = false): void {
  res.setHeader('ETag', presentEtag(version))
  res.setHeader(created ? 'Location' : 'Content-Location', location)
}

export const sendError = (req: Request, res: Response, { status, body }: ErrorAnswer) => sendScim(req, res, status, body)
