import { unreachable } from '../../domain/brand'
import type { Comparison, Filter } from '../../domain/directory/filter'
import { foldCase } from '../../domain/text'
import type { Element } from './coerce'

/** Does one element fulfil a value filter? The same rules that SQL follows, for PATCH paths. */
export function matchElement(filter: Filter, element: Element): boolean {
  switch (filter.kind) {
    case 'and':
      return filter.parts.every((part) => matchElement(part, element))
    case 'or':
      return filter.parts.some((part) => matchElement(part, element))
    case 'not':
      return !matchElement(filter.part, element)
    case 'present':
      return element[field(filter.attribute)] !== undefined
    case 'element':
      return false
    case 'compare':
      return compare(filter, element[field(filter.attribute)])
    default:
      return unreachable(filter)
  }
}

/** `emails.type` is `type`; `emails` alone is its value. */
export const field = (attribute: string) => attribute.split('.')[1] ?? 'value'

function compare({ operator, value: wanted }: Comparison, actual: string | boolean | undefined): boolean {
  if (wanted === null) return (actual === undefined) === (operator === 'eq')
  if (actual === undefined) return operator === 'ne'
  if (typeof wanted === 'boolean' || typeof actual === 'boolean') return (actual === wanted) === (operator === 'eq')
  const [a, b] = [foldCase(actual), foldCase(String(wanted))]
  switch (operator) {
    case 'eq':
      return a === b
    case 'ne':
      return a !== b
    case 'co':
      return a.includes(b)
    case 'sw':
      return a.startsWith(b)
    case 'ew':
      return a.endsWith(b)
    case 'gt':
      return a > b
    case 'ge':
      return a >= b
    case 'lt':
      return a < b
    case 'le':
      return a <= b
    default:
      return unreachable(operator)
  }
}
