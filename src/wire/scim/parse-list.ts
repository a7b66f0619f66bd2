import type { Filter } from '../../domain/directory/filter'
import { isSearchable, parseFilter } from './parse-filter'
import { resolvePath, type ResolvedPath, type ResourceKind } from './schema'
import { invalidPath, invalidValue } from './scim-error'

export const pageSizes = { default: 100, max: 1_000 } as const

/** What a list is asked for (RFC 7644 §3.4.2); startIndex counts from 1, count is at most `pageSizes.max`. */
export type ListRequest = {
  readonly filter?: Filter
  readonly sort?: { readonly attribute: string; readonly descending: boolean }
  readonly startIndex: number
  readonly count: number
}

/**
 * @param query each parameter at most once
 * @param together the types that are searched together: of what only others have, this one has no value (RFC 7644 §3.4.2.2)
 * @throws ScimError invalidFilter, invalidPath, invalidValue
 */
export function parseList(
  kind: ResourceKind,
  query: Readonly<Record<string, string | undefined>>,
  together: readonly ResourceKind[] = [kind],
): ListRequest {
  const { filter, sortBy, sortOrder } = query
  const attribute = sortBy === undefined || sortBy === '' ? undefined : sortPath(kind, sortBy, together)
  const sort = attribute === undefined ? undefined : { attribute, descending: descending(sortOrder) }
  const startIndex = Math.max(1, wholeNumber('startIndex', query['startIndex']) ?? 1)
  const count = Math.min(Math.max(0, wholeNumber('count', query['count']) ?? pageSizes.default), pageSizes.max)
  return {
    startIndex,
    count,
    ...(filter === undefined || filter.trim() === '' ? {} : { filter: parseFilter(kind, filter, together) }),
    ...(sort ? { sort } : {}),
  }
}

/** undefined where none of this type has a value. */
function sortPath(kind: ResourceKind, text: string, together: readonly ResourceKind[]): string | undefined {
  const path = resolvePath(kind, text)
  if (!path && together.some((one) => resolvePath(one, text))) return undefined
  if (!path || !isSearchable(path.attribute, path.sub) || hasNoOrder(path)) {
    throw invalidPath(
      `A list cannot be sorted by ${text.slice(0, 120)}. Sort by userName, displayName, meta.created and the like.`,
    )
  }
  const { attribute, sub } = path
  if (sub) return `${attribute.name}.${sub.name}`
  if (attribute.type !== 'complex') return attribute.name
  const main = attribute.subAttributes?.find((one) => one.name === 'value' || one.name === 'formatted')
  return main ? `${attribute.name}.${main.name}` : attribute.name
}

/** Memberships, and what has parts but no main one. */
const hasNoOrder = ({ attribute, sub }: ResolvedPath) =>
  ['groups', 'members'].includes(attribute.name) || (!sub && ['addresses', 'meta'].includes(attribute.name))

function descending(order: string | undefined): boolean {
  if (order === undefined || order === '') return false
  const lower = order.toLowerCase()
  if (lower !== 'ascending' && lower !== 'descending') throw invalidValue('sortOrder must be ascending or descending.')
  return lower === 'descending'
}

function wholeNumber(name: string, text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined
  if (!/^[+-]?\d{1,9}$/.test(text))
    throw invalidValue(`${name} must be a whole number, not ${JSON.stringify(text.slice(0, 40))}.`)
  return Number(text)
}
