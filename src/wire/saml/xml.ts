import { checkCharacters, unescaped, withLineFeeds } from './characters'
import { openTag, readTag, scopeOfNothing, type OpenElement, type Scope } from './start-tag'

/** A document that we do not read, and why; the reason names no value of the sender's. */
export class UnreadableXml extends Error {
  override readonly name = 'UnreadableXml'
}

/** An attribute with a prefix. */
export type PrefixedAttribute = {
  readonly prefix: string
  readonly namespace: string
  readonly name: string
  readonly value: string
}

/** An element as the rules read it; what they read is what canonicalization writes. `text` is its own, its children's not included. */
export type XmlElement = {
  readonly prefix: string
  readonly namespace: string
  readonly name: string
  /** Those without a prefix, which have no namespace. */
  readonly attributes: ReadonlyMap<string, string>
  readonly prefixed: readonly PrefixedAttribute[]
  /** The namespaces in scope; the very same as its parent's when it declares none. */
  readonly scope: Scope
  readonly children: readonly XmlElement[]
  readonly text: string
  /** Elements and text in their order. */
  readonly content: readonly (XmlElement | string)[]
}

export type XmlLimits = { readonly maxCharacters: number; readonly comments: 'refused' | 'skipped' }

/** Where a piece of a document was found: its namespaces and its IDs hold for the piece too. */
export type Surroundings = { readonly scope: Scope; readonly ids: Set<string> }

/** Far above any real Response (a user in 1,000 groups has 2,000 tags), far below what hurts. */
const max = { tags: 10_000, depth: 60, tagCharacters: 32_768, declarationsInScope: 256 }

/**
 * The root of a namespace-well-formed document of plain elements and text (XML 1.0, Namespaces in XML 1.0): no DTD, no CDATA, no
 * processing instruction, no undeclared prefix, no ID twice. One pass; each character is looked at a bounded number of times.
 *
 * @param around of the root, when it is a piece of another document; its IDs are added there
 * @throws UnreadableXml
 */
export function parseXml(text: string, limits: XmlLimits, around?: Surroundings): XmlElement {
  if (text.length > limits.maxCharacters) refuse(`longer than ${limits.maxCharacters} characters`)
  const body = withLineFeeds(withoutDeclaration(text))
  checkCharacters(body, refuse)
  const { scope: outer, ids } = around ?? { scope: scopeOfNothing, ids: new Set<string>() }
  const open: OpenElement[] = []
  let root: OpenElement | undefined
  let [at, tags, declarations] = [0, 0, 0]
  for (;;) {
    const next = body.indexOf('<', at)
    addText(open.at(-1), body.slice(at, next < 0 ? undefined : next))
    if (next < 0) break
    if (body[next + 1] === '!' || body[next + 1] === '?') {
      at = endOfComment(body, next, limits.comments)
      continue
    }
    if (++tags > max.tags) refuse(`more than ${max.tags} tags`)
    const bracket = body.indexOf('>', next)
    if (bracket < 0) refuse('a tag that does not end')
    if (bracket - next > max.tagCharacters) refuse(`a tag of more than ${max.tagCharacters} characters`)
    if (body[next + 1] === '/') {
      const closed = open.pop()
      if (!closed || !closes(closed, body.slice(next + 2, bracket))) return refuse('an end tag that closes nothing')
      declarations -= closed.declared
      at = bracket + 1
      continue
    }
    const tag = readTag(body, next) ?? refuse('a tag that is not well-formed')
    if (tag.end - next > max.tagCharacters) refuse(`a tag of more than ${max.tagCharacters} characters`)
    const parent = open.at(-1)
    if (!parent && root) refuse('a second root element')
    const element = openTag(tag, parent ? parent.scope : outer, ids, refuse)
    root ??= element
    parent?.children.push(element)
    parent?.content.push(element)
    at = tag.end
    if (tag.isEmpty) continue
    open.push(element)
    declarations += element.declared
    if (open.length > max.depth) refuse(`more than ${max.depth} levels`)
    if (declarations > max.declarationsInScope) refuse(`more than ${max.declarationsInScope} namespaces in scope`)
  }
  if (open.length > 0 || !root) refuse('no root element, or one that does not end')
  return root
}

/** The child elements of that namespace and name. */
export function childrenOf(parent: XmlElement, namespace: string, name: string): readonly XmlElement[] {
  return parent.children.filter((child) => child.name === name && child.namespace === namespace)
}

export function isElement(element: XmlElement | undefined, namespace: string, name: string): element is XmlElement {
  return element !== undefined && element.name === name && element.namespace === namespace
}

function refuse(why: string): never {
  throw new UnreadableXml(why)
}

function withoutDeclaration(text: string): string {
  const declaration = /^<\?xml\s[^?<>]{0,200}\?>/.exec(text)?.[0]
  if (declaration === undefined) return text
  const encoding = /\sencoding\s{0,9}=\s{0,9}["']([^"']*)["']/.exec(declaration)?.[1]
  if (encoding !== undefined && encoding.toLowerCase() !== 'utf-8') refuse('an encoding other than UTF-8')
  return text.slice(declaration.length)
}

const closes = ({ qualifiedName }: OpenElement, tag: string) =>
  tag.startsWith(qualifiedName) && /^[ \t\n]*$/.test(tag.slice(qualifiedName.length))

function addText(parent: OpenElement | undefined, raw: string): void {
  if (raw === '') return
  if (!parent) {
    if (/[^ \t\n]/.test(raw)) refuse('text outside the root element')
    return
  }
  if (raw.includes(']]>')) refuse('the end of a CDATA section')
  const text = unescaped(raw, refuse)
  parent.text += text
  parent.content.push(text)
}

/** Where a comment or processing instruction ends; a DTD and CDATA have no end here. */
function endOfComment(text: string, start: number, comments: XmlLimits['comments']): number {
  const close = text.startsWith('<!--', start) ? '-->' : text.startsWith('<?', start) ? '?>' : undefined
  const end = close === undefined || comments === 'refused' ? -1 : text.indexOf(close, start + (close === '-->' ? 4 : 2))
  if (end < 0) refuse('a DTD, comment, CDATA section or processing instruction')
  return end + close!.length
}
