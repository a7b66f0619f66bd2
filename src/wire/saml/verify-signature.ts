import { createHash, timingSafeEqual, verify, type KeyObject } from 'node:crypto'
import type { SignatureMethod } from './algorithms'
import { canonicalize } from './canonicalize'
import { signatureShape } from './signature-shape'
import type { VerificationKeys } from './verification-keys'
import { UnreadableXml, parseXml, type XmlElement } from './xml'

export type TrustedKeys = {
  /** PEM; each that fits the method is tried. */
  readonly certificates: readonly string[]
  readonly allowSha1: boolean
  readonly keys: VerificationKeys
}

/**
 * What the signature really covers: its parent without the signature, parsed again from the very bytes that were digested. What stands
 * in KeyInfo is not looked at; only our keys count.
 *
 * @throws UnreadableXml when it is not valid, whatever the reason
 */
export function verifySignature(
  parent: XmlElement,
  signature: XmlElement,
  { certificates, allowSha1, keys }: TrustedKeys,
): XmlElement {
  const { signedInfo, method, digest, digestValue, signatureValue, prefixes } = signatureShape(parent, signature, allowSha1)
  const signed = canonicalize(parent, prefixes.signed, signature)
  const data = Buffer.from(canonicalize(signedInfo, prefixes.signedInfo))
  const isWhole = isEqual(createHash(digest).update(signed).digest(), digestValue)
  const isOurs = certificates.some((certificate) => {
    const key = keys.ofCertificate(certificate)
    return key.asymmetricKeyType === method.key && verifies(method, key, data, signatureValue)
  })
  if (!isWhole || !isOurs) throw new UnreadableXml('a signature that none of the certificates made')
  return parseXml(signed, { maxCharacters: Infinity, comments: 'refused' })
}

/** The signature value of DSA and ECDSA is r and s, one after the other (XML Signature §6.4). One of another length may throw. */
function verifies({ hash }: SignatureMethod, key: KeyObject, data: Buffer, signature: Buffer): boolean {
  try {
    return verify(hash, data, { key, dsaEncoding: 'ieee-p1363' }, signature)
  } catch {
    return false
  }
}

const isEqual = (a: Buffer, b: Buffer) => a.length === b.length && timingSafeEqual(a, b)
