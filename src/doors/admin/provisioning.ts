import express, { type Request, type Response, type Router } from 'express'
import type { Actor } from '../../domain/access/actor'
import type { ProvisioningLine } from '../../domain/audit/provisioning-line'
import type { Store } from '../../ports/store'
import { listProvisioning, walkProvisioning, type ProvisioningFilter } from '../../usecases/audit/list-provisioning'
import { parseInput } from '../../wire/admin/parse-input'
import { csvHead, csvOf, exportParameters, logParameters, presentLine } from '../../wire/admin/provisioning'
import { writePiece } from '../write-piece'
import { refuseMethod } from './refusal'

type ActorOf = (req: Request, res: Response) => Promise<Actor>

/** `/api/v1/provisioning-log`: what clients asked for and what became of it, to be searched and exported. */
export function provisioningRoutes(deps: { readonly store: Store }, actorOf: ActorOf): Router {
  const router = express.Router()

  router
    .route('/')
    .get(async (req, res) => {
      const actor = await actorOf(req, res)
      const { limit, cursor, ...filter } = parseInput(logParameters, req.query)
      const { lines, next } = await listProvisioning(deps, actor, filterFrom(filter), limit, cursor)
      res.json({ lines: lines.map(presentLine), next })
    })
    .all(refuseMethod('GET'))

  /** In slices: a long export holds nobody up, and one that nobody reads any more ends. */
  router
    .route('/export')
    .get(async (req, res) => {
      const actor = await actorOf(req, res)
      const { format, ...filter } = parseInput(exportParameters, req.query)
      const slices = await walkProvisioning(deps, actor, filterFrom(filter))
      const isCsv = format === 'csv'
      const present = (line: ProvisioningLine) => (isCsv ? csvOf(line) : `${JSON.stringify(presentLine(line))}\n`)
      for await (const lines of slices) {
        if (res.destroyed) return
        // what fails before the first line is answered as a problem
        if (!res.headersSent) {
          res.attachment(`provisioning-log.${format}`)
          res.type(isCsv ? 'text/csv; charset=utf-8' : 'application/x-ndjson; charset=utf-8')
          res.writeHead(200)
          if (isCsv) res.write(csvHead)
        }
        if (lines.length > 0) await writePiece(res, lines.map(present).join(''))
      }
      res.end()
    })
    .all(refuseMethod('GET'))

  return router
}

const filterFrom = ({ object, ...filter }: ProvisioningFilter & { readonly object?: string }): ProvisioningFilter => ({
  ...filter,
  ...(object === undefined ? {} : { objectId: object.toLowerCase() }),
})
