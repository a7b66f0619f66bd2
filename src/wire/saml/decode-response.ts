import { isUtf8 } from 'node:buffer'
import { UnreadableXml } from './xml'

/** A Response of a user in 1,000 groups is 250 KB. */
export const maxResponseCharacters = 512 * 1024

/**
 * The XML of a SAMLResponse parameter (SAML 2.0 Bindings §3.5.4): base64 with nothing but white space beside it, and UTF-8.
 *
 * @throws UnreadableXml
 */
export function decodeResponse(parameter: string): string {
  if (parameter.length > maxResponseCharacters * 1.5) throw new UnreadableXml(`longer than ${maxResponseCharacters} bytes`)
  const bytes = decodeBase64(parameter)
  if (!bytes) throw new UnreadableXml('not base64')
  if (bytes.length > maxResponseCharacters) throw new UnreadableXml(`longer than ${maxResponseCharacters} bytes`)
  if (!isUtf8(bytes)) throw new UnreadableXml('not UTF-8')
  const text = bytes.toString('utf8')
  if (!text.startsWith('<')) throw new UnreadableXml('something before the first <')
  return text
}

/** Bytes of strict base64 (RFC 4648 §4) that may be folded with white space; undefined for anything else, empty text too. */
export function decodeBase64(text: string): Buffer | undefined {
  const joined = text.replace(/[ \t\r\n]+/g, '')
  if (joined === '' || joined.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(joined)) return undefined
  const bytes = Buffer.from(joined, 'base64')
  return bytes.toString('base64') === joined ? bytes : undefined
}
