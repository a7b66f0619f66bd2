import { escapedAttribute, escapedText } from './characters'
import { namespaceIn, type Scope } from './start-tag'
import { UnreadableXml, type XmlElement } from './xml'

/** Namespaces are written again and again: a document can be made that grows a thousandfold. Real ones shrink. */
const maxCharacters = 2 * 1024 * 1024

/**
 * An element as signatures see it: Exclusive XML Canonicalization 1.0, without comments.
 *
 * @param inclusive prefixes whose namespaces are written although no name uses them (InclusiveNamespaces; '' is #default)
 * @param omitted left out, as an enveloped signature leaves itself out
 * @throws UnreadableXml when it would be giant
 */
export function canonicalize(apex: XmlElement, inclusive: readonly string[], omitted?: XmlElement): string {
  let text = ''
  /** @param outer undefined at the apex. @param written what is declared around it, in the text */
  const write = (element: XmlElement, outer: Scope, written: Scope) => {
    const name = element.prefix === '' ? element.name : `${element.prefix}:${element.name}`
    text += `<${name}`
    let declared = written
    for (const prefix of newPrefixes(element, element.scope === outer ? [] : inclusive, written)) {
      const namespace = namespaceIn(element.scope, prefix) ?? ''
      text += ` ${prefix === '' ? 'xmlns' : `xmlns:${prefix}`}="${escapedAttribute(namespace)}"`
      declared = { prefix, namespace, outer: declared }
    }
    for (const [key, value] of sortedAttributes(element)) text += ` ${key}="${escapedAttribute(value)}"`
    text += '>'
    if (text.length > maxCharacters) throw new UnreadableXml('namespaces that are repeated without end')
    for (const child of element.content) {
      if (typeof child === 'string') text += escapedText(child)
      else if (child !== omitted) write(child, element.scope, declared)
    }
    text += `</${name}>`
  }
  write(apex, undefined, undefined)
  return text
}

/** Prefixes of this element's names, and inclusive ones in scope, whose namespaces are not written yet; in their order. */
function newPrefixes(element: XmlElement, inclusive: readonly string[], written: Scope): readonly string[] {
  const isNew = (prefix: string) =>
    prefix !== 'xml' && (namespaceIn(element.scope, prefix) ?? '') !== (namespaceIn(written, prefix) ?? '')
  if (element.prefixed.length === 0 && inclusive.length === 0) return isNew(element.prefix) ? [element.prefix] : []
  const named = [element.prefix, ...element.prefixed.map(({ prefix }) => prefix), ...inclusive]
  return [...new Set(named.filter(isNew))].sort()
}

/** In order of their namespaces, then of their names; those without a namespace come first. */
function sortedAttributes({ attributes, prefixed }: XmlElement): Iterable<readonly [string, string]> {
  const plain = attributes.size > 1 ? [...attributes].sort(([a], [b]) => compare(a, b)) : attributes
  if (prefixed.length === 0) return plain
  const others =
    prefixed.length > 1 ? [...prefixed].sort((a, b) => compare(a.namespace, b.namespace) || compare(a.name, b.name)) : prefixed
  return [...plain, ...others.map(({ prefix, name, value }) => [`${prefix}:${name}`, value] as const)]
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
