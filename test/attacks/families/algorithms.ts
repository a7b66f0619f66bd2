import { constants, createHash, createHmac, createPublicKey, sign } from 'node:crypto'
import { more, xmlenc } from '../../kit/saml-idp'
import { dsig, signedByHand } from '../forge'
import type { Trial } from '../lab'
import { before, instead, type Attack, type Family } from './family'
import { signedBy, signedEc } from './keys'

const signature = 'SLASH_SA04 signature'

/** Signed with the right key by that method. */
const method = (algorithm: string, hash: string, known?: string): Attack => ({
  name: `the method ${algorithm}`,
  ...(known !== undefined && { known }),
  expects: signature,
  make: (t) =>
    signedByHand(t.idp, t.response(t.assertion()), t.right.assertionId, {
      method: algorithm,
      signatureValue: (octets) => sign(hash, octets, t.idp.key).toString('base64'),
    }),
})

const digest = (algorithm: string, hash: string): Attack => ({
  name: `the digest ${algorithm}`,
  expects: signature,
  make: (t) => {
    const right = t.signed()
    const value = createHash(hash).update(right).digest('base64')
    return signedByHand(t.idp, t.response(t.assertion()), t.right.assertionId, { digestMethod: algorithm, digestValue: value })
  },
})

const hmac = (algorithm: string, hash: string, secret: (t: Trial) => string | Buffer, what: string): Attack => ({
  name: `${algorithm.split('#')[1]} with ${what} as the secret`,
  known: 'GHSA-c27r-x354-4m68 xml-crypto',
  expects: signature,
  make: (t) =>
    signedBy(t, 'foreign', {
      method: algorithm,
      signatureValue: (octets) => createHmac(hash, secret(t)).update(octets).digest('base64'),
    }),
})

const pem = (t: Trial) => t.idp.certificate
const spki = (t: Trial) => createPublicKey(t.idp.certificate).export({ type: 'spki', format: 'pem' })

/** A value for the SignatureValue, instead of a signature. */
const value = (name: string, make: (right: Buffer) => Buffer | string): Attack => ({
  name: `an RSA signature ${name}`,
  expects: signature,
  make: (t) =>
    signedByHand(t.idp, t.response(t.assertion()), t.right.assertionId, {
      signatureValue: (octets) => {
        const made = make(sign('sha256', octets, t.idp.key))
        return typeof made === 'string' ? made : made.toString('base64')
      },
    }),
})

const zero = Buffer.alloc(64)
const one = Buffer.concat([Buffer.alloc(31), Buffer.of(1), Buffer.alloc(31), Buffer.of(1)])

/** What is no signature by a strong method, or is one by a method that does not fit the key. */
export const algorithms: Family = {
  name: 'algorithms',
  controls: [
    { name: 'RSA with SHA-512', make: (t) => t.signed({}, { method: `${more}rsa-sha512`, digest: `${xmlenc}sha512` }) },
    { name: 'ECDSA', make: (t) => signedEc(t, {}, 'taro') },
    {
      name: 'DSA',
      make: (t) =>
        signedByHand(t.dsa, t.response(t.assertion()), t.right.assertionId, {
          method: 'http://www.w3.org/2009/xmldsig11#dsa-sha256',
        }),
    },
    { name: 'RSA with the exponent 3', make: (t) => signedByHand(t.lowExponent, t.response(t.assertion()), t.right.assertionId) },
  ],
  attacks: [
    method(`${dsig}rsa-sha1`, 'sha1', 'samlify; SHA-1 collisions'),
    method('http://www.w3.org/2001/04/xmldsig-more#rsa-md5', 'md5'),
    method('http://www.w3.org/2001/04/xmldsig-more#rsa-ripemd160', 'ripemd160'),
    method(`${more}rsa-sha224`, 'sha224'),
    method(`${more}RSA-SHA256`, 'sha256'),
    method(` ${more}rsa-sha256`, 'sha256'),
    method('none', 'sha256'),
    method('', 'sha256'),
    method('__proto__', 'sha256'),
    method('constructor', 'sha256'),
    digest(`${dsig}sha1`, 'sha1'),
    digest('http://www.w3.org/2001/04/xmldsig-more#md5', 'md5'),
    digest(`${xmlenc}ripemd160`, 'ripemd160'),
    digest('toString', 'sha256'),
    {
      name: 'RSA-PSS, rightly signed',
      expects: signature,
      make: (t) =>
        signedByHand(t.idp, t.response(t.assertion()), t.right.assertionId, {
          method: 'http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1',
          signatureValue: (octets) =>
            sign('sha256', octets, { key: t.idp.key, padding: constants.RSA_PKCS1_PSS_PADDING }).toString('base64'),
        }),
    },
    {
      name: 'RSA-PSS under the name of PKCS #1 v1.5',
      expects: signature,
      make: (t) =>
        signedByHand(t.idp, t.response(t.assertion()), t.right.assertionId, {
          signatureValue: (octets) =>
            sign('sha256', octets, { key: t.idp.key, padding: constants.RSA_PKCS1_PSS_PADDING }).toString('base64'),
        }),
    },
    hmac(`${dsig}hmac-sha1`, 'sha1', pem, 'the certificate'),
    hmac(`${more}hmac-sha256`, 'sha256', pem, 'the certificate'),
    hmac(`${more}hmac-sha256`, 'sha256', spki, 'the public key'),
    hmac(`${more}hmac-sha512`, 'sha512', () => '', 'nothing'),
    {
      name: 'an HMAC that is cut to no bits',
      known: 'CVE-2009-0217',
      expects: signature,
      make: (t) =>
        signedBy(t, 'foreign', {
          method: `${dsig}hmac-sha1"><ds:HMACOutputLength>0</ds:HMACOutputLength></ds:SignatureMethod><ds:SignatureMethod Algorithm="${more}hmac-sha1`,
          signatureValue: () => 'AA==',
        }),
    },
    {
      name: 'HMACOutputLength in an RSA method, rightly signed',
      known: 'CVE-2009-0217',
      expects: signature,
      make: (t) => {
        const info = signedByHand(t.idp, t.response(t.assertion()), t.right.assertionId)
        const signedInfo = instead(
          /<ds:SignedInfo>.*<\/ds:SignedInfo>/s.exec(info)![0],
          '></ds:SignatureMethod>',
          '><ds:HMACOutputLength>8</ds:HMACOutputLength></ds:SignatureMethod>',
        )
        return signedByHand(t.idp, t.response(t.assertion()), t.right.assertionId, { signedInfo })
      },
    },
    value('of zeros', (right) => Buffer.alloc(right.length)),
    value('of one byte', () => Buffer.of(1)),
    value('that is cut off', (right) => right.subarray(0, -1)),
    value('with a byte more', (right) => Buffer.concat([right, Buffer.of(0)])),
    value('with a zero in front', (right) => Buffer.concat([Buffer.of(0), right])),
    value('in base64url', (right) => right.toString('base64url')),
    value('with other characters among it', (right) => right.toString('base64').replace(/.{20}/, '$&.!')),
    value('in hexadecimal', (right) => right.toString('hex')),
    value('twice', (right) => Buffer.concat([right, right])),
    {
      name: 'an ECDSA signature of zeros',
      known: 'CVE-2022-21449 Java',
      expects: signature,
      make: (t) => signedEc(t, { signatureValue: () => zero.toString('base64') }),
    },
    {
      name: 'an ECDSA signature of ones',
      expects: signature,
      make: (t) => signedEc(t, { signatureValue: () => one.toString('base64') }),
    },
    {
      name: 'an ECDSA signature of nothing',
      expects: signature,
      make: (t) => signedEc(t, { signatureValue: () => '' }),
    },
    {
      name: 'an ECDSA signature as DER',
      expects: signature,
      make: (t) => signedEc(t, { signatureValue: (octets) => sign('sha256', octets, t.ec.key).toString('base64') }, 'taro'),
    },
    {
      name: 'an ECDSA signature by SHA-1',
      expects: signature,
      make: (t) => signedEc(t, { method: `${more}ecdsa-sha1` }, 'taro'),
    },
    {
      name: 'a DSA signature of zeros',
      expects: signature,
      make: (t) =>
        signedBy(t, 'dsa', {
          method: 'http://www.w3.org/2009/xmldsig11#dsa-sha256',
          signatureValue: () => zero.toString('base64'),
        }),
    },
    {
      name: 'a DSA signature by SHA-1',
      expects: signature,
      make: (t) => signedBy(t, 'dsa', { method: `${dsig}dsa-sha1` }),
    },
    {
      name: 'an RSA signature called ECDSA',
      expects: signature,
      make: (t) => signedBy(t, 'idp', { method: `${more}ecdsa-sha256` }),
    },
    {
      name: 'an ECDSA signature called RSA',
      expects: signature,
      make: (t) => signedEc(t, { method: `${more}rsa-sha256` }, 'taro'),
    },
    {
      name: 'a cube that looks like an RSA signature with garbage behind it, for the exponent 3',
      known: 'CVE-2006-4339 OpenSSL (Bleichenbacher)',
      expects: signature,
      make: (t) => signedBy(t, 'lowExponent', { signatureValue: (octets) => cubeRootForgery(octets).toString('base64') }),
    },
    {
      name: 'no SignatureMethod',
      expects: signature,
      make: (t) => t.signed().replace(/<ds:SignatureMethod [^>]*\/>/, ''),
    },
    {
      name: 'a second SignatureMethod',
      expects: signature,
      make: (t) => before(t.signed(), '<ds:SignatureMethod', `<ds:SignatureMethod Algorithm="${dsig}hmac-sha1"/>`),
    },
  ],
}

/** 00 01 FF…FF 00 and the digest, high up in 256 bytes; what the cube root leaves over is the garbage. */
function cubeRootForgery(octets: Buffer): Buffer {
  const prefix = Buffer.from('3031300d060960864801650304020105000420', 'hex')
  const head = Buffer.concat([Buffer.from('0001ffffffffffffffff00', 'hex'), prefix, createHash('sha256').update(octets).digest()])
  const wanted = BigInt(`0x${Buffer.concat([head, Buffer.alloc(256 - head.length, 0xff)]).toString('hex')}`)
  let [low, high] = [0n, 1n << 700n]
  while (high - low > 1n) {
    const middle = (low + high) / 2n
    if (middle ** 3n <= wanted) low = middle
    else high = middle
  }
  return Buffer.from(low.toString(16).padStart(512, '0'), 'hex')
}
