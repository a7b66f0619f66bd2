import type { Filter } from '../../domain/directory/filter'
import type { Dialect } from './dialects'
import { parseValueFilter } from './parse-filter'
import { findAttribute, resolvePath, type Attribute, type ResourceKind } from './schema'
import { invalidPath } from './scim-error'

/** `attribute`, `attribute.sub`, `attribute[filter]` or `attribute[filter].sub` (RFC 7644 §3.5.2). */
export type PatchPath = { readonly attribute: Attribute; readonly filter?: Filter; readonly sub?: Attribute }

/** Cut at the last `]` that stands outside of strings. @throws ScimError invalidPath, invalidFilter */
export function parsePatchPath(kind: ResourceKind, text: string, dialect: Dialect): PatchPath {
  if (text.length > 8_192) throw invalidPath('The path is longer than 8,192 characters.')
  const unknown = () => invalidPath(`There is no attribute ${text.slice(0, 120)}. See the Schemas endpoint.`)
  const open = text.indexOf('[')
  if (open < 0) {
    const path = resolvePath(kind, text.trim())
    if (!path) throw unknown()
    return path
  }
  const close = text.lastIndexOf(']')
  const rest = text.slice(close + 1).trim()
  const path = resolvePath(kind, text.slice(0, open).trim())
  if (!path || close < open || (rest !== '' && !rest.startsWith('.'))) throw unknown()
  const { attribute } = path
  if (path.sub || !attribute.multiValued) throw invalidPath(`${attribute.name} is no list of elements: leave the brackets out.`)
  const filter = parseValueFilter(kind, attribute, text.slice(open + 1, close), dialect)
  if (rest === '') return { attribute, filter }
  const sub = findAttribute(attribute.subAttributes ?? [], rest.slice(1))
  if (!sub) throw unknown()
  return { attribute, filter, sub }
}
