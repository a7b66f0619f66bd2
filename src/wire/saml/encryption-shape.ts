import { ciphers, digests, keyTransports, maskGenerations, type Cipher, type Hash } from './algorithms'
import { decodeBase64 } from './decode-response'
import { ns } from './names'
import { UnreadableXml, childrenOf, isElement, type XmlElement } from './xml'

/** What decryption is given, and that is all it is given. */
export type EncryptionParts = {
  readonly cipher: Cipher
  readonly content: Buffer
  /** The key of the content, encrypted; once for each who may read it. */
  readonly wrapped: readonly { readonly hash: Hash; readonly key: Buffer }[]
}

/** Each may cost a private operation of each of our keys. */
const maxWrapped = 4

/**
 * The one form of encryption that SAML software writes (SAML 2.0 Core §2.3.4, §6): EncryptedData with its value inside, and beside it
 * or in its KeyInfo the key, encrypted by RSA-OAEP. Algorithms are of a list, before anything is decrypted.
 *
 * @throws UnreadableXml
 */
export function encryptionShape(encrypted: XmlElement): EncryptionParts {
  const [data, second] = encrypted.children
  if (!isElement(data, ns.xmlenc, 'EncryptedData')) throw new UnreadableXml('an EncryptedAssertion without EncryptedData first')
  if (second && !isElement(second, ns.xmlenc, 'EncryptedKey')) throw new UnreadableXml('something beside EncryptedData')
  const type = data.attributes.get('Type')
  if (type !== undefined && type !== `${ns.xmlenc}Element`) throw new UnreadableXml('EncryptedData of another type than Element')
  const cipher = ciphers.get(algorithmOf(methodOf(data)))
  if (!cipher) throw new UnreadableXml('an EncryptionMethod other than AES-128 and AES-256 (CBC, GCM), such as Triple DES')
  const inside = childrenOf(data, ns.dsig, 'KeyInfo').flatMap((info) => childrenOf(info, ns.xmlenc, 'EncryptedKey'))
  const keys = [...inside, ...childrenOf(encrypted, ns.xmlenc, 'EncryptedKey')]
  if (keys.length === 0 || keys.length > maxWrapped) throw new UnreadableXml(`no EncryptedKey, or more than ${maxWrapped}`)
  return { cipher, content: valueOf(data), wrapped: keys.map((key) => ({ hash: oaepHashOf(methodOf(key)), key: valueOf(key) })) }
}

const algorithmOf = (element: XmlElement) => element.attributes.get('Algorithm') ?? ''

function methodOf(parent: XmlElement): XmlElement {
  const [method, second] = childrenOf(parent, ns.xmlenc, 'EncryptionMethod')
  if (!method || second) throw new UnreadableXml(`${parent.name} without one EncryptionMethod`)
  return method
}

/** The hash of RSA-OAEP, which is also that of its mask: Node knows no other combination, and software chooses none. */
function oaepHashOf(method: XmlElement): Hash {
  const [digest, mask] = [childrenOf(method, ns.dsig, 'DigestMethod')[0], childrenOf(method, ns.xmlenc11, 'MGF')[0]]
  if (method.children.some((child) => child !== digest && child !== mask)) throw new UnreadableXml('parameters of RSA-OAEP')
  const hash = digest ? digests.get(algorithmOf(digest)) : 'sha1'
  const maskHash = mask ? maskGenerations.get(algorithmOf(mask)) : 'sha1'
  const transport = algorithmOf(method)
  if (transport !== keyTransports.oaep && transport !== keyTransports.oaepMgf1p) {
    throw new UnreadableXml('a key transport other than RSA-OAEP, such as RSA 1.5')
  }
  if (!hash || hash !== maskHash || (mask && transport === keyTransports.oaepMgf1p)) {
    throw new UnreadableXml('RSA-OAEP with a digest other than that of its mask generation')
  }
  return hash
}

function valueOf(parent: XmlElement): Buffer {
  const [data, second] = childrenOf(parent, ns.xmlenc, 'CipherData')
  const [value, more] = data?.children ?? []
  if (second || more || !isElement(value, ns.xmlenc, 'CipherValue') || value.children.length > 0) {
    throw new UnreadableXml(`${parent.name} without one CipherValue`)
  }
  return decodeBase64(value.text) ?? refuseValue()
}

function refuseValue(): never {
  throw new UnreadableXml('a CipherValue that is not base64')
}
