/** Far above any real Response (a user in 1,000 groups has 2,000 tags), far below what hurts: a signature costs 40 µs a tag. */
const max = { tags: 10_000, depth: 60, tagCharacters: 32_768, attributes: 64, declarationsInScope: 256 }

const space = '[ \\t\\r\\n]'
const name = '[A-Za-z_][\\w.-]*(?::[A-Za-z_][\\w.-]*)?'
const endTag = `</(${name})${space}*>`
const startTag = `<(${name})((?:${space}+${name}${space}*=${space}*(?:"[^"<]*"|'[^'<]*'))*)${space}*(/?)>`
const attributes = new RegExp(`(${name})${space}*=${space}*(?:"[^"]*"|'[^']*')`, 'g')

// C0 but tab and line ends, U+FFFE, U+FFFF: not XML characters (XML 1.0 §2.2)
const notXml = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/
const otherReference = /&(?!(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6});)/

/**
 * Why these characters are not one plain element with plain content, or undefined when they are. Runs before any parser does, so that
 * nothing giant, deep or odd reaches one; each character is looked at a bounded number of times.
 */
export function checkTokens(text: string, comments: 'refused' | 'skipped'): string | undefined {
  if (notXml.test(text)) return 'a control character'
  if (otherReference.test(text)) return 'an entity'
  const patterns = { end: new RegExp(endTag, 'y'), start: new RegExp(startTag, 'y') }
  const open: { readonly name: string; readonly declared: number }[] = []
  let [at, tags, roots, inScope] = [0, 0, 0, 0]
  for (;;) {
    const next = text.indexOf('<', at)
    if (open.length === 0 && /[^ \t\r\n]/.test(text.slice(at, next < 0 ? undefined : next)))
      return 'text outside the root element'
    if (next < 0) break
    if (text[next + 1] === '!' || text[next + 1] === '?') {
      const end = comments === 'skipped' ? endOfComment(text, next) : undefined
      if (end === undefined) return 'a DTD, comment, CDATA section or processing instruction'
      at = end
      continue
    }
    if (++tags > max.tags) return `more than ${max.tags} tags`
    const end = text.indexOf('>', next)
    if (end < 0) return 'a tag that does not end'
    if (end - next > max.tagCharacters) return `a tag of more than ${max.tagCharacters} characters`
    if (text[next + 1] === '/') {
      const closed = open.pop()
      if (matchAt(patterns.end, text, next)?.[1] !== closed?.name || !closed) return 'an end tag that closes nothing'
      inScope -= closed.declared
      at = patterns.end.lastIndex
      continue
    }
    const tag = matchAt(patterns.start, text, next)
    if (!tag) return 'a tag that is not well-formed'
    if (tag[0].length > max.tagCharacters) return `a tag of more than ${max.tagCharacters} characters`
    if (open.length === 0 && ++roots > 1) return 'a second root element'
    const declared = checkAttributes(tag[2]!)
    if (typeof declared === 'string') return declared
    at = patterns.start.lastIndex
    if (tag[3] === '/') continue
    open.push({ name: tag[1]!, declared })
    inScope += declared
    if (open.length > max.depth) return `more than ${max.depth} levels`
    // canonicalization copies what is in scope for every element
    if (inScope > max.declarationsInScope) return `more than ${max.declarationsInScope} namespaces in scope`
  }
  if (open.length > 0 || roots === 0) return 'no root element, or one that does not end'
  return undefined
}

/** How many namespaces the tag declares, or what is wrong with its attributes. */
function checkAttributes(text: string): number | string {
  const seen = new Set<string>()
  let declared = 0
  for (const [, key] of text.matchAll(attributes)) {
    if (seen.has(key!)) return 'the same attribute twice'
    seen.add(key!)
    if (seen.size > max.attributes) return `more than ${max.attributes} attributes`
    if (!key!.startsWith('xmlns')) continue
    // canonicalization drops whatever begins with xmlns, so nothing but declarations may
    if (!/^xmlns(?::(?!(?:xml|xmlns)$)|$)/.test(key!)) return 'an attribute that only looks like a namespace'
    declared++
  }
  return declared
}

/** Where a comment or processing instruction ends; a DTD and CDATA have no end here. */
function endOfComment(text: string, start: number): number | undefined {
  const close = text.startsWith('<!--', start) ? '-->' : text.startsWith('<?', start) ? '?>' : undefined
  const end = close === undefined ? -1 : text.indexOf(close, start + (close === '-->' ? 4 : 2))
  return close === undefined || end < 0 ? undefined : end + close.length
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at
  return pattern.exec(text)
}
