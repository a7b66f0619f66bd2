import { maxTracedBytes } from '../../domain/access/saml-trace'

/** What is cut out of them: signatures could be used again, attributes are about people, ciphertext says nothing. */
const cutElements: ReadonlySet<string> = new Set(['SignatureValue', 'AttributeValue', 'CipherValue'])

const tag = /^(\/?)(?:[^\s/>:]*:)?([^\s/>:]*)/

/**
 * A Response to be shown to an administrator: who and when stays, values that could be misused are replaced by their length. Works on
 * any text, in one pass: what cannot be read as XML is to be seen as well.
 *
 * @returns at most 32 KB
 */
export function redactResponse(text: string): string {
  const [start, ...pieces] = text.slice(0, 1024 * 1024).split('<')
  let [shown, cutting, gone] = [start!, '', 0]
  for (const piece of pieces) {
    const [, slash, name = ''] = tag.exec(piece) ?? []
    if (cutting !== '' && !(slash && name === cutting)) {
      gone += piece.length + 1
      continue
    }
    const end = piece.indexOf('>')
    if (cutting !== '') {
      if (gone > 0) shown += `[${gone} characters]`
      cutting = ''
      gone = 0
    } else if (!slash && cutElements.has(name) && end >= 0 && piece[end - 1] !== '/') {
      cutting = name
      gone = piece.length - end - 1
      shown += `<${piece.slice(0, end + 1)}`
      continue
    }
    shown += `<${piece}`
    if (shown.length > maxTracedBytes) break
  }
  if (cutting !== '') shown += `[${gone} characters]`
  return cutTo(shown, maxTracedBytes)
}

/** By bytes, and never in the middle of a character. */
function cutTo(text: string, bytes: number): string {
  if (Buffer.byteLength(text) <= bytes) return text
  const mark = '…'
  const kept = Buffer.from(text)
    .subarray(0, bytes - Buffer.byteLength(mark))
    .toString('utf8')
  return `${kept.replace(/\ufffd+$/, '')}${mark}`
}

/** The NameID that a Response claims, whatever it is worth; undefined when it claims none. */
export function claimedNameId(text: string): string | undefined {
  const at = /<(?:[\w.-]{1,50}:)?NameID[\s>]/.exec(text)?.index
  const claimed = at === undefined ? undefined : /^<[^>]{0,2000}>([^<]{1,1000})</.exec(text.slice(at, at + 4000))?.[1]?.trim()
  return claimed === '' ? undefined : claimed
}
