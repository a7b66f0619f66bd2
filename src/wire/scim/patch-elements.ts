import type { Filter } from '../../domain/directory/filter'
import { foldCase } from '../../domain/text'
import type { Element, Value } from './coerce'
import type { Dialect } from './dialects'
import { field, matchElement } from './match-element'
import type { PatchStep } from './parse-patch-operations'
import type { PatchPath } from './patch-path'
import type { Attribute } from './schema'
import { noTarget } from './scim-error'

/** One step on one attribute, its value as the schema wants it: checked before the transaction, applied inside it. */
export type UserStep = {
  readonly op: PatchStep['op']
  readonly path: PatchPath
  readonly value: Value | undefined
  /** A removal that names values: these go, never all (RFC 7644 knows none; it removes everything). */
  readonly listed: boolean
}

/** The elements of a multi-valued attribute after a step; nothing of what was given is changed. @throws ScimError noTarget */
export function elementsAfter(before: Value | undefined, step: UserStep, dialect: Dialect): readonly Element[] {
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
function elementsWithSub(elements: readonly Element[], step: UserStep): readonly Element[] {
  if (elements.length === 0 && step.op !== 'remove') return [elementWith({}, step)]
  return elements.map((element) => elementWith(element, step))
}

function withFilter(elements: readonly Element[], step: UserStep, filter: Filter, dialect: Dialect): readonly Element[] {
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

function elementWith(element: Element, { path, value }: UserStep): Element {
  const { [path.sub!.name]: _before, ...rest } = element
  return value === undefined ? rest : { ...rest, [path.sub!.name]: value as string | boolean }
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
