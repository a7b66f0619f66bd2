import { unreachable } from '../../domain/brand'
import { foldedValue, type Comparison, type Filter } from '../../domain/directory/filter'
import { foldCase } from '../../domain/text'
import type { Element } from './coerce'
import { resolvePath } from './schema'

/** Does one element of a user fulfil a value filter? The same rules that SQL follows, for PATCH paths. */
export function matchElement(filter: Filter, element: Element): boolean {
  switch (filter.kind) {
    case 'and':
      return filter.parts.every((part) => matchElement(part, element))
    case 'or':
      return filter.parts.some((part) => matchElement(part, element))
    case 'not':
      return !matchElement(filter.part, element)
    case 'present':
      return partOf(element, filter.attribute) !== undefined
    case 'element':
      return false
    case 'compare':
      return compare(filter, partOf(element, filter.attribute))
    default:
      return unreachable(filter)
  }
}

/** `emails.type` is `type`; `emails` alone is its value. */
export const field = (attribute: string) => attribute.split('.')[1] ?? 'value'

/** An element that does not say whether it is the primary one is not (RFC 7643 §2.4). */
function partOf(element: Element, attribute: string): string | boolean | undefined {
  const name = field(attribute)
  return element[name] ?? (name === 'primary' ? false : undefined)
}

function compare(comparison: Comparison, actual: string | boolean | undefined): boolean {
  const { operator, attribute, value: wanted } = comparison
  if (wanted === null) return (actual === undefined) === (operator === 'eq')
  if (actual === undefined) return operator === 'ne'
  if (typeof wanted === 'boolean' || typeof actual === 'boolean') return (actual === wanted) === (operator === 'eq')
  if (isExact(attribute)) return compareTexts(operator, actual, String(wanted))
  return compareTexts(operator, foldCase(actual), foldedValue(comparison))
}

function isExact(path: string): boolean {
  const { attribute, sub } = resolvePath('User', path) ?? {}
  return (sub ?? attribute?.subAttributes?.find((one) => one.name === 'value') ?? attribute)?.caseExact === true
}

/** As a database compares two texts: by code points. */
export function compareTexts(operator: Comparison['operator'], actual: string, wanted: string): boolean {
  switch (operator) {
    case 'eq':
      return actual === wanted
    case 'ne':
      return actual !== wanted
    case 'co':
      return actual.includes(wanted)
    case 'sw':
      return actual.startsWith(wanted)
    case 'ew':
      return actual.endsWith(wanted)
    case 'gt':
      return inOrder(actual, wanted) > 0
    case 'ge':
      return inOrder(actual, wanted) >= 0
    case 'lt':
      return inOrder(actual, wanted) < 0
    case 'le':
      return inOrder(actual, wanted) <= 0
    default:
      return unreachable(operator)
  }
}

const inOrder = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b))
