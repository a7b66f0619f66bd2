import { expandBody, noteMessageSchema, type Dialect, type Entry } from './dialects'
import { requireObject, type JsonObject } from './json'
import { parsePatchPath, type PatchPath } from './patch-path'
import type { ResourceKind } from './schema'
import { invalidPath, invalidSyntax, invalidValue, mutability, noTarget } from './scim-error'
import { patchUrn } from './urns'

/** One step on one attribute. */
export type PatchStep = { readonly op: 'add' | 'replace' | 'remove'; readonly path: PatchPath; readonly value: unknown }

type Operation = { readonly op: PatchStep['op']; readonly path?: string; readonly value: unknown }

/**
 * What one PATCH may hold. A group may have a step a member; a user has not so many attributes, and each step may look at all elements
 * of one. Paths with a filter are what takes time to read.
 */
const limits: Readonly<Record<ResourceKind, { readonly operations: number; readonly filterCharacters: number }>> = {
  User: { operations: 1_000, filterCharacters: 32_768 },
  Group: { operations: 10_000, filterCharacters: 655_360 },
}

/**
 * The operations of a PatchOp (RFC 7644 §3.5.2); one without a path is a step an attribute of its value.
 *
 * @param id of the resource that is patched: a value may repeat it, and no other
 * @throws ScimError invalidSyntax, invalidPath, invalidFilter, invalidValue, mutability, noTarget
 */
export function parsePatchSteps(kind: ResourceKind, body: unknown, dialect: Dialect, id?: string): readonly PatchStep[] {
  const message = requireObject(body)
  noteMessageSchema(patchUrn, message, dialect)
  const operations = message['Operations'] ?? Object.entries(message).find(([name]) => name.toLowerCase() === 'operations')?.[1]
  if (!Array.isArray(operations) || operations.length === 0) {
    throw invalidSyntax('Operations must be a list of one operation or more: {"op": "replace", "path": …, "value": …}.')
  }
  const limit = limits[kind]
  if (operations.length > limit.operations)
    throw invalidValue(`More than ${limit.operations} operations in one request. Split it.`)
  let filterCharacters = 0
  const pathOf = (path: string) => {
    if (path.includes('[')) filterCharacters += path.length
    if (filterCharacters > limit.filterCharacters)
      throw invalidPath(`The paths with filters are longer than ${limit.filterCharacters} characters in all. Split the request.`)
    return parsePatchPath(kind, path, dialect)
  }
  return operations.flatMap((item): readonly PatchStep[] => {
    const { op, path, value } = parseOperation(item, dialect)
    if (path !== undefined) return [{ op, path: pathOf(path), value }]
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw invalidValue(`${op} without a path needs an object of attributes as its value.`)
    }
    const entries = expandBody(kind, value as JsonObject, dialect, (key, part) => {
      if (!key.includes('[')) return []
      dialect.add('dottedKey')
      return [{ path: pathOf(key), value: part }]
    })
    return writable(entries, dialect, id).map((entry) => ({ op, ...entry }))
  })
}

function parseOperation(item: unknown, dialect: Dialect): Operation {
  if (typeof item !== 'object' || item === null || Array.isArray(item))
    throw invalidSyntax('Each of Operations must be an object.')
  const { op, path, value } = withKnownNames(item as JsonObject)
  const kind =
    typeof op === 'string' ? (['add', 'replace', 'remove'] as const).find((one) => one === op.toLowerCase()) : undefined
  if (!kind) throw invalidSyntax(`op must be add, replace or remove, not ${(JSON.stringify(op) ?? 'missing').slice(0, 40)}.`)
  if (kind !== op) dialect.add('capitalisedOp')
  if (path !== undefined && path !== null && typeof path !== 'string') throw invalidSyntax('path must be a string.')
  const named = typeof path === 'string' && path.trim() !== '' ? path.trim() : undefined
  if (path === '') dialect.add('emptyText')
  if (kind === 'remove' && named === undefined)
    throw noTarget('remove needs a path that says what to remove (RFC 7644 §3.5.2.2).')
  if (kind === 'remove' && value !== undefined && value !== null) dialect.add('removeByValue')
  if (kind !== 'remove' && value === undefined) throw invalidValue(`${kind} needs a value.`)
  return { op: kind, value, ...(named === undefined ? {} : { path: named }) }
}

/** Names are without case, here too (RFC 7643 §2.1). */
const withKnownNames = (item: JsonObject): JsonObject =>
  'op' in item ? item : Object.fromEntries(Object.entries(item).map(([name, said]) => [name.toLowerCase(), said]))

/** What is read-only in a value changes nothing, unless it names another resource. */
function writable(entries: readonly Entry[], dialect: Dialect, id: string | undefined): readonly Entry[] {
  return entries.filter(({ path: { attribute }, value }) => {
    if (attribute.mutability !== 'readOnly') return true
    if (attribute.name === 'id' && id !== undefined && !isSameId(value, id)) {
      throw mutability(`id is read-only: it is ${id}. Leave it out, or repeat it as it is.`)
    }
    dialect.add('readOnlyRepeated')
    return false
  })
}

const isSameId = (given: unknown, id: string) => typeof given === 'string' && given.toLowerCase() === id.toLowerCase()
