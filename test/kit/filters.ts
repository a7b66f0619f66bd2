import fc from 'fast-check'
import { foldCase } from '../../src/domain/text'
import { unreachable } from '../../src/domain/brand'

/** A filter as a grammar makes it: its text, and what it says of a resource, written without a look at how the product does it. */
export type Generated =
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Generated[] }
  | { readonly kind: 'not'; readonly part: Generated }
  | { readonly kind: 'present'; readonly path: string }
  | { readonly kind: 'compare'; readonly path: string; readonly operator: string; readonly value: string | boolean | null }
  | { readonly kind: 'element'; readonly list: string; readonly part: Generated }

export type AttributeKind = 'folded' | 'exact' | 'binary' | 'boolean' | 'time'

/** What a grammar knows of a resource: paths and kinds of its attributes, and which of them are lists. */
export type Vocabulary = {
  readonly paths: Readonly<Record<string, AttributeKind>>
  readonly lists: Readonly<Record<string, Readonly<Record<string, AttributeKind>>>>
  /** What comparisons look for. */
  readonly words: readonly string[]
  readonly times: readonly string[]
}

const operatorsOf: Readonly<Record<AttributeKind, readonly string[]>> = {
  folded: ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'],
  exact: ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'],
  binary: ['eq', 'ne', 'co', 'sw', 'ew'],
  boolean: ['eq', 'ne'],
  time: ['eq', 'ne', 'gt', 'ge', 'lt', 'le'],
}

export function aGeneratedFilter({ paths, lists, words, times }: Vocabulary): fc.Arbitrary<Generated> {
  const comparison = (among: Readonly<Record<string, AttributeKind>>): fc.Arbitrary<Generated> =>
    fc.constantFrom(...Object.entries(among)).chain(([path, kind]) => {
      const operators = operatorsOf[kind]
      const value: fc.Arbitrary<string | boolean> =
        kind === 'boolean' ? fc.boolean() : kind === 'time' ? fc.constantFrom(...times) : fc.constantFrom(...words)
      return fc.oneof(
        {
          weight: 8,
          arbitrary: fc.record({
            kind: fc.constant('compare' as const),
            path: fc.constant(path),
            operator: fc.constantFrom(...operators),
            value,
          }),
        },
        {
          weight: 1,
          arbitrary: fc.record({
            kind: fc.constant('compare' as const),
            path: fc.constant(path),
            operator: fc.constantFrom('eq', 'ne'),
            value: fc.constant(null),
          }),
        },
        { weight: 1, arbitrary: fc.record({ kind: fc.constant('present' as const), path: fc.constant(path) }) },
      )
    })
  const tree = (leaf: fc.Arbitrary<Generated>, maxDepth: number): fc.Arbitrary<Generated> =>
    fc.letrec<{ tree: Generated }>((tie) => ({
      tree: fc.oneof(
        { maxDepth, depthSize: 'small', withCrossShrink: true },
        { weight: 4, arbitrary: leaf },
        {
          weight: 1,
          arbitrary: fc.record({
            kind: fc.constantFrom('and' as const, 'or' as const),
            parts: fc.array(tie('tree'), { minLength: 2, maxLength: 3 }),
          }),
        },
        { weight: 1, arbitrary: fc.record({ kind: fc.constant('not' as const), part: tie('tree') }) },
      ),
    })).tree
  if (Object.keys(lists).length === 0) return tree(comparison(paths), 3)
  const element: fc.Arbitrary<Generated> = fc
    .constantFrom(...Object.entries(lists))
    .chain(([list, subs]) => tree(comparison(subs), 2).map((part) => ({ kind: 'element' as const, list, part })))
  const inLists = Object.fromEntries(
    Object.entries(lists).flatMap(([list, subs]) => Object.entries(subs).map(([sub, kind]) => [`${list}.${sub}`, kind] as const)),
  )
  return tree(fc.oneof(comparison(paths), comparison(inLists), element), 3)
}

/** The filter as a client writes it. */
export function textOf(filter: Generated): string {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return filter.parts
        .map((part) => (needsParentheses(filter.kind, part) ? `(${textOf(part)})` : textOf(part)))
        .join(` ${filter.kind} `)
    case 'not':
      return `not (${textOf(filter.part)})`
    case 'present':
      return `${filter.path} pr`
    case 'compare':
      return `${filter.path} ${filter.operator} ${JSON.stringify(filter.value)}`
    case 'element':
      return `${filter.list}[${textOf(filter.part)}]`
    default:
      return unreachable(filter)
  }
}

/** `and` binds before `or`. */
const needsParentheses = (around: 'and' | 'or', part: Generated) => around === 'and' && part.kind === 'or'

/** Does the resource, as SCIM JSON, fulfil the filter (RFC 7644 §3.4.2.2)? Of several values any may. */
export function fulfils(filter: Generated, resource: object, kindOf: (path: string) => AttributeKind): boolean {
  const holds = (node: Generated, within: object, prefix: string): boolean => {
    switch (node.kind) {
      case 'and':
        return node.parts.every((part) => holds(part, within, prefix))
      case 'or':
        return node.parts.some((part) => holds(part, within, prefix))
      case 'not':
        return !holds(node.part, within, prefix)
      case 'present':
        return valuesAt(within, node.path).some((value) => value !== undefined)
      case 'element':
        return elementsAt(within, node.list).some((element) => holds(node.part, element, `${node.list}.`))
      case 'compare': {
        const values = valuesAt(within, node.path)
        if (node.value === null) return values.some((value) => value !== undefined) === (node.operator === 'ne')
        return values.some((value) => compares(node.operator, kindOf(prefix + node.path), value, node.value))
      }
      default:
        return unreachable(node)
    }
  }
  return holds(filter, resource, '')
}

const elementsAt = (within: object, name: string) => ((within as Record<string, unknown>)[name] ?? []) as readonly object[]

/** One value for a single attribute, present or not; of a list as many as it has elements. */
function valuesAt(within: object, path: string): readonly unknown[] {
  const [name = '', ...more] = path.slice(path.lastIndexOf(':') + 1).split('.')
  const value = (within as Record<string, unknown>)[name]
  if (Array.isArray(value)) return value.flatMap((one) => (more.length === 0 ? [one] : valuesAt(one as object, more.join('.'))))
  if (more.length > 0) return valuesAt(value ?? {}, more.join('.'))
  return [value ?? (name === 'primary' ? false : undefined)]
}

function compares(operator: string, kind: AttributeKind, actual: unknown, wanted: string | boolean | null): boolean {
  if (actual === undefined) return operator === 'ne'
  if (kind === 'boolean') return (actual === wanted) === (operator === 'eq')
  if (kind === 'time') return ordered(operator, Date.parse(actual as string) - Date.parse(String(wanted)))
  const fold = (text: string) => (kind === 'folded' ? foldCase(text) : text)
  // what is looked for inside of a text may end in a blank
  const part = kind === 'folded' ? foldCase(`${String(wanted)}.`).slice(0, -1) : String(wanted)
  const text = fold(actual as string)
  if (operator === 'co') return text.includes(part)
  if (operator === 'sw') return text.startsWith(part)
  if (operator === 'ew') return text.endsWith(part)
  return ordered(operator, Buffer.compare(Buffer.from(text), Buffer.from(fold(String(wanted)))))
}

function ordered(operator: string, sign: number): boolean {
  switch (operator) {
    case 'eq':
      return sign === 0
    case 'ne':
      return sign !== 0
    case 'gt':
      return sign > 0
    case 'ge':
      return sign >= 0
    case 'lt':
      return sign < 0
    default:
      return sign <= 0
  }
}
