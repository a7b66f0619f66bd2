import type { KeyObject } from 'node:crypto'
import { SignedXml } from 'xml-crypto'
import { hashAlgorithm, signatureAlgorithm } from './algorithms'
import { signatureShape } from './signature-shape'
import { UnreadableXml, parseXml, type XmlElement } from './xml'

/** xml-crypto's parser takes these for line feeds, which no signer does; as references they stay what they are. */
const asReferences = (text: string) => text.replace(/[\u0085\u2028]/g, (character) => `&#${character.charCodeAt(0)};`)

/**
 * What the signature really covers: its parent without the signature, parsed again from the very bytes that were digested. What stands
 * in KeyInfo is not looked at; only our keys count.
 *
 * @param text the whole document, in which `parent` and `signature` were found
 * @throws UnreadableXml when it is not valid, whatever the reason
 */
export function verifySignature(text: string, parent: XmlElement, signature: XmlElement, keys: readonly KeyObject[]): XmlElement {
  const { method, digest } = signatureShape(parent, signature)
  const check = new SignedXml({ publicCert: 'ours, in the algorithm', getCertFromKeyInfo: () => null })
  check.SignatureAlgorithms = { [method]: signatureAlgorithm(method, keys) }
  check.HashAlgorithms = { [digest]: hashAlgorithm(digest) }
  const [signed, second] = signedBy(check, asReferences(text), signature)
  if (signed === undefined || second !== undefined) throw new UnreadableXml('a signature that none of the certificates made')
  return parseXml(signed, { maxCharacters: 2 * text.length, comments: 'refused' })
}

/** xml-crypto says no by `false` and by throwing, with the sender's values in the message. */
function signedBy(check: SignedXml, text: string, signature: XmlElement): readonly string[] {
  try {
    check.loadSignature(signature.node)
    return check.checkSignature(text) ? check.getSignedReferences() : []
  } catch {
    return []
  }
}
