import type { Request, Response } from 'express'
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import { targetNames } from '../../domain/mirror/account'
import type { Store } from '../../ports/store'
import { findSamlIdp } from '../../usecases/access/saml-settings'
import { certificateFacts } from '../../wire/saml/certificates'
import type { RequestTimer } from '../request'

/** A registry of this instance alone: the process, its requests, and how far the mirrors are. */
export function makeMetrics(store: Store): Registry {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const mirror = new Gauge({
    name: 'kagami_mirror_accounts',
    help: 'People by target and state: mirrored, waiting, dead letters',
    labelNames: ['target', 'state'],
    registers: [registry],
    collect: async () => {
      for (const target of targetNames) {
        const { accounts, waiting, deadLetters } = await store.read.mirror.status(target)
        mirror.set({ target, state: 'mirrored' }, accounts)
        mirror.set({ target, state: 'waiting' }, waiting)
        mirror.set({ target, state: 'dead_letter' }, deadLetters)
      }
    },
  })
  const certificates = new Gauge({
    name: 'kagami_saml_certificate_not_after_seconds',
    help: "When the certificates end by which the identity provider's signatures are verified, in seconds since 1970",
    labelNames: ['sha256'],
    registers: [registry],
    collect: async () => {
      certificates.reset()
      for (const pem of (await findSamlIdp({ store }))?.certificates ?? []) {
        const { sha256, notAfter } = certificateFacts(pem)
        certificates.set({ sha256: sha256.slice(0, 16) }, notAfter / 1000)
      }
    },
  })
  return registry
}

/** Times every request, by the pattern of its route and never by its URL, which has no end. */
export function requestMetrics(registry: Registry): RequestTimer {
  const seconds = new Histogram({
    name: 'kagami_http_request_seconds',
    help: 'Duration of HTTP requests',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10],
    registers: [registry],
  })
  return (req, res, ms) => seconds.observe({ method: req.method, route: routeOf(req, res), status: res.statusCode }, ms / 1000)
}

/** `/scim/v2/Users/:id`. Where a router is mounted is read off the URL: `req.baseUrl` is another one again when a request failed. */
function routeOf(req: Request, { locals }: Response): string {
  if (typeof locals['route'] === 'string') return locals['route'] // of who looks for paths himself
  const pattern: unknown = (req.route as { readonly path?: unknown } | undefined)?.path
  if (typeof pattern !== 'string') return 'none'
  const path = req.originalUrl.split('?', 1)[0]!.replace(/\/$/, '')
  const own = pattern === '/' ? 0 : pattern.split('/').length - 1
  const mount = path.split('/').slice(0, own === 0 ? undefined : -own)
  return `${mount.join('/')}${pattern}`
}
