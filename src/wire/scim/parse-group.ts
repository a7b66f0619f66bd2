import type { DialectRule } from '../../domain/directory/dialect'
import type { GroupChange, MemberChange } from '../../domain/directory/group'
import type { Filter } from '../../domain/directory/filter'
import { coerce, itemsOf } from './coerce'
import { expandBody, noteSchemas, type Dialect } from './dialects'
import { requireObject, type JsonObject } from './json'
import { parsePatchSteps, type PatchStep } from './parse-patch-operations'
import { attributesOf, findAttribute } from './schema'
import { invalidValue, mutability, noTarget } from './scim-error'

export type GroupDraft = {
  readonly name: string
  readonly externalId?: string
  readonly memberIds: readonly string[]
  readonly dialect: ReadonlySet<DialectRule>
}

/** A group as POST and PUT send it. @throws ScimError invalidSyntax, invalidValue */
export function parseGroup(body: unknown): GroupDraft {
  const dialect: Dialect = new Set()
  const message = requireObject(body)
  noteSchemas('Group', message, dialect)
  const found: Record<string, unknown> = {}
  for (const { path, value } of expandBody('Group', message, dialect)) if (!path.sub) found[path.attribute.name] = value
  const name = textOf('displayName', found['displayName'], dialect)
  if (name === undefined) throw invalidValue('displayName is missing. Name the group.')
  const externalId = textOf('externalId', found['externalId'], dialect)
  const memberIds = memberIdsOf(found['members'], dialect)
  return { name, memberIds, ...(externalId === undefined ? {} : { externalId }), dialect }
}

/** PUT says everything: what it leaves out is cleared (RFC 7644 §3.5.1). */
export function replacingChange({ name, externalId, memberIds, dialect }: GroupDraft): GroupChange {
  return { name, externalId: externalId ?? null, members: [{ kind: 'replace', ids: memberIds }], replaces: true, dialect }
}

/**
 * A PATCH of a group as a difference; no member is loaded for it.
 *
 * @param id of the group, where it is known: a value may repeat it, and no other
 * @throws ScimError invalidSyntax, invalidPath, invalidFilter, invalidValue, mutability, noTarget
 */
export function parseGroupPatch(body: unknown, id?: string): GroupChange {
  const dialect: Dialect = new Set()
  const names: { name?: string; externalId?: string | null } = {}
  const members: MemberChange[] = []
  for (const { op, path, value } of parsePatchSteps('Group', body, dialect, id)) {
    const { attribute, sub, filter } = path
    switch (attribute.name) {
      case 'displayName': {
        const name = op === 'remove' ? undefined : textOf('displayName', value, dialect)
        if (name === undefined) throw mutability('displayName is required and cannot be removed.')
        names.name = name
        break
      }
      case 'externalId':
        names.externalId = op === 'remove' ? null : (textOf('externalId', value, dialect) ?? null)
        break
      case 'members':
        if (sub) throw mutability('A member cannot be changed, only added or removed.')
        members.push(memberChange(op, value, filter, dialect))
        break
      default:
        throw mutability(`${attribute.name} is read-only.`)
    }
  }
  return { ...names, members, dialect }
}

function memberChange(op: PatchStep['op'], value: unknown, filter: Filter | undefined, dialect: Dialect): MemberChange {
  if (filter) {
    if (op !== 'remove') throw mutability('A member cannot be changed, only added or removed.')
    return { kind: 'remove', ids: idsOf(filter) }
  }
  // without a value everybody goes (RFC 7644 §3.5.2.2); any value names who goes, an empty list nobody
  if (op === 'remove' && (value === undefined || value === null)) return { kind: 'replace', ids: [] }
  return { kind: op, ids: memberIdsOf(unwrapped(value, dialect), dialect) }
}

/** `{"members": [...]}`: the list once more under its name. */
function unwrapped(value: unknown, dialect: Dialect): unknown {
  if (typeof value !== 'object' || value === null || !('members' in value) || 'value' in value) return value
  dialect.add('wrappedMembers')
  return value.members
}

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
function memberIdsOf(value: unknown, dialect: Dialect): readonly string[] {
  return itemsOf(value, dialect).map((item) => {
    if (typeof item === 'string') dialect.add('bareValue')
    const id: unknown = typeof item === 'object' && item !== null ? valueOf(item as JsonObject) : item
    if (typeof id !== 'string') throw invalidValue('Each of members needs a value: the id of a user or group.')
    return id
  })
}

const valueOf = (item: JsonObject): unknown =>
  item['value'] ?? Object.entries(item).find(([name]) => name.toLowerCase() === 'value')?.[1]

function textOf(name: 'displayName' | 'externalId', value: unknown, dialect: Dialect): string | undefined {
  const attribute = findAttribute(attributesOf.Group, name)!
  return coerce(attribute, value, dialect) as string | undefined
}
