type Refuse = (why: string) => never

// C0 but tab and line ends, U+FFFE, U+FFFF: not XML characters (XML 1.0 §2.2)
const notXml = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/
const otherReference = /&(?!(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6});)/
const reference = /&(?:(amp|lt|gt|quot|apos)|#([0-9]+)|#x([0-9A-Fa-f]+));/g
const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** Nothing but the characters of XML, and no references but those that need no DTD. */
export function checkCharacters(text: string, refuse: Refuse): void {
  if (notXml.test(text)) refuse('a control character')
  if (otherReference.test(text)) refuse('an entity')
}

/** XML 1.0 §2.11, and that alone: U+0085 and U+2028 stay as they are. */
export const withLineFeeds = (text: string) => (text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text)

/** What references stand for (XML 1.0 §4.1, §4.6). */
export function unescaped(text: string, refuse: Refuse): string {
  if (!text.includes('&')) return text
  return text.replace(reference, (_, name?: string, decimal?: string, hexadecimal?: string) => {
    if (name !== undefined) return named[name]!
    const code = decimal === undefined ? parseInt(hexadecimal!, 16) : Number(decimal)
    const isSurrogate = code >= 0xd800 && code <= 0xdfff
    const character = code <= 0x10ffff && !isSurrogate ? String.fromCodePoint(code) : '\0'
    return notXml.test(character) ? refuse('a control character') : character
  })
}

/** The value of an attribute that has no type (XML 1.0 §3.3.3): white space as written becomes blanks, as referred to it stays. */
export const attributeValue = (raw: string, refuse: Refuse) => unescaped(raw.replace(/[\t\n]/g, ' '), refuse)

/** Canonical XML 1.0 §2.3. */
export const escapedText = (text: string) =>
  /[&<>\r]/.test(text)
    ? text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('\r', '&#xD;')
    : text

/** Canonical XML 1.0 §2.3. */
export const escapedAttribute = (value: string) =>
  /[&<"\t\n\r]/.test(value)
    ? value
        .replaceAll('&', '&amp;')
        .replaceAll('<', '&lt;')
        .replaceAll('"', '&quot;')
        .replaceAll('\t', '&#x9;')
        .replaceAll('\n', '&#xA;')
        .replaceAll('\r', '&#xD;')
    : value
