import type { RequestHandler, Response } from 'express'
import helmet from 'helmet'
import { randomBytes } from 'node:crypto'

/**
 * What browsers are told with every answer. What a page may load and run, `contentSecurityPolicy` says; all else may load nothing.
 *
 * @param isProtected whether other sites may show us in a frame (S20); while nobody knows, they may not
 */
export function securityHeaders(isHttps: boolean, isProtected: () => Promise<boolean>): readonly RequestHandler[] {
  return [
    helmet({
      contentSecurityPolicy: false,
      xFrameOptions: false,
      referrerPolicy: { policy: 'same-origin' }, // with `no-referrer` browsers say of our own forms that they come from nowhere
      strictTransportSecurity: isHttps && { maxAge: 365 * 24 * 3600, includeSubDomains: false },
    }),
    async (_req, res, next) => {
      const mayFrame = !(await isProtected().catch(() => true))
      res.locals['mayFrame'] = mayFrame
      if (!mayFrame) res.setHeader('X-Frame-Options', 'SAMEORIGIN')
      res.setHeader('Permissions-Policy', denied)
      res.setHeader('Cache-Control', 'no-store')
      res.setHeader('Content-Security-Policy', [`default-src 'none'`, ...frameAncestors(res)].join('; '))
      next()
    },
  ]
}

/** What no page of ours asks a browser for. */
const denied = ['camera', 'display-capture', 'geolocation', 'microphone', 'payment', 'usb']
  .map((feature) => `${feature}=()`)
  .join(', ')

/** For `nonce="…"` of a style or script of this answer; another one each time. */
export function nonceOf(res: Response): string {
  return (res.locals['nonce'] ??= randomBytes(16).toString('base64')) as string
}

/**
 * Of a page: styles and scripts by their nonce alone.
 *
 * @param formTarget an origin beside our own that a form of the page may lead to, redirects included
 */
export function contentSecurityPolicy(res: Response, formTarget = ''): string {
  const nonce = `'nonce-${nonceOf(res)}'`
  return [
    `default-src 'none'`,
    `style-src ${nonce}`,
    `script-src ${nonce}`,
    `img-src 'self' data:`,
    `form-action 'self' ${formTarget}`.trimEnd(),
    `base-uri 'none'`,
    ...frameAncestors(res),
  ].join('; ')
}

const frameAncestors = (res: Response) => (res.locals['mayFrame'] === true ? [] : [`frame-ancestors 'self'`])
