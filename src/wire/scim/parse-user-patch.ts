import type { Filter } from '../../domain/directory/filter'
import type { UserEdit } from '../../domain/directory/user'
import { coerce, coerceElement, maxElements, requireOnePrimary, type Element, type Value } from './coerce'
import { expandDialect } from './dialects'
import type { JsonObject } from './json'
import { field, matchElement } from './match-element'
import { parseOperations, type PatchOperation } from './parse-patch-operations'
import { parsePatchPath, type PatchPath } from './patch-path'
import { findAttribute, attributesOf, type Attribute } from './schema'
import { invalidValue, mutability, noTarget } from './scim-error'
import { attributesFrom, resourceFrom, type UserResource } from './user-resource'

/** One step on one attribute; parsed and checked before the transaction, applied inside it. */
type Step = { readonly op: PatchOperation['op']; readonly path: PatchPath; readonly value: unknown }

/**
 * A PATCH of a user as a pure function, to be applied to what the user then is. All of it holds, or nothing (RFC 7644 §3.5.2).
 *
 * @throws ScimError invalidSyntax, invalidPath, invalidFilter, invalidValue, mutability; `apply` also noTarget
 */
export function parseUserPatch(body: unknown): UserEdit {
  const steps = parseOperations(body).flatMap(stepsOf)
  const password = steps.findLast((step) => step.path.attribute.name === 'password')
  if (password && (password.op === 'remove' || typeof password.value !== 'string' || password.value === '')) {
    throw invalidValue('password can only be set, to a string that is not empty.')
  }
  const onUser = steps.filter((step) => step.path.attribute.name !== 'password')
  return {
    apply: (current) => {
      const resource = resourceFrom(current)
      for (const step of onUser) applyStep(resource, step)
      return attributesFrom(resource)
    },
    ...(password ? { password: password.value as string } : {}),
  }
}

/** Without a path the value is an object of attributes: one step each. */
function stepsOf({ op, path, value }: PatchOperation): readonly Step[] {
  if (path !== undefined) return [checked({ op, path: parsePatchPath('User', path), value })]
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalidValue(`${op} without a path needs an object of attributes as its value.`)
  }
  return expandDialect('User', value as JsonObject).flatMap(([name, part]) => {
    const attribute = findAttribute(attributesOf.User, name)
    // Okta repeats id and groups in the value: what is read-only there changes nothing
    return attribute && attribute.mutability !== 'readOnly' ? [checked({ op, path: { attribute }, value: part })] : []
  })
}

/** What can be judged without the user is judged before the transaction. */
function checked(step: Step): Step {
  const { attribute, sub } = step.path
  if (attribute.mutability === 'readOnly' || (sub?.mutability === 'readOnly' && attribute.name !== 'manager')) {
    throw mutability(`${attribute.name}${sub ? `.${sub.name}` : ''} is read-only.`)
  }
  if (attribute.name === 'userName' && step.op === 'remove') throw mutability('userName is required and cannot be removed.')
  if (step.op !== 'remove') {
    if (sub) coerce(sub, step.value, `${attribute.name}.${sub.name}`)
    else if (step.path.filter) coerceElement(attribute, step.value, attribute.name)
    else coerce(attribute, step.value)
  }
  return step
}

function applyStep(resource: UserResource, step: Step): void {
  const { attribute } = step.path
  const next = attribute.multiValued
    ? wholeElements(attribute, listAfter(resource[attribute.name], step))
    : valueAfter(resource[attribute.name], step)
  if (next === undefined || (Array.isArray(next) && next.length === 0)) {
    if (attribute.name === 'userName') throw invalidValue('userName is required: send the name that the user signs in with.')
    delete resource[attribute.name]
  } else resource[attribute.name] = next
}

/** An element whose value was taken away is gone (RFC 7643 §2.4). */
function wholeElements(attribute: Attribute, elements: readonly Element[]): readonly Element[] {
  if (elements.length > maxElements)
    throw invalidValue(`${attribute.name} would have more than ${maxElements} elements. Remove some.`)
  const needsValue = attribute.subAttributes?.some((sub) => sub.name === 'value' && sub.required)
  requireOnePrimary(elements, attribute.name)
  return needsValue ? elements.filter((element) => element['value'] !== undefined) : elements
}

/** A single value; of a complex one, add and replace leave the parts that are not named (RFC 7644 §3.5.2.1, §3.5.2.3). */
function valueAfter(before: Value | undefined, { op, path, value }: Step): Value | undefined {
  const { attribute, sub } = path
  if (attribute.type !== 'complex') return op === 'remove' ? undefined : coerce(attribute, value)
  const parts: Record<string, string | boolean> = { ...(before as Element | undefined) }
  if (sub) {
    const part = op === 'remove' ? undefined : coerce(sub, value, `${attribute.name}.${sub.name}`)
    if (part === undefined) delete parts[sub.name]
    else parts[sub.name] = part as string | boolean
  } else {
    if (op === 'remove') return undefined
    const given = coerce(attribute, value) as Element | undefined
    if (given === undefined) return undefined
    Object.assign(parts, given)
  }
  return Object.keys(parts).length === 0 ? undefined : parts
}

function listAfter(before: Value | undefined, step: Step): readonly Element[] {
  const elements = (before ?? []) as readonly Element[]
  const { op, path, value } = step
  if (path.filter) return withFilter(elements, step, path.filter)
  if (path.sub) return elementsWithSub(elements, step)
  if (op === 'remove') return withoutListed(elements, step)
  const given = (coerce(path.attribute, value) ?? []) as readonly Element[]
  if (op === 'replace') return given
  // one that is there and is to be primary now comes anew, not twice
  const kept = elements.filter((element) => !given.some((one) => isMadePrimary(element, one)))
  const added = given.filter((one) => !kept.some((element) => sameElement(element, one)))
  return onePrimary([...kept, ...added], added)
}

/** Entra ID: `remove` of a list with a value takes away the listed ones, never all of them; an empty list names none. */
function withoutListed(elements: readonly Element[], { path, value }: Step): readonly Element[] {
  const listed = (coerce(path.attribute, value) ?? []) as readonly Element[]
  if (listed.length === 0 && !Array.isArray(value)) return []
  return elements.filter((element) => !listed.some((one) => one['value'] === element['value']))
}

/** `emails.value` without a filter: every element. */
function elementsWithSub(elements: readonly Element[], step: Step): readonly Element[] {
  if (elements.length === 0 && step.op !== 'remove') return [elementWith({}, step)]
  return elements.map((element) => elementWith(element, step))
}

function withFilter(elements: readonly Element[], step: Step, filter: Filter): readonly Element[] {
  const { op, path, value } = step
  const matches = elements.filter((element) => matchElement(filter, element))
  if (op === 'remove') {
    if (!path.sub) return elements.filter((element) => !matches.includes(element))
    return elements.map((element) => (matches.includes(element) ? elementWith(element, step) : element))
  }
  if (matches.length === 0) {
    // Entra ID sets `emails[type eq "work"].value` of people who have none: the element to make is then unambiguous
    const made = simpleEquality(filter)
    if (!made || !path.sub)
      throw noTarget(`No element of ${path.attribute.name} fulfils the filter of the path (RFC 7644 §3.5.2.3).`)
    const element = elementWith(made, step)
    return onePrimary([...elements, element], [element])
  }
  const changed: Element[] = []
  const all = elements.map((element) => {
    if (!matches.includes(element)) return element
    const given = path.sub ? undefined : coerceElement(path.attribute, value, path.attribute.name)
    const next = path.sub ? elementWith(element, step) : op === 'replace' ? (given ?? {}) : { ...element, ...given }
    changed.push(next)
    return next
  })
  return onePrimary(
    all.filter((element) => Object.keys(element).length > 0),
    changed,
  )
}

function elementWith(element: Element, { op, path, value }: Step): Element {
  const sub = path.sub!
  const part = op === 'remove' ? undefined : coerce(sub, value, `${path.attribute.name}.${sub.name}`)
  const { [sub.name]: _before, ...rest } = element
  return part === undefined ? rest : { ...rest, [sub.name]: part as string | boolean }
}

/** Exactly `type eq "work"` or `primary eq true`: the part of the one element that would fulfil it. */
function simpleEquality(filter: Filter): Element | undefined {
  if (filter.kind !== 'compare' || filter.operator !== 'eq' || filter.value === null || typeof filter.value === 'number')
    return undefined
  const name = field(filter.attribute)
  return name === 'type' || name === 'primary' ? { [name]: filter.value } : undefined
}

/** When one of those just set is primary, the others no longer are (RFC 7644 §3.5.2). */
function onePrimary(elements: readonly Element[], set: readonly Element[]): readonly Element[] {
  const chosen = set.findLast((element) => element['primary'] === true)
  if (!chosen) return elements
  return elements.map((element) => (element !== chosen && element['primary'] === true ? { ...element, primary: false } : element))
}

const isMadePrimary = (before: Element, now: Element) =>
  now['primary'] === true && before['primary'] !== true && sameElement(before, now)

const sameElement = (a: Element, b: Element) =>
  Object.keys({ ...a, ...b }).every((name) => name === 'primary' || a[name] === b[name])
