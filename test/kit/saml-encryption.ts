import { constants, createCipheriv, publicEncrypt, randomBytes, type KeyObject } from 'node:crypto'
import { createRequire } from 'node:module'
import { xmlenc, type TestIdp } from './saml-idp'

export const xmlenc11 = 'http://www.w3.org/2009/xmlenc11#'
const dsig = 'http://www.w3.org/2000/09/xmldsig#'

export type Encryption = {
  readonly cipher?: string
  readonly transport?: string
  /** Of RSA-OAEP, and of its mask generation; absent: none is written, which means SHA-1. */
  readonly hash?: 'sha1' | 'sha256' | 'sha512'
  readonly maskHash?: 'sha1' | 'sha256' | 'sha512'
  /** Who may read it, each with an EncryptedKey. */
  readonly readers?: readonly KeyObject[]
  /** Where the keys stand: inside of KeyInfo, or beside EncryptedData. */
  readonly keys?: 'inside' | 'beside'
  /** On its way. */
  readonly alter?: (content: Buffer) => Buffer
  /** Other text than the assertion's. */
  readonly text?: string
}

/** An EncryptedAssertion by hand, in all the forms of XML Encryption that SAML software writes. */
export function encryptedXml(text: string, reader: TestIdp, encryption: Encryption = {}): string {
  const { cipher = `${xmlenc}aes256-cbc`, transport = `${xmlenc}rsa-oaep-mgf1p`, hash, maskHash, keys = 'inside' } = encryption
  const { readers = [reader.publicKey], alter = (content: Buffer) => content } = encryption
  const key = randomBytes(cipher.includes('128') ? 16 : 32)
  const content = alter(encrypt(cipher, key, Buffer.from(encryption.text ?? text)))
  const digest = hash ? `<ds:DigestMethod xmlns:ds="${dsig}" Algorithm="${hash === 'sha1' ? dsig : xmlenc}${hash}"/>` : ''
  const mask = maskHash ? `<MGF xmlns="${xmlenc11}" Algorithm="${xmlenc11}mgf1${maskHash}"/>` : ''
  const wrapped = readers.map((one) => {
    const value = publicEncrypt({ key: one, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: hash ?? 'sha1' }, key)
    return `<xenc:EncryptedKey xmlns:xenc="${xmlenc}"><xenc:EncryptionMethod Algorithm="${transport}">${digest}${mask}</xenc:EncryptionMethod><xenc:CipherData><xenc:CipherValue>${value.toString('base64')}</xenc:CipherValue></xenc:CipherData></xenc:EncryptedKey>`
  })
  const [inside, beside] = keys === 'inside' ? [wrapped.join(''), ''] : ['', wrapped.join('')]
  return enclosed(
    `<xenc:EncryptedData xmlns:xenc="${xmlenc}" Type="${xmlenc}Element"><xenc:EncryptionMethod Algorithm="${cipher}"/><ds:KeyInfo xmlns:ds="${dsig}">${inside}</ds:KeyInfo><xenc:CipherData><xenc:CipherValue>${content.toString('base64')}</xenc:CipherValue></xenc:CipherData></xenc:EncryptedData>${beside}`,
  )
}

const enclosed = (xml: string) =>
  `<saml:EncryptedAssertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">${xml}</saml:EncryptedAssertion>`

function encrypt(cipher: string, key: Buffer, text: Buffer): Buffer {
  const name = `aes-${key.length * 8}-${cipher.slice(-3)}`
  const iv = randomBytes(name.endsWith('gcm') ? 12 : 16)
  if (name.endsWith('gcm')) {
    const gcm = createCipheriv(name as 'aes-256-gcm', key, iv)
    return Buffer.concat([iv, gcm.update(text), gcm.final(), gcm.getAuthTag()])
  }
  const length = 16 - (text.length % 16)
  const padding = Buffer.concat([randomBytes(length - 1), Buffer.from([length])])
  const cbc = createCipheriv(name, key, iv).setAutoPadding(false)
  return Buffer.concat([iv, cbc.update(Buffer.concat([text, padding])), cbc.final()])
}

type XmlEncryption = {
  encrypt(text: string, options: object, done: (error: Error | null, xml: string) => void): void
}

/** An EncryptedAssertion as the software of an identity provider writes it. */
export async function encryptedByOthers(text: string, reader: TestIdp, cipher: string, transport: string): Promise<string> {
  const fromSamlify = createRequire(createRequire(__filename).resolve('samlify'))
  const { encrypt } = fromSamlify('@authenio/xml-encryption') as XmlEncryption
  const key = reader.publicKey.export({ type: 'spki', format: 'pem' })
  const options = {
    rsa_pub: key,
    pem: reader.certificate,
    encryptionAlgorithm: cipher,
    keyEncryptionAlgorithm: transport,
  }
  return new Promise((resolve, reject) =>
    encrypt(text, { ...options, warnInsecureAlgorithm: false }, (error, xml) => (error ? reject(error) : resolve(enclosed(xml)))),
  )
}

export const pemOf = (idp: TestIdp) => idp.key.export({ type: 'pkcs8', format: 'pem' }) as string
