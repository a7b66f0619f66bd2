import { attributeValue } from './characters'
import type { PrefixedAttribute, XmlElement } from './xml'

type Refuse = (why: string) => never

/** Namespaces by their prefixes, the nearest first; the default namespace under ''. */
export type Scope = { readonly prefix: string; readonly namespace: string; readonly outer: Scope } | undefined

/** The namespace of a prefix; undefined when it is not declared. */
export function namespaceIn(scope: Scope, prefix: string): string | undefined {
  for (let at = scope; at; at = at.outer) if (at.prefix === prefix) return at.namespace
  return undefined
}

/** An element whose end is still to come. */
export type OpenElement = XmlElement & {
  readonly qualifiedName: string
  /** How many namespaces it declares. */
  readonly declared: number
  readonly children: XmlElement[]
  readonly content: (XmlElement | string)[]
  text: string
}

export type Tag = { readonly name: string; readonly attributes: string; readonly isEmpty: boolean; readonly end: number }

const space = '[ \\t\\n]'
const name = '[A-Za-z_][\\w.-]*(?::[A-Za-z_][\\w.-]*)?'
const tagPattern = new RegExp(`<(${name})((?:${space}+${name}${space}*=${space}*(?:"[^"<]*"|'[^'<]*'))*)${space}*(/?)>`, 'y')
const attributePattern = new RegExp(`(${name})${space}*=${space}*(?:"([^"]*)"|'([^']*)')`, 'g')

const maxAttributes = 64
const xml = 'http://www.w3.org/XML/1998/namespace'
const reserved = [xml, 'http://www.w3.org/2000/xmlns/']
const idNames = new Set(['ID', 'Id', 'id'])

export const scopeOfNothing: Scope = { prefix: 'xml', namespace: xml, outer: undefined }

/** The start tag that begins there; undefined when there is none that is well-formed. */
export function readTag(text: string, at: number): Tag | undefined {
  tagPattern.lastIndex = at
  const found = tagPattern.exec(text)
  return found ? { name: found[1]!, attributes: found[2]!, isEmpty: found[3] === '/', end: tagPattern.lastIndex } : undefined
}

/** @param ids of the document so far; this element's is added */
export function openTag(tag: Tag, outer: Scope, ids: Set<string>, refuse: Refuse): OpenElement {
  const { plain, withPrefix, declarations, scope } =
    tag.attributes === '' ? bare(outer) : attributesOf(tag.attributes, outer, refuse)
  const [prefix, name] = split(tag.name)
  for (const [key, value] of plain) {
    if (!idNames.has(key)) continue
    if (ids.has(value)) refuse('the same ID twice')
    ids.add(value)
  }
  return {
    prefix,
    namespace: namespaceOf(prefix, scope, refuse),
    name,
    attributes: plain,
    prefixed: withPrefix.length === 0 ? none : resolved(withPrefix, scope, refuse),
    scope,
    children: [],
    text: '',
    content: [],
    qualifiedName: tag.name,
    declared: declarations,
  }
}

const none: readonly never[] = []
const noAttributes: ReadonlyMap<string, string> = new Map()
const bare = (scope: Scope) => ({ plain: noAttributes, withPrefix: none, declarations: 0, scope })

function attributesOf(text: string, outer: Scope, refuse: Refuse) {
  const plain = new Map<string, string>()
  const withPrefix: [string, string][] = []
  const seen = new Set<string>()
  let [scope, declarations] = [outer, 0]
  for (const [, key, quoted, apostrophed] of text.matchAll(attributePattern)) {
    if (seen.has(key!)) refuse('the same attribute twice')
    if (seen.add(key!).size > maxAttributes) refuse(`more than ${maxAttributes} attributes`)
    const value = attributeValue(quoted ?? apostrophed!, refuse)
    if (key!.startsWith('xmlns')) {
      scope = { prefix: declaredPrefix(key!, value, refuse), namespace: value, outer: scope }
      declarations++
    } else if (key!.includes(':')) withPrefix.push([key!, value])
    else plain.set(key!, value)
  }
  return { plain, withPrefix, declarations, scope }
}

/** Namespaces in XML 1.0 §3, §5. What begins with xmlns and declares nothing, other verifiers overlook. */
function declaredPrefix(key: string, value: string, refuse: Refuse): string {
  if (!/^xmlns(?::(?!(?:xml|xmlns)$)|$)/.test(key)) refuse('an attribute that only looks like a namespace')
  if (reserved.includes(value) || (value === '' && key !== 'xmlns')) refuse('a namespace that cannot be declared')
  return key.slice(6)
}

function namespaceOf(prefix: string, scope: Scope, refuse: Refuse): string {
  return namespaceIn(scope, prefix) ?? (prefix === '' ? '' : refuse('a prefix that is not declared'))
}

function resolved(
  attributes: readonly (readonly [string, string])[],
  scope: Scope,
  refuse: Refuse,
): readonly PrefixedAttribute[] {
  const seen = new Set<string>()
  return attributes.map(([key, value]) => {
    const [prefix, name] = split(key)
    const namespace = namespaceOf(prefix, scope, refuse)
    if (idNames.has(name)) refuse('an ID attribute with a prefix')
    if (seen.size === seen.add(`${name} ${namespace}`).size) refuse('the same attribute twice')
    return { prefix, namespace, name, value }
  })
}

function split(qualifiedName: string): readonly [prefix: string, local: string] {
  const colon = qualifiedName.indexOf(':')
  return colon < 0 ? ['', qualifiedName] : [qualifiedName.slice(0, colon), qualifiedName.slice(colon + 1)]
}
