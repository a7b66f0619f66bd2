import type { RequestHandler } from 'express'
import type { Actor } from '../../domain/access/actor'
import {
  parseBulk,
  presentBulk,
  presentBulkResult,
  resolveReferences,
  splitCircle,
  type BulkOperation,
  type BulkOutcome,
  type BulkRequest,
} from '../../wire/scim/bulk'
import { bulkOrder, type BulkStep } from '../../wire/scim/bulk-order'
import { parseEtags, presentEtag } from '../../wire/scim/etag'
import { errorBody, presentError, type ErrorAnswer } from '../../wire/scim/present-error'
import type { ResourceKind } from '../../wire/scim/schema'
import { ScimError } from '../../wire/scim/scim-error'
import { contextOf } from '../request'
import { sendScim } from './answer'
import { actorOf } from './asked'
import { refusalIn } from './note-refusal'
import type { Operations, Written } from './operations'
import type { ScimDeps } from './scim-door'
import { turns } from './turns'

/** So many operations run at once: as many as share a commit, and few enough that others have their turn. */
const together = 250

/** So many Bulks write at once on this node: the queue of writers stays open for who changes one thing. */
const bulksAtOnce = 4

type BulkDeps = {
  readonly operations: Readonly<Record<ResourceKind, Operations>>
  readonly actor: Actor
  /** The URL of `/scim/v2`. */
  readonly base: string
  /** What a client is told of a bug. */
  readonly unexpected: (error: unknown) => ErrorAnswer
  /** Is told what is answered to an operation that failed. */
  readonly refused: (error: ErrorAnswer, operation: BulkRequest['operations'][number]) => void
  /** Lets a wave of operations run when it is its turn. */
  readonly inTurn: <T>(wave: () => Promise<T>) => Promise<T>
}

/**
 * `POST /Bulk` (RFC 7644 §3.7). Each operation is what its own request would be: the same parsers, use case and transaction. Those that
 * do not depend on each other run together, so that their writes share commits.
 */
export function bulkRoute(
  { refusals, traffic }: Pick<ScimDeps, 'refusals' | 'traffic'>,
  operations: BulkDeps['operations'],
  base: string,
): RequestHandler {
  const inTurn = turns(bulksAtOnce)
  return async (req, res) => {
    const { log, id } = contextOf(res)
    const unexpected = (error: unknown) => {
      log.error({ err: error }, 'an operation of a Bulk failed')
      return errorBody(500, undefined, `Something is wrong in Kagami. Its log tells more under the request id ${id}.`)
    }
    const refused: BulkDeps['refused'] = (error, { echo, operation }) =>
      refusals.note(refusalIn(res, error, 'refused' in operation ? echo : operation))
    const request = parseBulk(req.body)
    traffic.answered += request.operations.length
    const results = await runBulk({ operations, actor: actorOf(res), base, unexpected, refused, inTurn }, request)
    sendScim(req, res, 200, presentBulk(results))
  }
}

/** The results in the order of the request; what `failOnErrors` has kept from running is not among them (RFC 7644 §3.7.3). */
async function runBulk(deps: BulkDeps, request: BulkRequest): Promise<readonly object[]> {
  const { failOnErrors, operations } = request
  const order = bulkOrder(operations.map(({ operation }) => ('refused' in operation ? undefined : operation)))
  const attempt = attempts(deps, request, order.circleOf)
  const outcomes: (BulkOutcome | undefined)[] = operations.map(() => undefined)
  let failures = 0
  while (failures < failOnErrors) {
    // no more at once than may fail: nothing runs behind the failure that ends the request
    const steps = order.next(Math.min(together, failOnErrors - failures))
    if (steps.length === 0) break
    const found = await deps.inTurn(() => Promise.all(steps.map(attempt)))
    for (const [i, step] of steps.entries()) {
      // it ran beside a change that stands before it and may have given up the name it takes
      const again = isNameTaken(found[i]!) && steps.slice(0, i).some(({ index }) => mayRename(request, index))
      const outcome = again ? await attempt(step) : found[i]!
      if (outcome.kind === 'failed' && outcome !== outcomes[step.index]) failures++
      outcomes[step.index] = step.part === 'first' ? unlessEnded(outcome) : outcome
    }
    order.done(steps)
    await new Promise((resolve) => setImmediate(resolve)) // others have their turn
  }
  return outcomes.flatMap((outcome, i) => {
    if (outcome?.kind === 'failed') deps.refused(outcome.error, operations[i]!)
    return outcome ? [presentBulkResult(operations[i]!.echo, outcome)] : []
  })
}

/** What stands in the answer when the request ends between the two steps of an operation. */
function unlessEnded(first: BulkOutcome): BulkOutcome {
  if (first.kind === 'failed') return first
  const { location } = first
  const detail = `It was created at ${location}, but failOnErrors ended the request before what refers to others was added.`
  return { kind: 'failed', error: errorBody(409, undefined, detail), location }
}

const refusal = (error: ScimError): BulkOutcome => ({ kind: 'failed', error: presentError(error)! })

const isNameTaken = (outcome: BulkOutcome) => outcome.kind === 'failed' && outcome.error.body['scimType'] === 'uniqueness'

function mayRename({ operations }: BulkRequest, index: number): boolean {
  const { operation } = operations[index]!
  return 'method' in operation && (operation.method === 'PUT' || operation.method === 'PATCH')
}

/** Runs steps one by one or side by side, and keeps what later ones need to know of them. */
function attempts(
  { operations, actor, base, unexpected }: BulkDeps,
  request: BulkRequest,
  circleOf: (index: number) => ReadonlySet<string>,
): (step: BulkStep) => Promise<BulkOutcome> {
  const ids = new Map<string, string>()
  const names = new Set<string>()
  /** By bulkId: what was not created. */
  const failed = new Map<string, BulkOutcome>()
  for (const { echo, operation } of request.operations) {
    if (echo.method !== 'POST' || echo.bulkId === undefined || names.has(echo.bulkId)) continue
    names.add(echo.bulkId)
    if ('refused' in operation) failed.set(echo.bulkId, refusal(operation.refused))
  }

  /** @throws ScimError 409 for what stands for nothing (RFC 7644 §3.7.1) */
  const checkReferences = (references: Iterable<string>) => {
    for (const name of references) {
      if (!names.has(name)) {
        throw new ScimError(409, undefined, `bulkId:${name} stands for nothing: no POST of this request has the bulkId ${name}.`)
      }
      if (failed.has(name)) {
        throw new ScimError(409, undefined, `It depends on the operation with the bulkId ${name}, which failed. Mend that one.`)
      }
    }
  }

  const run = async (operation: BulkOperation, part: BulkStep['part'], circle: ReadonlySet<string>): Promise<BulkOutcome> => {
    const { kind, method, bulkId, references } = operation
    const of = operations[kind]
    const at = (id: string) => `${base}/${kind}s/${id}`
    const done = (status: number, { id, version }: Written<unknown>): BulkOutcome => {
      if (bulkId !== undefined) {
        ids.set(bulkId, id)
        failed.delete(bulkId)
      }
      return { kind: 'done', status, location: at(id), version: presentEtag(version) }
    }
    if (part === 'first') {
      checkReferences([...references].filter((name) => !circle.has(name)))
      return done(201, await of.create(actor, resolveReferences(splitCircle(operation.data, circle).first, ids)))
    }
    checkReferences(references)
    const own = part === 'rest' ? splitCircle(operation.data, circle).rest : operation.data
    const data = references.size === 0 ? own : resolveReferences(own, ids)
    if (part === 'rest') return done(201, await of.patch(actor, ids.get(bulkId!)!, data))
    if (method === 'POST') return done(201, await of.create(actor, data))
    const id = resolveReferences(operation.id!, ids)
    const ifVersions = parseEtags(operation.version)
    if (method === 'PUT') return done(200, await of.replace(actor, id, data, ifVersions))
    if (method === 'PATCH') return done(200, await of.patch(actor, id, data, ifVersions))
    await of.remove(actor, id, ifVersions)
    return { kind: 'done', status: 204, location: at(id) }
  }

  const failure = ({ kind, id, bulkId }: BulkOperation, part: BulkStep['part'], error: ErrorAnswer): BulkOutcome => {
    const found = part === 'rest' ? ids.get(bulkId!) : id && resolveReferences(id, ids)
    const location = found === undefined || found.startsWith('bulkId:') ? {} : { location: `${base}/${kind}s/${found}` }
    if (part !== 'rest') return { kind: 'failed', error, ...location }
    const detail = `It was created, but what refers to others was refused: ${String(error.body['detail'])}`
    return { kind: 'failed', error: { ...error, body: { ...error.body, detail } }, ...location }
  }

  return async ({ index, part }) => {
    const { operation } = request.operations[index]!
    if ('refused' in operation) return refusal(operation.refused)
    const { bulkId } = operation
    if (part === 'rest' && failed.has(bulkId!)) return failed.get(bulkId!)!
    try {
      return await run(operation, part, circleOf(index))
    } catch (error) {
      const outcome = failure(operation, part, presentError(error) ?? unexpected(error))
      if (bulkId !== undefined && part !== 'rest') failed.set(bulkId, outcome)
      return outcome
    }
  }
}
