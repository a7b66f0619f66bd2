import type { GroupChange, MemberChange } from '../../domain/directory/group'
import type { Filter } from '../../domain/directory/filter'
import { coerce } from './coerce'
import { expandDialect } from './dialects'
import { requireObject, type JsonObject } from './json'
import { parseOperations, type PatchOperation } from './parse-patch-operations'
import { parsePatchPath, type PatchPath } from './patch-path'
import { attributesOf, findAttribute } from './schema'
import { invalidValue, mutability, noTarget } from './scim-error'

export type GroupDraft = { readonly name: string; readonly externalId?: string; readonly memberIds: readonly string[] }

/** A group as POST and PUT send it. @throws ScimError invalidSyntax, invalidValue */
export function parseGroup(body: unknown): GroupDraft {
  const found: Record<string, unknown> = {}
  for (const [name, value] of expandDialect('Group', requireObject(body))) found[name] = value
  const name = textOf('displayName', found['displayName'])
  if (name === undefined) throw invalidValue('displayName is missing. Name the group.')
  const externalId = textOf('externalId', found['externalId'])
  return { name, memberIds: memberIds(found['members']), ...(externalId === undefined ? {} : { externalId }) }
}

/** PUT says everything: what it leaves out is cleared (RFC 7644 §3.5.1). */
export function replacingChange(draft: GroupDraft): GroupChange {
  return { name: draft.name, externalId: draft.externalId ?? null, members: [{ kind: 'replace', ids: draft.memberIds }] }
}

type Collected = { name?: string; externalId?: string | null; members: MemberChange[] }

/**
 * A PATCH of a group as a difference; no member is loaded for it.
 *
 * @throws ScimError invalidSyntax, invalidPath, invalidFilter, invalidValue, mutability, noTarget
 */
export function parseGroupPatch(body: unknown): GroupChange {
  const change: Collected = { members: [] }
  for (const operation of parseOperations(body)) collect(change, operation)
  return change
}

function collect(change: Collected, operation: PatchOperation): void {
  if (operation.path !== undefined) return collectPath(change, operation, parsePatchPath('Group', operation.path))
  const { op, value } = operation
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalidValue(`${op} without a path needs an object of attributes as its value.`)
  }
  for (const [name, part] of expandDialect('Group', value as JsonObject)) {
    const attribute = findAttribute(attributesOf.Group, name)
    // Okta and authentik repeat id and meta in the value
    if (attribute && attribute.mutability !== 'readOnly') collectPath(change, { op, value: part }, { attribute })
  }
}

function collectPath(change: Collected, { op, value }: PatchOperation, path: PatchPath): void {
  const { attribute, sub, filter } = path
  if (attribute.mutability === 'readOnly') throw mutability(`${attribute.name} is read-only.`)
  switch (attribute.name) {
    case 'displayName': {
      const name = op === 'remove' ? undefined : textOf('displayName', value)
      if (name === undefined) throw mutability('displayName is required and cannot be removed.')
      change.name = name
      return
    }
    case 'externalId':
      change.externalId = op === 'remove' ? null : (textOf('externalId', value) ?? null)
      return
    default:
      if (sub) throw mutability('A member cannot be changed, only added or removed.')
      change.members.push(memberChange(op, value, filter))
  }
}

function memberChange(op: PatchOperation['op'], value: unknown, filter: Filter | undefined): MemberChange {
  if (filter) {
    if (op !== 'remove') throw noTarget('A member cannot be changed, only added or removed.')
    return { kind: 'remove', ids: idsOf(filter) }
  }
  // Salesforce wraps the list once more: {"members": [...]}
  const listed = isWrapped(value) ? value.members : value
  const ids = memberIds(listed)
  // without a value everybody goes (RFC 7644 §3.5.2.2); an empty list names nobody
  if (op === 'remove' && ids.length === 0 && !Array.isArray(listed)) return { kind: 'replace', ids }
  return { kind: op, ids }
}

const isWrapped = (value: unknown): value is { readonly members: unknown } =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && 'members' in value && !('value' in value)

/** `value eq "id"`, several joined by `or`: no other filter names members without looking at all of them. */
function idsOf(filter: Filter): readonly string[] {
  if (filter.kind === 'or') return filter.parts.flatMap(idsOf)
  if (
    filter.kind === 'compare' &&
    filter.operator === 'eq' &&
    filter.attribute === 'members.value' &&
    typeof filter.value === 'string'
  ) {
    return [filter.value]
  }
  throw noTarget('Name members by members[value eq "ID"], several joined by or.')
}

/** A list may be long here: of a group of 100,000. */
function memberIds(value: unknown): readonly string[] {
  if (value === undefined || value === null || value === '') return []
  const items: readonly unknown[] = Array.isArray(value) ? value : [value]
  return items.map((item) => {
    const id: unknown = typeof item === 'object' && item !== null ? valueOf(item as JsonObject) : item
    if (typeof id !== 'string') throw invalidValue('Each of members needs a value: the id of a user or group.')
    return id
  })
}

const valueOf = (item: JsonObject): unknown =>
  item['value'] ?? Object.entries(item).find(([name]) => name.toLowerCase() === 'value')?.[1]

function textOf(name: 'displayName' | 'externalId', value: unknown): string | undefined {
  const attribute = findAttribute(attributesOf.Group, name)!
  return coerce(attribute, value) as string | undefined
}
