import { expandBody, noteMessageSchema, type Dialect } from './dialects'
import { requireObject, type JsonObject } from './json'
import { parsePatchPath, type PatchPath } from './patch-path'
import type { ResourceKind } from './schema'
import { invalidSyntax, invalidValue, mutability, noTarget } from './scim-error'
import { patchUrn } from './urns'

/** One step on one attribute. */
export type PatchStep = { readonly op: 'add' | 'replace' | 'remove'; readonly path: PatchPath; readonly value: unknown }

type Operation = { readonly op: PatchStep['op']; readonly path?: string; readonly value: unknown }

/** A group may have a step a member; a user has not so many attributes, and each step may look at all elements of one. */
const maxOperations: Readonly<Record<ResourceKind, number>> = { User: 1_000, Group: 10_000 }

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
  if (operations.length > maxOperations[kind])
    throw invalidValue(`More than ${maxOperations[kind]} operations in one request. Split it.`)
  return operations.flatMap((item): readonly PatchStep[] => {
    const { op, path, value } = parseOperation(item, dialect)
    if (path !== undefined) return [{ op, path: parsePatchPath(kind, path, dialect), value }]
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw invalidValue(`${op} without a path needs an object of attributes as its value.`)
    }
    return stepsWithoutPath(kind, op, value as JsonObject, dialect, id)
  })
}

function parseOperation(item: unknown, dialect: Dialect): Operation {
  if (typeof item !== 'object' || item === null || Array.isArray(item))
    throw invalidSyntax('Each of Operations must be an object.')
  const { op, path, value } = item as Readonly<Record<string, unknown>>
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

function stepsWithoutPath(
  kind: ResourceKind,
  op: PatchStep['op'],
  value: JsonObject,
  dialect: Dialect,
  id: string | undefined,
): readonly PatchStep[] {
  const entries = expandBody(kind, value, dialect, (key, part) => {
    if (!key.includes('[')) return []
    dialect.add('dottedKey')
    return [{ path: parsePatchPath(kind, key, dialect), value: part }]
  })
  return entries.flatMap(({ path, value: part }) => {
    const { attribute } = path
    if (attribute.mutability !== 'readOnly') return [{ op, path, value: part }]
    if (attribute.name === 'id' && id !== undefined && !isSameId(part, id)) {
      throw mutability(`id is read-only: it is ${id}. Leave it out, or repeat it as it is.`)
    }
    dialect.add('readOnlyRepeated')
    return []
  })
}

const isSameId = (given: unknown, id: string) => typeof given === 'string' && given.toLowerCase() === id.toLowerCase()
