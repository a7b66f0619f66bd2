import type { ErrorAnswer } from './present-error'
import { requireObject, type JsonObject } from './json'
import type { ResourceKind } from './schema'
import { invalidSyntax, invalidValue, ScimError } from './scim-error'
import { bulkResponseUrn, patchUrn } from './urns'

/** What ServiceProviderConfig advertises, and what is enforced: room for 1,000 users with every attribute. */
export const bulkLimits = { operations: 1_000, bytes: 4_194_304 } as const

const methods = ['POST', 'PUT', 'PATCH', 'DELETE'] as const
type Method = (typeof methods)[number]

/** One operation (RFC 7644 §3.7). `id` and strings of `data` may be references to what the same request creates: `bulkId:NAME`. */
export type BulkOperation = {
  readonly kind: ResourceKind
  readonly method: Method
  /** Of a POST, the name by which others refer to what it creates. */
  readonly bulkId?: string
  readonly id?: string
  readonly version?: string
  readonly data: JsonObject
  /** The bulkIds that `id` and `data` refer to. */
  readonly references: ReadonlySet<string>
}

/** An operation that cannot be tried at all; the others go on. */
export type RefusedOperation = { readonly refused: ScimError }

export type BulkRequest = {
  /** So many failures end the request; Infinity where the client set none. */
  readonly failOnErrors: number
  /** In the order of the request, with what the answer repeats of each. */
  readonly operations: readonly {
    readonly echo: BulkEcho
    readonly operation: BulkOperation | RefusedOperation
  }[]
}

export type BulkEcho = { readonly method?: string; readonly bulkId?: string }

/** @throws ScimError invalidSyntax, invalidValue, 413: only what concerns the request as a whole */
export function parseBulk(body: unknown): BulkRequest {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw invalidSyntax('The body must be a BulkRequest: {"Operations": [{"method": "POST", "path": "/Users", …}]}.')
  }
  const items = field(body as JsonObject, 'Operations')
  if (!Array.isArray(items) || items.length === 0) {
    throw invalidSyntax('Operations must be a list of one operation or more: {"method": "POST", "path": "/Users", …}.')
  }
  if (items.length > bulkLimits.operations) {
    throw new ScimError(
      413,
      undefined,
      `A Bulk takes at most ${bulkLimits.operations} operations, not ${items.length}. Split the request.`,
    )
  }
  const names = new Set<string>()
  return {
    failOnErrors: parseFailOnErrors(field(body as JsonObject, 'failOnErrors')),
    operations: items.map((item: unknown) => ({ echo: echoOf(item), operation: orRefused(() => parseOperation(item, names)) })),
  }
}

/** RFC 7644 §3.7: absent, or 0 as some clients say it, no number of failures ends the request. */
function parseFailOnErrors(value: unknown): number {
  if (value === undefined || value === null || value === 0) return Infinity
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0)
    throw invalidValue('failOnErrors must be a whole number of at least 1. Leave it out to go on after every failure.')
  return value
}

function echoOf(item: unknown): BulkEcho {
  if (typeof item !== 'object' || item === null) return {}
  const [method, bulkId] = [field(item as JsonObject, 'method'), field(item as JsonObject, 'bulkId')]
  return {
    ...(typeof method === 'string' ? { method: method.slice(0, 20).toUpperCase() } : {}),
    ...(typeof bulkId === 'string' ? { bulkId: bulkId.slice(0, maxBulkId) } : {}),
  }
}

function orRefused(parse: () => BulkOperation): BulkOperation | RefusedOperation {
  try {
    return parse()
  } catch (error) {
    if (error instanceof ScimError) return { refused: error }
    throw error
  }
}

const maxBulkId = 256

/** @param names the bulkIds given so far */
function parseOperation(item: unknown, names: Set<string>): BulkOperation {
  if (typeof item !== 'object' || item === null || Array.isArray(item))
    throw invalidSyntax('Each of Operations must be an object with method, path and data.')
  const [method, path, bulkId, version, data] = ['method', 'path', 'bulkId', 'version', 'data'].map((name) =>
    field(item as JsonObject, name),
  )
  const known = typeof method === 'string' ? methods.find((one) => one === method.toUpperCase()) : undefined
  if (!known) throw new ScimError(405, undefined, `A Bulk takes the methods ${methods.join(', ')}, not ${shown(method)}.`)
  const target = parseTarget(path)
  if (known === 'POST' && target.id !== undefined) throw invalidValue('POST goes to /Users or /Groups, without an id.')
  if (known !== 'POST' && target.id === undefined)
    throw invalidValue(`${known} needs the id of a resource in its path: /${target.kind}s/ID.`)
  if (known === 'POST') takeName(bulkId, names)
  if (version !== undefined && version !== null && typeof version !== 'string')
    throw invalidValue('version must be an ETag such as W/"3".')
  const body = known === 'DELETE' ? {} : requireObject(known === 'PATCH' && Array.isArray(data) ? { Operations: data } : data)
  return {
    kind: target.kind,
    method: known,
    data: body,
    references: collectReferences(body, collectReferences(target.id, new Set())),
    ...(known === 'POST' ? { bulkId: bulkId as string } : {}),
    ...(target.id === undefined ? {} : { id: target.id }),
    ...(typeof version === 'string' && known !== 'POST' ? { version } : {}),
  }
}

/** @throws ScimError for a bulkId that is missing, no name, or given twice */
function takeName(bulkId: unknown, names: Set<string>): void {
  if (typeof bulkId !== 'string' || bulkId === '' || bulkId.length > maxBulkId)
    throw invalidValue(`POST needs a bulkId: a name of at most ${maxBulkId} characters (RFC 7644 §3.7).`)
  if (names.has(bulkId)) throw invalidValue(`The bulkId ${shown(bulkId)} is given twice. Give each POST a name of its own.`)
  names.add(bulkId)
}

/** `/Users` or `/Users/ID`, relative to the root. */
function parseTarget(path: unknown): { readonly kind: ResourceKind; readonly id?: string } {
  const [type, id, ...more] = typeof path === 'string' ? path.split('?', 1)[0]!.split('/').filter(Boolean) : []
  const kind = kinds.get(type?.toLowerCase() ?? '')
  if (!kind || more.length > 0 || id?.startsWith('.'))
    throw invalidValue(`A Bulk takes the paths /Users, /Users/ID, /Groups and /Groups/ID, not ${shown(path)}.`)
  return id === undefined ? { kind } : { kind, id: id.replace(/^bulkId%3A/i, 'bulkId:') }
}

const kinds: ReadonlyMap<string, ResourceKind> = new Map([
  ['users', 'User'],
  ['groups', 'Group'],
])

/** The value of a message's field, whose name may come in any case (RFC 7643 §2.1). */
function field(message: JsonObject, name: string): unknown {
  return name in message ? message[name] : Object.entries(message).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1]
}

const shown = (value: unknown) => (JSON.stringify(value) ?? 'nothing').slice(0, 80)

const prefix = 'bulkId:'
/** In a path of a PATCH: `members[value eq "bulkId:NAME"]`. */
const quoted = /"bulkId:([^"\\]+)"/g

function collectReferences(value: unknown, into: Set<string>): Set<string> {
  if (typeof value === 'string') {
    if (value.startsWith(prefix)) into.add(value.slice(prefix.length))
    else if (value.includes(`"${prefix}`)) for (const found of value.matchAll(quoted)) into.add(found[1]!)
  } else if (typeof value === 'object' && value !== null) {
    for (const part of Object.values(value) as readonly unknown[]) collectReferences(part, into)
  }
  return into
}

/** The same value with the ids of what was created in place of references. */
export function resolveReferences<T>(value: T, ids: ReadonlyMap<string, string>): T {
  return replaced(value, (name) => ids.get(name)) as T
}

function replaced(value: unknown, idOf: (name: string) => string | undefined): unknown {
  if (typeof value === 'string') {
    if (value.startsWith(prefix)) return idOf(value.slice(prefix.length)) ?? value
    return value.includes(`"${prefix}`)
      ? value.replace(quoted, (whole, name: string) => JSON.stringify(idOf(name) ?? whole.slice(1, -1)))
      : value
  }
  if (Array.isArray(value)) return value.map((part) => replaced(part, idOf))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, replaced(part, idOf)]))
}

/**
 * A resource whose references run in a circle, in two: what can be created at once, and a PATCH that adds what refers to the others
 * (RFC 7644 §3.7.1). Of a list, the elements that refer; of an object, its attributes that do.
 */
export function splitCircle(
  data: JsonObject,
  circle: ReadonlySet<string>,
): { readonly first: JsonObject; readonly rest: JsonObject } {
  const [first = {}, value = {}] = split(data, circle)
  return { first: first as JsonObject, rest: { schemas: [patchUrn], Operations: [{ op: 'add', value }] } }
}

type Halves = readonly [first: unknown, rest: unknown]

function split(value: unknown, circle: ReadonlySet<string>): Halves {
  if (![...collectReferences(value, new Set())].some((name) => circle.has(name))) return [value, undefined]
  if (typeof value !== 'object' || value === null) return [undefined, value]
  if (Array.isArray(value)) {
    const halves = value.map((item: unknown): Halves => {
      const refers = [...collectReferences(item, new Set())].some((name) => circle.has(name))
      return refers ? [undefined, item] : [item, undefined]
    })
    return [0, 1].map((half) => halves.map((one) => one[half]).filter((item) => item !== undefined)) as unknown as Halves
  }
  const halves = Object.entries(value).map(([name, part]) => [name, split(part, circle)] as const)
  return [0, 1].map((half) =>
    Object.fromEntries(halves.flatMap(([name, parts]) => (parts[half] === undefined ? [] : [[name, parts[half]]]))),
  ) as unknown as Halves
}

/** What became of an operation. */
export type BulkOutcome =
  | { readonly kind: 'done'; readonly status: number; readonly location: string; readonly version?: string }
  | { readonly kind: 'failed'; readonly error: ErrorAnswer; readonly location?: string }

/** RFC 7644 §3.7.3: a status as a string; of what failed, the whole error. */
export function presentBulkResult(echo: BulkEcho, outcome: BulkOutcome): object {
  if (outcome.kind === 'failed') {
    const { error, location } = outcome
    return { ...echo, ...(location === undefined ? {} : { location }), status: String(error.status), response: error.body }
  }
  const { location, version, status } = outcome
  return { location, ...echo, ...(version === undefined ? {} : { version }), status: String(status) }
}

export const presentBulk = (results: readonly object[]) => ({ schemas: [bulkResponseUrn], Operations: results })
