import express, { type Router } from 'express'
import type { Registry } from 'prom-client'
import type { Store } from '../../ports/store'

/**
 * `/livez`: the process answers. `/readyz`: it can do its work now; 503 while it starts, stops, or its database does not answer. A chat
 * or mail server that is down does not count: its work waits, sign-in and SCIM go on. `/metrics`: Prometheus.
 */
export function healthDoor(deps: {
  readonly store: Store
  readonly metrics: Registry
  readonly isStopping: () => boolean
}): Router {
  const router = express.Router()
  router.get('/livez', (_req, res) => void res.json({ status: 'ok' }))
  router.get('/readyz', async (_req, res) => {
    const health = deps.isStopping() ? ({ ready: false, detail: 'stopping' } as const) : await deps.store.health()
    res.set('Cache-Control', 'no-store').status(health.ready ? 200 : 503)
    res.json(health.ready ? { status: 'ok' } : { status: 'unavailable', detail: health.detail })
  })
  router.get('/metrics', async (_req, res) => {
    res.type(deps.metrics.contentType).send(await deps.metrics.metrics())
  })
  return router
}
