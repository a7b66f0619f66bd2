import type { RequestHandler } from 'express'

/**
 * Refuses what another site makes a browser send (cross-site request forgery): browsers say where a request comes from. Who sends
 * neither header is no browser, and has no cookie of ours that he did not put there himself.
 */
export function requireSameOrigin(baseUrl: string, refuse: RequestHandler): RequestHandler {
  return (req, res, next) => {
    if (['GET', 'HEAD', 'OPTIONS'].includes(req.method)) return next()
    const site = req.headers['sec-fetch-site']
    const origin = req.headers.origin
    const same = site === undefined ? origin === undefined || origin === baseUrl : site === 'same-origin' || site === 'none'
    if (same) return next()
    return refuse(req, res, next)
  }
}
