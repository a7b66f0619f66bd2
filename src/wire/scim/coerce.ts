import { findAttribute, type Attribute } from './schema'
import type { Dialect } from './dialects'
import { invalidValue } from './scim-error'

/** A value as a resource holds it: of the attribute's type, without nulls, names as in the schema. */
export type Value = string | boolean | Element | readonly Element[]
export type Element = Readonly<Record<string, string | boolean>>

/** Most elements that a list of one user may have. */
export const maxElements = 100

/**
 * A JSON value of an attribute as its schema wants it; undefined where it says "no value": null, [], {} (RFC 7643 §2.5), and "".
 * Identity providers' habits in values are taken here and nowhere else, and noted.
 *
 * @throws ScimError invalidValue naming the path and what is expected
 */
export function coerce(attribute: Attribute, value: unknown, dialect: Dialect, path = attribute.name): Value | undefined {
  return attribute.multiValued ? coerceList(attribute, value, dialect, path) : coerceOne(attribute, value, dialect, path)
}

/** One value; of a list, one element of it. */
export function coerceOne(attribute: Attribute, value: unknown, dialect: Dialect, path = attribute.name): Value | undefined {
  if (isNoValue(value, dialect)) return undefined
  if (Array.isArray(value)) {
    if (value.length > 1) throw invalidValue(`${path} takes one value here, not ${value.length}.`)
    if (value.length === 1) dialect.add('listOfOne')
    return coerceOne(attribute, value[0], dialect, path)
  }
  if (attribute.type === 'complex') return coerceElement(attribute, value, dialect, path)
  return coerceSimple(attribute, value, dialect, path)
}

function coerceList(attribute: Attribute, value: unknown, dialect: Dialect, path: string): readonly Element[] | undefined {
  const items = itemsOf(value, dialect)
  if (items.length > maxElements) throw invalidValue(`${path} has more than ${maxElements} elements. Send fewer.`)
  const elements = withoutRepeats(
    items.map((item) => coerceElement(attribute, item, dialect, path)).filter((element) => element !== undefined),
  )
  if (elements.length === 0) return undefined
  requireOnePrimary(elements, path)
  return elements
}

/** A type and value stand in a list once (RFC 7643 §2.4); what is said of them again completes what was said first. */
export function withoutRepeats(elements: readonly Element[]): readonly Element[] {
  if (elements.length < 2) return elements
  const found = new Map<string | Element, Element>()
  for (const element of elements) {
    const key = element['value'] === undefined ? element : JSON.stringify([element['type'], element['value']])
    found.set(key, { ...found.get(key), ...element })
  }
  return found.size === elements.length ? elements : [...found.values()]
}

/** The elements of a list as they were sent; none where there is no value. */
export function itemsOf(value: unknown, dialect: Dialect): readonly unknown[] {
  if (isNoValue(value, dialect)) return []
  if (Array.isArray(value)) return value
  dialect.add('elementWithoutList')
  return [value]
}

function isNoValue(value: unknown, dialect: Dialect): boolean {
  if (value === '') dialect.add('emptyText')
  return value === null || value === undefined || value === ''
}

/** @throws ScimError invalidValue */
export function requireOnePrimary(elements: readonly Element[], path: string): void {
  let found = false
  for (const element of elements) {
    if (element['primary'] !== true) continue
    if (found) throw invalidValue(`${path} has more than one primary element. Mark one at most (RFC 7643 §2.4).`)
    found = true
  }
}

/** One element, or a complex value: its sub-attributes by name in any case; unknown ones are passed over. */
function coerceElement(attribute: Attribute, value: unknown, dialect: Dialect, path: string): Element | undefined {
  if (isNoValue(value, dialect)) return undefined
  const subs = attribute.subAttributes ?? []
  const main = subs.find((sub) => sub.name === 'value')
  if (typeof value !== 'object') {
    if (!main) throw invalidValue(`${path} must be an object with ${subs.map((sub) => sub.name).join(', ')}.`)
    dialect.add('bareValue')
    return { value: coerceSimple(main, value, dialect, path) }
  }
  if (Array.isArray(value)) throw invalidValue(`${path} must not contain a list in a list.`)
  const element: Record<string, string | boolean> = {}
  for (const [name, part] of Object.entries(value as object)) {
    const sub = findAttribute(subs, name)
    if (!sub || (sub.mutability === 'readOnly' && sub.name !== 'value')) continue
    const coerced = coerceOne(sub, part, dialect, `${path}.${sub.name}`)
    if (typeof coerced === 'string' || typeof coerced === 'boolean') element[sub.name] = coerced
  }
  if (Object.keys(element).length === 0) return undefined
  if (main?.required && element['value'] === undefined) return undefined
  return element
}

function coerceSimple(attribute: Attribute, value: unknown, dialect: Dialect, path: string): string | boolean {
  if (attribute.type === 'boolean') {
    const flag = flagOf(value, dialect)
    if (flag === undefined) throw invalidValue(`${path} must be true or false, not ${shown(value)}.`)
    return flag
  }
  if (typeof value !== 'string') throw invalidValue(`${path} must be a string, not ${shown(value)}.`)
  if (value.length > attribute.maxLength)
    throw invalidValue(`${path} is longer than ${attribute.maxLength} characters. Shorten it.`)
  if (noText.test(value)) throw invalidValue(`${path} contains a character that is not text.`)
  if (attribute.type === 'binary' && !base64.test(value)) throw invalidValue(`${path} must be base64 (RFC 7643 §2.3.6).`)
  return value
}

/** Of either alphabet; the padding may be missing, and lines may be broken. */
const base64 = /^[\w+/\-\s]*={0,2}\s{0,2}$/

const noText = /\u0000|\p{Surrogate}/u

/** A boolean, also as a text; undefined when it is neither. */
export function flagOf(value: unknown, dialect: Dialect): boolean | undefined {
  if (typeof value === 'boolean') return value
  const flag = typeof value === 'string' ? flags.get(value.toLowerCase()) : undefined
  if (flag !== undefined) dialect.add('stringBoolean')
  return flag
}

/** In lower case. */
const flags: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['false', false],
])

const shown = (value: unknown) => (JSON.stringify(value) ?? 'nothing').slice(0, 80)
