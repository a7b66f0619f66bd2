import type { Filter as Parsed } from 'scim2-parse-filter'
import { parseFilter as parseTokens, Tokens, type Token } from 'scim2-parse-filter/lib/src/parser'
import type { Comparison, Filter } from '../../domain/directory/filter'
import { flagOf } from './coerce'
import type { Dialect } from './dialects'
import { compareTexts } from './match-element'
import { parseInstant } from './parse-instant'
import { enterpriseSchema, resolvePath, type Attribute, type ResolvedPath, type ResourceKind } from './schema'
import { invalidFilter } from './scim-error'
import { enterpriseUrn, groupUrn, userUrn } from './urns'

const limits = { length: 8_192, depth: 30, terms: 200 }

/**
 * A filter of RFC 7644 §3.4.2.2 with its attributes known and its values typed.
 *
 * The grammar is scim2-parse-filter's; its tokens are read here, in one pass and without backtracking.
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

/** Can lists be filtered and sorted by it? Neither by secrets, nor by what is made only for an answer. */
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
])

type Literal = string | number | boolean | null

/** What stands in the text: the tokens, each with its place, and the values that value tokens name by their number. */
type Lexed = { readonly tokens: Token[]; readonly places: readonly number[]; readonly literals: readonly Literal[] }
type Grammar = { readonly filter: Parsed; readonly literals: readonly Literal[] }

// sticky and without backtracking, so that each character is looked at once
const lexeme =
  /\s+|"[^"\\\u0000-\u001f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\u0000-\u001f]*)*"|\]\.|[()[\]]|[A-Za-z$_][-\w.:$/]*|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?(?=[\s)\]]|$)/y
const comparing = new Set(['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'])
const constants: ReadonlyMap<string, Literal> = new Map<string, Literal>([
  ['true', true],
  ['false', false],
  ['null', null],
])

/** Marks a sub-attribute that stood after `]`; no attribute name begins so. The library hands `a[f].b eq c` on as `a[f] and a.b eq c`. */
const afterBracket = '\u0000'

function lex(text: string): Lexed {
  const tokens: Token[] = []
  const places: number[] = []
  const literals: Literal[] = []
  let [depth, terms, previous] = [0, 1, '']
  let ended = false // a term has ended: only `and`, `or` and closing brackets may follow
  const push = (type: Token['type'], literal: string, at: number) => {
    tokens.push({ type, literal })
    places.push(at)
  }
  const bind = (value: Literal, at: number) => {
    push('Quoted', String(literals.push(value) - 1), at)
    ended = true
  }
  for (let at = 0; at < text.length; at = lexeme.lastIndex) {
    lexeme.lastIndex = at
    if (!lexeme.test(text)) throw unreadable(text, at)
    const found = text.slice(at, lexeme.lastIndex)
    const first = found[0]!
    if (first === ' ' || first.trim() === '') continue
    if (previous === 'not' && first !== '(') throw malformed(text, at)
    if (first === '"') bind(readString(found, at), at)
    else if (first === '-' || (first >= '0' && first <= '9')) bind(Number(found), at)
    else if (first === '(' || first === '[' || first === ')' || first === ']') {
      depth += first === '(' || first === '[' ? 1 : -1
      if (depth > limits.depth) throw invalidFilter(`The filter is nested deeper than ${limits.depth} levels. Flatten it.`)
      push('Bracket', found, at)
      ended = found === ')' || found === ']'
    } else {
      const word = found.toLowerCase()
      const joins = word === 'and' || word === 'or'
      if (ended && !joins) throw malformed(text, at)
      if (joins && ++terms > limits.terms) throw invalidFilter(`The filter has more than ${limits.terms} terms. Split it.`)
      const constant = comparing.has(previous) ? constants.get(word) : undefined
      if (constant !== undefined) bind(constant, at)
      else {
        push('Word', previous === '].' ? afterBracket + found : found, at)
        ended = word === 'pr'
      }
      previous = word
      continue
    }
    previous = found
  }
  push('EOT', '', text.length)
  return { tokens, places, literals }
}

function unreadable(text: string, at: number) {
  return text[at] === '"'
    ? invalidFilter(`The string at character ${at + 1} of the filter does not end, or has an escape that JSON does not know.`)
    : invalidFilter(`The filter cannot be read at character ${at + 1}: ${JSON.stringify(text.slice(at, at + 20))}.`)
}

function readString(quoted: string, at: number): string {
  const value = quoted.includes('\\') ? (JSON.parse(quoted) as string) : quoted.slice(1, -1)
  if (/\p{Surrogate}/u.test(value))
    throw invalidFilter(`The string at character ${at + 1} of the filter has half a surrogate pair. Send whole characters.`)
  return value
}

function parseGrammar(text: string): Grammar {
  if (text.length > limits.length) throw invalidFilter(`The filter is longer than ${limits.length} characters. Shorten it.`)
  const { tokens, places, literals } = lex(text)
  const list = new Tokens(tokens)
  let filter: Parsed | undefined
  try {
    filter = parseTokens(list)
  } catch {
    throw malformed(text, places[list.i - 1]) // the last one it took is the one that it could not use
  }
  if (list.peek().type !== 'EOT') throw malformed(text, places[list.i])
  return { filter, literals }
}

function malformed(text: string, at = text.length) {
  const place = at < text.length ? `at character ${at + 1}: ${JSON.stringify(text.slice(at, at + 20))}` : 'at its end'
  return invalidFilter(
    `The filter does not follow RFC 7644 §3.4.2.2 ${place}. Write it like: userName eq "taro" and not (active eq true).`,
  )
}

function typed(
  kind: ResourceKind,
  { filter, literals }: Grammar,
  inside: Attribute | undefined,
  dialect: Dialect = new Set(),
  together: readonly ResourceKind[] = [],
): Filter {
  const convert = (node: Parsed, within: Attribute | undefined): Filter => {
    if (together.length > 0 && 'attrPath' in node && !within && !resolvePath(kind, node.attrPath)) {
      const other = together.find((one) => resolvePath(one, node.attrPath))
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
        return within === undefined && isSchemas(node.attrPath) ? everyone : present(resolve(node.attrPath, within))
      case '[]': {
        const { attribute } = resolve(node.attrPath, within)
        if (within || !attribute.multiValued || !attribute.subAttributes) {
          throw invalidFilter(`${shown(node.attrPath)} takes no filter in brackets: it is no list of elements.`)
        }
        return { kind: 'element', attribute: attribute.name, part: convert(node.valFilter, attribute) }
      }
      default: {
        const value = literals[Number(node.compValue)] ?? null
        if (within === undefined && isSchemas(node.attrPath)) return ofSchemas(kind, node.op, value)
        const path = compared(resolve(node.attrPath, within))
        return comparison(node.op, nameOf(path), leaf(path), value, dialect)
      }
    }
  }
  const resolve = (text: string, within: Attribute | undefined): ResolvedPath => {
    const found =
      within && !text.includes('.') && !text.includes(':') ? resolvePath(kind, `${within.name}.${text}`) : resolvePath(kind, text)
    if (!found || (within && found.attribute !== within)) {
      throw invalidFilter(`There is no attribute ${shown(text)}${within ? ` in ${within.name}` : ''}. See the Schemas endpoint.`)
    }
    // a value filter of PATCH looks at elements that are at hand
    if (!inside && !isSearchable(found.attribute, found.sub))
      throw invalidFilter(`${shown(text)} cannot be searched. Search by another attribute.`)
    return found
  }
  return convert(filter, inside)
}

/** What a condition is where its attribute has no value. */
function ofNoValue(condition: Filter): Filter {
  const holds = condition.kind === 'compare' && (condition.operator === 'ne') !== (condition.value === null)
  return holds && (condition.operator === 'eq' || condition.operator === 'ne') ? everyone : nobody
}

/** `emails[type eq "work"].value eq "x"`: one element must fulfil both. */
function afterElement(node: Extract<Parsed, { readonly op: 'and' | 'or' }>): Parsed | undefined {
  const [first, second] = node.filters
  if (node.op !== 'and' || first?.op !== '[]' || !second || !('attrPath' in second)) return undefined
  const sub = second.attrPath.split(`.${afterBracket}`)[1]
  if (sub === undefined) return undefined
  return { ...first, valFilter: { op: 'and', filters: [first.valFilter, { ...second, attrPath: sub }] } }
}

const shown = (path: string) => path.replace(afterBracket, '').slice(0, 120)

const nameOf = ({ attribute, sub }: ResolvedPath) => (sub ? `${attribute.name}.${sub.name}` : attribute.name)

/** A complex attribute is present where one of its parts is (RFC 7644 §3.4.2.2). */
function present(path: ResolvedPath): Filter {
  const { attribute, sub } = path
  if (sub || attribute.type !== 'complex' || attribute.multiValued) return { kind: 'present', attribute: nameOf(path) }
  const parts = (attribute.subAttributes ?? []).filter((one) => isSearchable(attribute, one))
  return { kind: 'or', parts: parts.map((one) => present({ attribute, sub: one })) }
}

/** What a comparison looks at: of a list without a sub-attribute, its values. */
function leaf({ attribute, sub }: ResolvedPath): Attribute {
  return sub ?? attribute.subAttributes?.find((one) => one.name === 'value') ?? attribute.subAttributes?.[0] ?? attribute
}

/** A manager is compared by his id; any other complex attribute by a part that the filter names. */
function compared(path: ResolvedPath): ResolvedPath {
  const { attribute, sub } = path
  if (sub || attribute.type !== 'complex' || attribute.multiValued) return path
  const value = attribute.subAttributes?.find((one) => one.name === 'value')
  if (value) return { attribute, sub: value }
  throw invalidFilter(
    `${attribute.name} has parts; name one, for example ${attribute.name}.${attribute.subAttributes?.[0]?.name ?? ''}.`,
  )
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
  const wrong = (expected: string) =>
    invalidFilter(`${attribute} ${operator} needs ${expected}, not ${String(JSON.stringify(value)).slice(0, 80)}.`)
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
    const instant = typeof value === 'string' ? parseInstant(value) : undefined
    if (instant === undefined) throw wrong('a time such as "2026-04-01T09:00:00Z"')
    return { kind: 'compare', operator, attribute, value: instant }
  }
  if (of.type === 'binary' && ordering.has(operator))
    throw invalidFilter(`${attribute} is binary and has no order: use eq or ne.`)
  if (typeof value !== 'string') throw wrong('a string in double quotes')
  return { kind: 'compare', operator, attribute, value }
}

const everyone: Filter = { kind: 'present', attribute: 'id' }
const nobody: Filter = { kind: 'not', part: everyone }

const isSchemas = (path: string) => path.toLowerCase() === 'schemas'

/** `schemas` names the core schema always, and an extension where one of its attributes is present. */
function ofSchemas(kind: ResourceKind, operator: Comparison['operator'], value: Literal): Filter {
  if (value === null) return operator === 'ne' ? everyone : nobody
  if (typeof value !== 'string') throw invalidFilter(`schemas ${operator} needs a string in double quotes.`)
  const holds = (urn: string) => compareTexts(operator, urn.toLowerCase(), value.toLowerCase())
  if (holds(kind === 'User' ? userUrn : groupUrn)) return everyone
  if (kind === 'Group' || !holds(enterpriseUrn)) return nobody
  return { kind: 'or', parts: enterpriseSchema.attributes.map((attribute) => present({ attribute })) }
}
