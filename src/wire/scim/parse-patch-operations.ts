import { invalidSyntax, invalidValue, noTarget } from './scim-error'
import { requireObject } from './json'

export type PatchOperation = { readonly op: 'add' | 'replace' | 'remove'; readonly path?: string; readonly value: unknown }

const maxOperations = 10_000

/** The operations of a PatchOp (RFC 7644 §3.5.2); `op` in any case (Entra ID), `schemas` is not insisted on. @throws ScimError */
export function parseOperations(body: unknown): readonly PatchOperation[] {
  const message = requireObject(body)
  const operations = Object.entries(message).find(([name]) => name.toLowerCase() === 'operations')?.[1]
  if (!Array.isArray(operations) || operations.length === 0) {
    throw invalidSyntax('Operations must be a list of one operation or more: {"op": "replace", "path": …, "value": …}.')
  }
  if (operations.length > maxOperations) throw invalidValue(`More than ${maxOperations} operations in one request. Split it.`)
  return operations.map(parseOperation)
}

function parseOperation(item: unknown): PatchOperation {
  if (typeof item !== 'object' || item === null || Array.isArray(item))
    throw invalidSyntax('Each of Operations must be an object.')
  const { op, path, value } = item as Readonly<Record<string, unknown>>
  const kind =
    typeof op === 'string' ? (['add', 'replace', 'remove'] as const).find((one) => one === op.toLowerCase()) : undefined
  if (!kind) throw invalidSyntax(`op must be add, replace or remove, not ${(JSON.stringify(op) ?? 'missing').slice(0, 40)}.`)
  if (path !== undefined && path !== null && typeof path !== 'string') throw invalidSyntax('path must be a string.')
  const named = typeof path === 'string' && path.trim() !== '' ? path.trim() : undefined
  if (kind === 'remove' && named === undefined)
    throw noTarget('remove needs a path that says what to remove (RFC 7644 §3.5.2.2).')
  if (kind !== 'remove' && value === undefined) throw invalidValue(`${kind} needs a value.`)
  return { op: kind, value, ...(named === undefined ? {} : { path: named }) }
}
