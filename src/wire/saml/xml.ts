import { DOMParser } from '@xmldom/xmldom'
import { checkTokens } from './check-tokens'

/** A document that we do not read, and why; the reason names no value of the sender's. */
export class UnreadableXml extends Error {
  override readonly name = 'UnreadableXml'
}

/** An element as the rules read it. Attributes are those without a namespace; `text` is its own, its children's not included. */
export type XmlElement = {
  readonly namespace: string
  readonly name: string
  readonly attributes: ReadonlyMap<string, string>
  readonly children: readonly XmlElement[]
  readonly text: string
  /** For canonicalization alone. */
  readonly node: Element
}

export type XmlLimits = { readonly maxCharacters: number; readonly comments: 'refused' | 'skipped' }

/**
 * The root of a namespace-well-formed document of plain elements and text: no DTD, no CDATA, no processing instruction, no undeclared
 * prefix, no ID twice. Linear in its length.
 *
 * @throws UnreadableXml
 */
export function parseXml(text: string, limits: XmlLimits): XmlElement {
  if (text.length > limits.maxCharacters) throw new UnreadableXml(`longer than ${limits.maxCharacters} characters`)
  const body = withoutDeclaration(text)
  const reason = checkTokens(body, limits.comments)
  if (reason !== undefined) throw new UnreadableXml(reason)
  return toElement(parseDom(body), new Set())
}

/** The child elements of that namespace and name. */
export function childrenOf(parent: XmlElement, namespace: string, name: string): readonly XmlElement[] {
  return parent.children.filter((child) => child.name === name && child.namespace === namespace)
}

export function isElement(element: XmlElement | undefined, namespace: string, name: string): element is XmlElement {
  return element !== undefined && element.name === name && element.namespace === namespace
}

function withoutDeclaration(text: string): string {
  const declaration = /^<\?xml\s[^?<>]{0,200}\?>/.exec(text)?.[0]
  if (declaration === undefined) return text
  const encoding = /\sencoding\s{0,9}=\s{0,9}["']([^"']*)["']/.exec(declaration)?.[1]
  if (encoding !== undefined && encoding.toLowerCase() !== 'utf-8') throw new UnreadableXml('an encoding other than UTF-8')
  return text.slice(declaration.length)
}

function parseDom(text: string): Element {
  const fail = (message: string) => {
    throw new UnreadableXml(message)
  }
  // XML 1.0 §2.11 alone: xmldom's own rule also turns U+0085 and U+2028 into line feeds, which no signer does
  const normalizeLineEndings = (input: string) => input.replace(/\r\n?/g, '\n')
  const options = { errorHandler: { warning: fail, error: fail, fatalError: fail }, normalizeLineEndings }
  let root: Element | null
  try {
    root = new DOMParser(options).parseFromString(text.trim(), 'text/xml').documentElement
  } catch {
    root = null
  }
  if (!root) throw new UnreadableXml('not well-formed')
  return root
}

/** Depth is bounded by the tokens. */
function toElement(node: Element, ids: Set<string>): XmlElement {
  if (node.prefix && !node.namespaceURI) throw new UnreadableXml('a prefix that is not declared')
  const attributes = readAttributes(node, ids)
  const children: XmlElement[] = []
  let text = ''
  for (let child = node.firstChild; child; child = child.nextSibling) {
    if (child.nodeType === 1) children.push(toElement(child as Element, ids))
    else if (child.nodeType === 3) text += child.nodeValue ?? ''
    else if (child.nodeType !== 8) throw new UnreadableXml('a node that is neither element nor text')
  }
  return { namespace: node.namespaceURI ?? '', name: node.localName, attributes, children, text, node }
}

const idNames = new Set(['ID', 'Id', 'id'])

function readAttributes(node: Element, ids: Set<string>): ReadonlyMap<string, string> {
  const attributes = new Map<string, string>()
  for (let i = 0; i < node.attributes.length; i++) {
    const attribute = node.attributes[i]!
    if (attribute.name === 'xmlns' || attribute.prefix === 'xmlns') continue
    if (attribute.prefix) {
      if (!attribute.namespaceURI) throw new UnreadableXml('a prefix that is not declared')
      if (idNames.has(attribute.localName)) throw new UnreadableXml('an ID attribute with a prefix')
      continue
    }
    attributes.set(attribute.name, attribute.value)
    if (!idNames.has(attribute.name)) continue
    if (ids.has(attribute.value)) throw new UnreadableXml('the same ID twice')
    ids.add(attribute.value)
  }
  return attributes
}
