import { ns } from './names'

const more = 'http://www.w3.org/2001/04/xmldsig-more#'
const xmlenc = 'http://www.w3.org/2001/04/xmlenc#'
const xmlenc11 = 'http://www.w3.org/2009/xmlenc11#'
const dsig11 = 'http://www.w3.org/2009/xmldsig11#'

export type Hash = 'sha1' | 'sha256' | 'sha384' | 'sha512'
export type SignatureMethod = { readonly key: 'rsa' | 'dsa' | 'ec'; readonly hash: Hash }

/** Digests that are known (RFC 6931 §2.1). SHA-1 counts only where an administrator says so: documents with the same digest can be made. */
export const digests: ReadonlyMap<string, Hash> = new Map([
  [`${ns.dsig}sha1`, 'sha1'],
  [`${xmlenc}sha256`, 'sha256'],
  [`${more}sha384`, 'sha384'],
  [`${xmlenc}sha512`, 'sha512'],
])

/** Signature methods that are known (RFC 6931 §2.3). HMAC is not: it would take a public certificate for its secret. */
export const signatureMethods: ReadonlyMap<string, SignatureMethod> = new Map([
  [`${ns.dsig}rsa-sha1`, { key: 'rsa', hash: 'sha1' }],
  [`${more}rsa-sha256`, { key: 'rsa', hash: 'sha256' }],
  [`${more}rsa-sha384`, { key: 'rsa', hash: 'sha384' }],
  [`${more}rsa-sha512`, { key: 'rsa', hash: 'sha512' }],
  [`${ns.dsig}dsa-sha1`, { key: 'dsa', hash: 'sha1' }],
  [`${dsig11}dsa-sha256`, { key: 'dsa', hash: 'sha256' }],
  [`${more}ecdsa-sha256`, { key: 'ec', hash: 'sha256' }],
  [`${more}ecdsa-sha384`, { key: 'ec', hash: 'sha384' }],
  [`${more}ecdsa-sha512`, { key: 'ec', hash: 'sha512' }],
])

/** What an enveloped signature inside a SAML message is made by (SAML 2.0 Core §5.4.4), and nothing else. */
export const transforms = [`${ns.dsig}enveloped-signature`, ns.excC14n] as const

export type Cipher = { readonly name: `aes-${128 | 256}-${'cbc' | 'gcm'}`; readonly keyBytes: 16 | 32 }

/** Content encryption that counts (XML Encryption 1.1 §5.2). Triple DES does not. */
export const ciphers: ReadonlyMap<string, Cipher> = new Map([
  [`${xmlenc}aes128-cbc`, { name: 'aes-128-cbc', keyBytes: 16 }],
  [`${xmlenc}aes256-cbc`, { name: 'aes-256-cbc', keyBytes: 32 }],
  [`${xmlenc11}aes128-gcm`, { name: 'aes-128-gcm', keyBytes: 16 }],
  [`${xmlenc11}aes256-gcm`, { name: 'aes-256-gcm', keyBytes: 32 }],
])

/** Key transport that counts (XML Encryption 1.1 §5.5.2). RSA 1.5 does not: its padding tells the key to who asks often. */
export const keyTransports = { oaepMgf1p: `${xmlenc}rsa-oaep-mgf1p`, oaep: `${xmlenc11}rsa-oaep` } as const

/** Mask generation for `keyTransports.oaep`; SHA-1 is no weakness there (RFC 8017 §B.1). */
export const maskGenerations: ReadonlyMap<string, Hash> = new Map([
  [`${xmlenc11}mgf1sha1`, 'sha1'],
  [`${xmlenc11}mgf1sha256`, 'sha256'],
  [`${xmlenc11}mgf1sha384`, 'sha384'],
  [`${xmlenc11}mgf1sha512`, 'sha512'],
])
