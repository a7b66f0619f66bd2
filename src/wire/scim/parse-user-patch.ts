import type { Filter } from '../../domain/directory/filter'
import type { UserEdit } from '../../domain/directory/user'
import { foldCase } from '../../domain/text'
import { coerce, coerceOne, maxElements, requireOnePrimary, type Element, type Value } from './coerce'
import type { Dialect } from './dialects'
import { field, matchElement } from './match-element'
import { parsePatchSteps, type PatchStep } from './parse-patch-operations'
import type { PatchPath } from './patch-path'
import type { Attribute } from './schema'
import { invalidValue, mutability, noTarget } from './scim-error'
import { attributesFrom, resourceFrom, type UserResource } from './user-resource'

/** One step on one attribute, its value as the schema wants it: checked before the transaction, applied inside it. */
type Step = {
  readonly op: PatchStep['op']
  readonly path: PatchPath
  readonly value: Value | undefined
  /** A removal that names values: these go, never all (RFC 7644 knows none; it removes everything). */
  readonly listed: boolean
}

/**
 * A PATCH of a user as a pure function, to be applied to what the user then is. All of it holds, or nothing (RFC 7644 §3.5.2).
 *
 * @param id of the user, where it is known: a value may repeat it, and no other
 * @throws ScimError invalidSyntax, invalidPath, invalidFilter, invalidValue, mutability; `apply` also noTarget
 */
export function parseUserPatch(body: unknown, id?: string): UserEdit {
  const dialect: Dialect = new Set()
  const steps = parsePatchSteps('User', body, dialect, id).map((step) => checked(step, dialect))
  const password = steps.findLast((step) => step.path.attribute.name === 'password')
  if (password && (password.op === 'remove' || typeof password.value !== 'string')) {
    throw invalidValue('password can only be set, to a string that is not empty.')
  }
  const onUser = steps.filter((step) => step.path.attribute.name !== 'password')
  return {
    apply: (current) => {
      const resource = resourceFrom(current)
      for (const step of onUser) applyStep(resource, step, dialect)
      for (const attribute of new Set(onUser.map((step) => step.path.attribute))) dropIncomplete(resource, attribute)
      return attributesFrom(resource)
    },
    ...(password ? { password: password.value as string } : {}),
    dialect,
  }
}

/** What can be judged without the user is judged before the transaction. */
function checked({ op, path, value }: PatchStep, dialect: Dialect): Step {
  const { attribute, sub } = path
  if (attribute.mutability === 'readOnly' || (sub?.mutability === 'readOnly' && attribute.name !== 'manager')) {
    throw mutability(`${attribute.name}${sub ? `.${sub.name}` : ''} is read-only.`)
  }
  if (attribute.name === 'userName' && op === 'remove') throw mutability('userName is required and cannot be removed.')
  const listed = op === 'remove' && attribute.multiValued && !path.filter && !sub && value !== undefined && value !== null
  return { op, path, value: op === 'remove' && !listed ? undefined : valueAt(path, value, dialect), listed }
}

function valueAt({ attribute, sub, filter }: PatchPath, value: unknown, dialect: Dialect): Value | undefined {
  if (sub) return coerce(sub, value, dialect, `${attribute.name}.${sub.name}`)
  return filter ? coerceOne(attribute, value, dialect) : coerce(attribute, value, dialect)
}

function applyStep(resource: UserResource, step: Step, dialect: Dialect): void {
  const { attribute } = step.path
  const next = attribute.multiValued
    ? checkedList(attribute, listAfter(resource[attribute.name], step, dialect))
    : valueAfter(resource[attribute.name], step)
  if (next === undefined || (Array.isArray(next) && next.length === 0)) {
    if (attribute.name === 'userName') throw invalidValue('userName is required: send the name that the user signs in with.')
    delete resource[attribute.name]
  } else resource[attribute.name] = next
}

function checkedList(attribute: Attribute, elements: readonly Element[]): readonly Element[] {
  if (elements.length > maxElements)
    throw invalidValue(`${attribute.name} would have more than ${maxElements} elements. Remove some.`)
  requireOnePrimary(elements, attribute.name)
  return elements
}

/**
 * An element that is left without its value, or without anything, is gone (RFC 7643 §2.4). Looked at last: an element may be made in
 * several steps.
 */
function dropIncomplete(resource: UserResource, attribute: Attribute): void {
  const elements = resource[attribute.name]
  if (!Array.isArray(elements)) return
  const needsValue = attribute.subAttributes?.some((sub) => sub.name === 'value' && sub.required)
  const whole = (elements as readonly Element[]).filter((element) =>
    needsValue ? element['value'] !== undefined : Object.keys(element).length > 0,
  )
  if (whole.length === 0) delete resource[attribute.name]
  else resource[attribute.name] = whole
}

/** A single value; of a complex one, add and replace leave the parts that are not named (RFC 7644 §3.5.2.1, §3.5.2.3). */
function valueAfter(before: Value | undefined, { op, path, value }: Step): Value | undefined {
  const { attribute, sub } = path
  if (attribute.type !== 'complex' || (!sub && (op === 'remove' || value === undefined))) return value
  const { [sub?.name ?? '']: _replaced, ...rest } = (before ?? {}) as Element
  const parts = { ...rest, ...(sub ? part(sub, value) : (value as Element)) }
  return Object.keys(parts).length === 0 ? undefined : parts
}

const part = (sub: Attribute, value: Value | undefined): Element =>
  value === undefined ? {} : { [sub.name]: value as string | boolean }

function listAfter(before: Value | undefined, step: Step, dialect: Dialect): readonly Element[] {
  const elements = (before ?? []) as readonly Element[]
  const { op, path } = step
  if (path.filter) return withFilter(elements, step, path.filter, dialect)
  if (path.sub) return elementsWithSub(elements, step)
  const given = (step.value ?? []) as readonly Element[]
  if (op === 'remove') return step.listed ? withoutListed(elements, given, path.attribute) : []
  if (op === 'replace') return given
  // one that is there and is to be primary now comes anew, not twice
  const kept = elements.filter((element) => !given.some((one) => isMadePrimary(element, one)))
  const added = given.filter((one) => !kept.some((element) => sameElement(element, one)))
  return onePrimary([...kept, ...added], added)
}

/** Found by their value; what has none, such as an address, by all that is said of it. */
function withoutListed(elements: readonly Element[], listed: readonly Element[], attribute: Attribute): readonly Element[] {
  const exact = attribute.subAttributes?.find((sub) => sub.name === 'value')?.caseExact ?? true
  const key = (element: Element) => (exact ? String(element['value']) : foldCase(String(element['value'])))
  const values = new Set(listed.filter((one) => one['value'] !== undefined).map(key))
  const others = listed.filter((one) => one['value'] === undefined)
  return elements.filter(
    (element) =>
      !values.has(key(element)) && !others.some((one) => Object.entries(one).every(([name, said]) => element[name] === said)),
  )
}

/** `emails.value` without a filter: every element. */
function elementsWithSub(elements: readonly Element[], step: Step): readonly Element[] {
  if (elements.length === 0 && step.op !== 'remove') return [elementWith({}, step)]
  return elements.map((element) => elementWith(element, step))
}

function withFilter(elements: readonly Element[], step: Step, filter: Filter, dialect: Dialect): readonly Element[] {
  const { op, path } = step
  const matches = new Set(elements.filter((element) => matchElement(filter, element)))
  if (op === 'remove') {
    if (!path.sub) return elements.filter((element) => !matches.has(element))
    return elements.map((element) => (matches.has(element) ? elementWith(element, step) : element))
  }
  if (matches.size === 0) {
    // Entra ID sets `emails[type eq "work"].value` of people who have none: the element to make is then unambiguous
    const made = simpleEquality(filter)
    if (!made || !path.sub)
      throw noTarget(`No element of ${path.attribute.name} fulfils the filter of the path (RFC 7644 §3.5.2.3).`)
    dialect.add('valueFilterCreatesElement')
    const element = elementWith(made, step)
    return onePrimary([...elements, element], [element])
  }
  const changed: Element[] = []
  const all = elements.map((element) => {
    if (!matches.has(element)) return element
    const given = (path.sub ? undefined : step.value) as Element | undefined
    const next = path.sub ? elementWith(element, step) : op === 'replace' ? (given ?? {}) : { ...element, ...given }
    changed.push(next)
    return next
  })
  return onePrimary(all, changed)
}

function elementWith(element: Element, { path, value }: Step): Element {
  const sub = path.sub!
  const { [sub.name]: _before, ...rest } = element
  return { ...rest, ...part(sub, value) }
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
  a['value'] === b['value'] && Object.keys({ ...a, ...b }).every((name) => name === 'primary' || a[name] === b[name])
