import { foldCase } from '../text'

/**
 * A filter whose attributes are known and whose values have the attribute's type (RFC 7644 §3.4.2.2). Attributes are canonical SCIM
 * paths without their URN: `userName`, `name.familyName`, `emails.value`, `employeeNumber`, `manager.value`, `meta.created`.
 */
export type Filter =
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Filter[] }
  | { readonly kind: 'not'; readonly part: Filter }
  | { readonly kind: 'present'; readonly attribute: string }
  | Comparison
  /** `emails[type eq "work" and value co "x"]`: one element fulfils the whole part; paths inside are `emails.type`, `emails.value`. */
  | { readonly kind: 'element'; readonly attribute: string; readonly part: Filter }

export type Comparison = {
  readonly kind: 'compare'
  readonly operator: 'eq' | 'ne' | 'co' | 'sw' | 'ew' | 'gt' | 'ge' | 'lt' | 'le'
  readonly attribute: string
  /** Times are UTC milliseconds; null only with eq and ne, where it means "has no value". */
  readonly value: string | number | boolean | null
}

/** What a comparison looks for, in the form that compares without case; a part that is looked for may end in a blank: `co "山田 "`. */
export function foldedValue({ operator, value }: Comparison): string {
  const text = String(value)
  const isPart = operator === 'co' || operator === 'sw' || operator === 'ew'
  return isPart && /\s$/.test(text) ? foldCase(`${text}.`).slice(0, -1) : foldCase(text)
}
