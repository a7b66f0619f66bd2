import { parse, type Filter as Parsed } from 'scim2-parse-filter'
import type { Comparison, Filter } from '../../domain/directory/filter'
import { flagOf } from './coerce'
import type { Dialect } from './dialects'
import { resolvePath, type Attribute, type ResourceKind } from './schema'
import { invalidFilter } from './scim-error'

const limits = { length: 8_192, depth: 30, terms: 200 }

/**
 * A filter of RFC 7644 §3.4.2.2 with its attributes known and its values typed.
 *
 * The grammar is scim2-parse-filter's; strings, numbers and literals are read here and handed to it as numbered strings, because it
 * needs time exponential in line breaks, does not decode escapes and refuses `-5 and`, `$ref` and `True`.
 *
 * @param together the types that are searched together: of what only others have, this one has no value (RFC 7644 §3.4.2.2)
 * @throws ScimError invalidFilter
 */
export function parseFilter(kind: ResourceKind, text: string, together: readonly ResourceKind[] = []): Filter {
  return typed(kind, parseGrammar(text), undefined, undefined, together)
}

/** A value filter of a path, `type eq "work"` of `emails[…]`: its names are sub-attributes. @throws ScimError invalidFilter */
export function parseValueFilter(kind: ResourceKind, attribute: Attribute, text: string, dialect?: Dialect): Filter {
  return typed(kind, parseGrammar(text), attribute, dialect)
}

/** Secrets, and what is made only for an answer. */
export function isSearchable(attribute: Attribute, sub: Attribute | undefined): boolean {
  if (attribute.returned === 'never') return false
  const path = sub ? `${attribute.name}.${sub.name}` : attribute.name
  return !unsearchable.has(path)
}

const unsearchable = new Set([
  'meta.location',
  'meta.version',
  'groups.$ref',
  'groups.type',
  'members.$ref',
  'members.display',
  'emails.display',
  'manager.$ref',
  'manager.displayName',
])

type Literal = string | number | boolean | null
type Grammar = { readonly filter: Parsed; readonly literals: readonly Literal[] }

// what may stand at one place of a filter; sticky, so that each character is looked at once
const blank = /\s+/y
const quoted = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y
const literal = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?|true|false|null)(?=[\s)\]]|$)/iy
const bracket = /\]\.|[()[\]]/y
const word = /[A-Za-z$_][-\w.:$/]*/y
const comparing = new Set(['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'])
const joining = new Set(['and', 'or'])

/** Marks a sub-attribute that stood after `]`: the library hands `a[f].b eq c` on as if it were `a[f] and a.b eq c`. */
const afterBracket = 'v--'

function parseGrammar(text: string): Grammar {
  if (text.length > limits.length) throw invalidFilter(`The filter is longer than ${limits.length} characters. Shorten it.`)
  const literals: Literal[] = []
  let [at, depth, terms, safe, previous] = [0, 0, 0, '', '']
  const take = (pattern: RegExp) => {
    pattern.lastIndex = at
    const found = pattern.exec(text)?.[0]
    if (found !== undefined) at += found.length
    return found
  }
  const bind = (value: Literal) => {
    safe += `"${literals.push(value) - 1}"`
    previous = 'value'
  }
  while (at < text.length) {
    if (take(blank) !== undefined) safe += ' '
    else if (text[at] === '"') bind(readString(take(quoted), at))
    else {
      const value = comparing.has(previous) ? take(literal) : undefined
      if (value !== undefined) bind(JSON.parse(value.toLowerCase()) as Literal)
      else {
        const token = take(bracket) ?? take(word)
        if (token === undefined)
          throw invalidFilter(`The filter cannot be read at character ${at + 1}: ${JSON.stringify(text.slice(at, at + 20))}.`)
        if (token === '(' || token === '[') depth++
        if (depth > limits.depth) throw invalidFilter(`The filter is nested deeper than ${limits.depth} levels. Flatten it.`)
        if (token.startsWith(')') || token.startsWith(']')) depth--
        const lower = token.toLowerCase()
        if (joining.has(lower) && ++terms >= limits.terms)
          throw invalidFilter(`The filter has more than ${limits.terms} terms. Split it.`)
        safe += (previous === '].' ? afterBracket : '') + token.replaceAll('$', '%24').replace(/^%/, 'D%')
        previous = comparing.has(lower) || token === '].' ? lower : ''
      }
    }
  }
  try {
    return { filter: parse(safe), literals }
  } catch {
    throw invalidFilter('The filter does not follow RFC 7644 §3.4.2.2, for example: userName eq "taro" and active eq true.')
  }
}

function readString(token: string | undefined, at: number): string {
  if (token === undefined)
    throw invalidFilter(`The string at character ${at + 1} of the filter does not end, or has an escape that JSON does not know.`)
  return JSON.parse(token) as string
}

function typed(
  kind: ResourceKind,
  { filter, literals }: Grammar,
  inside: Attribute | undefined,
  dialect: Dialect = new Set(),
  together: readonly ResourceKind[] = [],
): Filter {
  const convert = (node: Parsed, within: Attribute | undefined): Filter => {
    if ('attrPath' in node && !within && !resolvePath(kind, original(node.attrPath))) {
      const other = together.find((one) => resolvePath(one, original(node.attrPath)))
      if (other) return ofNoValue(typed(other, { filter: node, literals }, undefined))
    }
    switch (node.op) {
      case 'and':
      case 'or': {
        const element = afterElement(node)
        if (element) return convert(element, within)
        return { kind: node.op, parts: node.filters.map((part) => convert(part, within)) }
      }
      case 'not':
        return { kind: 'not', part: convert(node.filter, within) }
      case 'pr':
        return { kind: 'present', attribute: resolve(node.attrPath, within).name }
      case '[]': {
        const { attribute } = resolve(node.attrPath, within)
        if (within || !attribute.multiValued || !attribute.subAttributes) {
          throw invalidFilter(`${original(node.attrPath)} takes no filter in brackets: it is no list of elements.`)
        }
        return { kind: 'element', attribute: attribute.name, part: convert(node.valFilter, attribute) }
      }
      default: {
        const { name, attribute, sub } = resolve(node.attrPath, within)
        const value = literals[Number(node.compValue)]
        return comparison(node.op, name, leaf(attribute, sub), value ?? null, dialect)
      }
    }
  }
  const resolve = (path: string, within: Attribute | undefined) => {
    const text = original(path)
    const found =
      within && !text.includes('.') && !text.includes(':') ? resolvePath(kind, `${within.name}.${text}`) : resolvePath(kind, text)
    if (!found || (within && found.attribute !== within)) {
      throw invalidFilter(`There is no attribute ${text}${within ? ` in ${within.name}` : ''}. See the Schemas endpoint.`)
    }
    const { attribute, sub } = found
    if (!isSearchable(attribute, sub)) throw invalidFilter(`${text} cannot be searched. Search by another attribute.`)
    if (!sub && attribute.type === 'complex' && !attribute.multiValued && attribute.name !== 'manager') {
      throw invalidFilter(
        `${attribute.name} has parts; name one, for example ${attribute.name}.${attribute.subAttributes?.[0]?.name ?? ''}.`,
      )
    }
    const subName = sub ?? (attribute.name === 'manager' ? attribute.subAttributes?.[0] : undefined)
    return {
      attribute,
      ...(subName ? { sub: subName } : {}),
      name: subName ? `${attribute.name}.${subName.name}` : attribute.name,
    }
  }
  return convert(filter, inside)
}

/** What a condition is where its attribute has no value. */
function ofNoValue(condition: Filter): Filter {
  const always: Filter = { kind: 'present', attribute: 'id' }
  const holds = condition.kind === 'compare' && (condition.operator === 'ne') !== (condition.value === null)
  return holds && (condition.operator === 'eq' || condition.operator === 'ne') ? always : { kind: 'not', part: always }
}

/** `emails[type eq "work"].value eq "x"`: one element must fulfil both. */
function afterElement(node: Extract<Parsed, { readonly op: 'and' | 'or' }>): Parsed | undefined {
  const [first, second, ...more] = node.filters
  if (node.op !== 'and' || first?.op !== '[]' || !second || more.length > 0 || !('attrPath' in second)) return undefined
  const [attribute, sub] = second.attrPath.split(`.${afterBracket}`)
  if (sub === undefined || attribute === undefined) return undefined
  return { ...first, valFilter: { op: 'and', filters: [first.valFilter, { ...second, attrPath: sub }] } }
}

const original = (path: string) => path.replaceAll('D%24', '$').replaceAll('%24', '$').replace(`.${afterBracket}`, '.')

/** What a comparison looks at: of a list without a sub-attribute, its values. */
function leaf(attribute: Attribute, sub: Attribute | undefined): Attribute {
  return sub ?? attribute.subAttributes?.find((one) => one.name === 'value') ?? attribute.subAttributes?.[0] ?? attribute
}

const ordering = new Set(['gt', 'ge', 'lt', 'le'])
const substring = new Set(['co', 'sw', 'ew'])

function comparison(
  operator: Comparison['operator'],
  attribute: string,
  of: Attribute,
  value: Literal,
  dialect: Dialect,
): Filter {
  const wrong = (expected: string) => invalidFilter(`${attribute} ${operator} needs ${expected}, not ${JSON.stringify(value)}.`)
  if (value === null) {
    if (operator !== 'eq' && operator !== 'ne') throw wrong('a value')
    return { kind: 'compare', operator, attribute, value }
  }
  if (of.type === 'boolean') {
    const flag = flagOf(value, dialect)
    if (flag === undefined) throw wrong('true or false')
    if (ordering.has(operator) || substring.has(operator)) throw invalidFilter(`${attribute} is true or false: use eq or ne.`)
    return { kind: 'compare', operator, attribute, value: flag }
  }
  if (of.type === 'dateTime') {
    if (substring.has(operator)) throw invalidFilter(`${attribute} is a time: use eq, ne, gt, ge, lt or le.`)
    const instant = typeof value === 'string' && /^\d{4}-\d{2}-\d{2}(T|$)/.test(value) ? Date.parse(value) : NaN
    if (Number.isNaN(instant)) throw wrong('a time such as "2026-04-01T09:00:00Z"')
    return { kind: 'compare', operator, attribute, value: instant }
  }
  if (typeof value !== 'string') throw wrong('a string in double quotes')
  return { kind: 'compare', operator, attribute, value }
}
