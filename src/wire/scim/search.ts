import { requireObject } from './json'
import { invalidSyntax, invalidValue } from './scim-error'

/** What a list is asked for, as a query says it (RFC 7644 §3.4.2): a text for each parameter there is. */
export type SearchParameters = Readonly<Partial<Record<SearchParameter, string>>>

export const searchParameters = [
  'attributes',
  'excludedAttributes',
  'filter',
  'sortBy',
  'sortOrder',
  'startIndex',
  'count',
  'cursor',
] as const
type SearchParameter = (typeof searchParameters)[number]

/**
 * A SearchRequest (RFC 7644 §3.4.3) as the query that asks the same. `schemas` is not insisted on.
 *
 * @throws ScimError invalidSyntax, invalidValue
 */
export function parseSearch(body: unknown): SearchParameters {
  const message = requireObject(body)
  const found: Partial<Record<SearchParameter, string>> = {}
  for (const [key, value] of Object.entries(message)) {
    const name = searchParameters.find((one) => one.toLowerCase() === key.toLowerCase())
    if (name === undefined || value === null || value === undefined) continue
    found[name] = textOf(name, value)
  }
  return found
}

function textOf(name: SearchParameter, value: unknown): string {
  if (name === 'attributes' || name === 'excludedAttributes') {
    const names: readonly unknown[] = Array.isArray(value) ? value : [value]
    if (names.length > 1_000) throw invalidValue(`${name} has more than 1000 names. Name fewer.`)
    if (!names.every((one) => typeof one === 'string'))
      throw invalidSyntax(`${name} must be a list of names: ["userName", "emails.value"].`)
    return names.join(',')
  }
  if (typeof value === 'string') return value
  if ((name === 'startIndex' || name === 'count') && typeof value === 'number') return String(value)
  throw invalidSyntax(`${name} must be ${name === 'startIndex' || name === 'count' ? 'a whole number' : 'a string'}.`)
}
