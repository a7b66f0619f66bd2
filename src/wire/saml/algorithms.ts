import { createHash, verify, type KeyObject } from 'node:crypto'
import { ns } from './names'

const more = 'http://www.w3.org/2001/04/xmldsig-more#'
const xmlenc = 'http://www.w3.org/2001/04/xmlenc#'
const dsig11 = 'http://www.w3.org/2009/xmldsig11#'

/** Digests that count (RFC 6931 §2.1). SHA-1 and MD5 do not: documents with the same digest can be made. */
export const digests: ReadonlyMap<string, string> = new Map([
  [`${xmlenc}sha256`, 'sha256'],
  [`${more}sha384`, 'sha384'],
  [`${xmlenc}sha512`, 'sha512'],
])

type SignatureMethod = { readonly key: 'rsa' | 'dsa' | 'ec'; readonly hash: string }

/** Signature methods that count (RFC 6931 §2.3). HMAC does not: it would take a public certificate for its secret. */
export const signatureMethods: ReadonlyMap<string, SignatureMethod> = new Map([
  [`${more}rsa-sha256`, { key: 'rsa', hash: 'sha256' }],
  [`${more}rsa-sha384`, { key: 'rsa', hash: 'sha384' }],
  [`${more}rsa-sha512`, { key: 'rsa', hash: 'sha512' }],
  [`${dsig11}dsa-sha256`, { key: 'dsa', hash: 'sha256' }],
  [`${more}ecdsa-sha256`, { key: 'ec', hash: 'sha256' }],
  [`${more}ecdsa-sha384`, { key: 'ec', hash: 'sha384' }],
  [`${more}ecdsa-sha512`, { key: 'ec', hash: 'sha512' }],
])

/** What an enveloped signature inside a SAML message is made by (SAML 2.0 Core §5.4.4), and nothing else. */
export const transforms = [`${ns.dsig}enveloped-signature`, ns.excC14n] as const

/** A digest as xml-crypto asks for one. */
export const hashAlgorithm = (uri: string) =>
  class {
    readonly getAlgorithmName = () => uri
    readonly getHash = (text: string) => createHash(digests.get(uri)!).update(text).digest('base64')
  }

/** A verifier as xml-crypto asks for one; it tries each of our keys that fits the method, and no other. */
export const signatureAlgorithm = (uri: string, keys: readonly KeyObject[]) =>
  class {
    readonly getAlgorithmName = () => uri
    readonly getSignature = (): string => {
      throw new Error('only verifies')
    }
    readonly verifySignature = (text: string, _key: unknown, value: string): boolean => {
      const method = signatureMethods.get(uri)!
      const [data, signature] = [Buffer.from(text), Buffer.from(value, 'base64')]
      // the signature value of DSA and ECDSA is r and s, one after the other (XML Signature §6.4)
      return keys.some(
        (key) => key.asymmetricKeyType === method.key && verify(method.hash, data, { key, dsaEncoding: 'ieee-p1363' }, signature),
      )
    }
  }
