import { findAttribute, type Attribute } from './schema'
import { invalidValue } from './scim-error'

/** A value as a resource holds it: of the attribute's type, without nulls, names as in the schema. */
export type Value = string | boolean | Element | readonly Element[]
export type Element = Readonly<Record<string, string | boolean>>

/** Most elements that a list of one user may have. */
export const maxElements = 100

/**
 * A JSON value of an attribute as its schema wants it; undefined where it says "no value": null, "", [], {} (RFC 7643 §2.5).
 * Identity providers' habits are taken here and nowhere else: booleans and single values as strings, one element without its list, a
 * reference as a bare id.
 *
 * @throws ScimError invalidValue naming the path and what is expected
 */
export function coerce(attribute: Attribute, value: unknown, path = attribute.name): Value | undefined {
  if (value === null || value === undefined || value === '') return undefined
  if (attribute.multiValued) return coerceList(attribute, value, path)
  if (Array.isArray(value)) {
    // Entra sends single values as lists of one
    if (value.length > 1) throw invalidValue(`${path} has one value only, not ${value.length}.`)
    return coerce(attribute, value[0], path)
  }
  if (attribute.type === 'complex') return coerceElement(attribute, value, path)
  return coerceSimple(attribute, value, path)
}

function coerceList(attribute: Attribute, value: unknown, path: string): readonly Element[] | undefined {
  const items: readonly unknown[] = Array.isArray(value) ? value : [value]
  if (items.length > maxElements) throw invalidValue(`${path} has more than ${maxElements} elements. Send fewer.`)
  const elements = items.map((item) => coerceElement(attribute, item, path)).filter((element) => element !== undefined)
  if (elements.length === 0) return undefined
  requireOnePrimary(elements, path)
  return elements
}

/** @throws ScimError invalidValue */
export function requireOnePrimary(elements: readonly Element[], path: string): void {
  if (elements.filter((element) => element['primary'] === true).length > 1) {
    throw invalidValue(`${path} has more than one primary element. Mark one at most (RFC 7643 §2.4).`)
  }
}

/** One element, or a complex value: its sub-attributes by name in any case; unknown ones are passed over. */
export function coerceElement(attribute: Attribute, value: unknown, path: string): Element | undefined {
  if (value === null || value === undefined || value === '') return undefined
  const subs = attribute.subAttributes ?? []
  const main = subs.find((sub) => sub.name === 'value')
  if (typeof value !== 'object') {
    if (!main) throw invalidValue(`${path} must be an object with ${subs.map((sub) => sub.name).join(', ')}.`)
    return { value: coerceSimple(main, value, path) }
  }
  if (Array.isArray(value)) throw invalidValue(`${path} must not contain a list in a list.`)
  const element: Record<string, string | boolean> = {}
  for (const [name, part] of Object.entries(value)) {
    const sub = findAttribute(subs, name)
    if (!sub || (sub.mutability === 'readOnly' && sub.name !== 'value')) continue
    const coerced = coerce(sub, part, `${path}.${sub.name}`)
    if (typeof coerced === 'string' || typeof coerced === 'boolean') element[sub.name] = coerced
  }
  if (Object.keys(element).length === 0) return undefined
  if (main?.required && element['value'] === undefined) return undefined
  return element
}

function coerceSimple(attribute: Attribute, value: unknown, path: string): string | boolean {
  if (attribute.type === 'boolean') {
    if (typeof value === 'boolean') return value
    const flag = typeof value === 'string' ? flags.get(value.toLowerCase()) : undefined
    if (flag === undefined) throw invalidValue(`${path} must be true or false, not ${shown(value)}.`)
    return flag
  }
  if (typeof value !== 'string') throw invalidValue(`${path} must be a string, not ${shown(value)}.`)
  if (value.length > attribute.maxLength)
    throw invalidValue(`${path} is longer than ${attribute.maxLength} characters. Shorten it.`)
  if (/\u0000|\p{Surrogate}/u.test(value)) throw invalidValue(`${path} contains a character that is not text.`)
  return value
}

/** Booleans as texts, in lower case (Entra ID sends `"True"`). */
export const flags: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['false', false],
])

const shown = (value: unknown) => (JSON.stringify(value) ?? 'nothing').slice(0, 80)
