import { constants, publicEncrypt } from 'node:crypto'
import { encryptedXml, type Encryption } from '../../kit/saml-encryption'
import { xmlenc } from '../../kit/saml-idp'
import { signedByHand } from '../forge'
import type { Trial } from '../lab'
import { assertionIn, before, behind, instead, type Attack, type Family } from './family'

const concealed = 'SLASH_SA04 signature encryption'
const signedAssertion = (t: Trial) => assertionIn(t.signed())
const encrypted = (t: Trial, encryption?: Encryption, text = signedAssertion(t)) => encryptedXml(text, t.sp, encryption)
const evil = (t: Trial) => t.assertion({ nameId: '<saml:NameID>victim</saml:NameID>', assertionId: '_evil' })

/** An unsigned Response around it. */
const around = (name: string, make: (t: Trial) => string, expects: Attack['expects'] = concealed, known?: string): Attack => ({
  name,
  ...(known !== undefined && { known }),
  expects,
  make: (t) => t.response(make(t)),
})

/** Anybody can encrypt for us; what becomes of it must tell nothing. */
export const encryption: Family = {
  name: 'encrypted assertions',
  controls: [
    { name: 'a signed Assertion, encrypted', make: (t) => t.response(encrypted(t)) },
    { name: 'by AES-GCM', make: (t) => t.response(encrypted(t, { cipher: 'http://www.w3.org/2009/xmlenc11#aes256-gcm' })) },
    {
      name: 'an Assertion without signature, encrypted in a signed Response',
      make: (t) => signedByHand(t.idp, t.response(encrypted(t, {}, t.assertion())), '_response'),
    },
  ],
  attacks: [
    around('an Assertion that nobody signed', (t) => encrypted(t, {}, evil(t)), concealed, 'CVE-2024-9487 GHES'),
    around('an Assertion that the attacker signed', (t) =>
      encrypted(t, {}, assertionIn(signedByHand(t.foreign, t.response(evil(t)), '_evil'))),
    ),
    around('an Assertion that was changed', (t) => encrypted(t, {}, instead(signedAssertion(t), '>taro<', '>victim<'))),
    around('encrypted for somebody else', (t) => encryptedXml(signedAssertion(t), t.foreign)),
    around('a byte of the ciphertext changed', (t) => encrypted(t, { alter: (content) => flipped(content, 40) })),
    around(
      'the padding changed (oracle)',
      (t) => encrypted(t, { alter: (content) => flipped(content, content.length - 17) }),
      concealed,
      'CBC padding oracle, Jager and Somorovsky 2011',
    ),
    around('the ciphertext cut off', (t) => encrypted(t, { alter: (content) => content.subarray(0, -16) })),
    around('the ciphertext not of whole blocks', (t) => encrypted(t, { alter: (content) => content.subarray(0, -3) })),
    around('an initialization vector alone', (t) => encrypted(t, { alter: (content) => content.subarray(0, 16) })),
    around('AES-GCM with another tag', (t) =>
      encrypted(t, {
        cipher: 'http://www.w3.org/2009/xmlenc11#aes256-gcm',
        alter: (content) => flipped(content, content.length - 1),
      }),
    ),
    around('AES-GCM with a short tag', (t) =>
      encrypted(t, { cipher: 'http://www.w3.org/2009/xmlenc11#aes256-gcm', alter: (content) => content.subarray(0, -12) }),
    ),
    around('Triple DES', (t) => encrypted(t).replace(`${xmlenc}aes256-cbc`, `${xmlenc}tripledes-cbc`), concealed, 'Sweet32'),
    around('no cipher', (t) => encrypted(t).replace(`${xmlenc}aes256-cbc`, '')),
    around('RSA 1.5', (t) => rsa15(t), concealed, 'CVE-2023-46809 Node; Bleichenbacher 1998'),
    around('the key not encrypted', (t) => encrypted(t).replace(`${xmlenc}rsa-oaep-mgf1p`, `${xmlenc}kw-aes256`)),
    around('200 keys', (t) => encrypted(t).replace(/<xenc:EncryptedKey .*<\/xenc:EncryptedKey>/s, (one) => one.repeat(200))),
    around('no key', (t) => encrypted(t).replace(/<xenc:EncryptedKey .*<\/xenc:EncryptedKey>/s, '')),
    around('a CipherReference', (t) =>
      encrypted(t).replace(
        /<xenc:CipherValue>[^<]*<\/xenc:CipherValue>(?!.*<xenc:CipherValue>)/s,
        `<xenc:CipherReference URI="${t.outside.url}"/>`,
      ),
    ),
    around('an empty CipherValue', (t) =>
      encrypted(t).replace(/(<xenc:CipherValue>)[^<]*(?=<\/xenc:CipherValue>(?!.*<xenc:CipherValue>))/s, '$1'),
    ),
    around('Content instead of Element', (t) => encrypted(t).replace(`${xmlenc}Element`, `${xmlenc}Content`)),
    around('a Response inside', (t) => encrypted(t, {}, t.signed())),
    around('two Assertions inside', (t) => encrypted(t, {}, signedAssertion(t) + evil(t))),
    around('the signed Assertion inside a forged one, encrypted', (t) =>
      encrypted(t, {}, before(evil(t), '<saml:AuthnStatement', `<saml:Advice>${signedAssertion(t)}</saml:Advice>`)),
    ),
    around('an EncryptedAssertion inside', (t) => encrypted(t, {}, encrypted(t))),
    around('a DTD inside', (t) => encrypted(t, {}, `<!DOCTYPE x>${signedAssertion(t)}`)),
    around('a comment inside', (t) => encrypted(t, {}, instead(signedAssertion(t), '>taro<', '>ta<!---->ro<'))),
    around('UTF-16 inside', (t) => encrypted(t, { text: signedAssertion(t).split('').join('\u0000') })),
    around('nothing inside', (t) => encrypted(t, { text: ' ' })),
    around('a signed Assertion with an ID that is outside as well', (t) =>
      `${encrypted(t)}`.replace('<xenc:EncryptedData ', `<xenc:EncryptedData Id="${t.right.assertionId}" `),
    ),
    around('beside a forged one', (t) => encrypted(t) + evil(t), 'SLASH_SA04 document', 'CVE-2024-6800 GHES'),
    around('behind a forged one', (t) => evil(t) + encrypted(t), 'SLASH_SA04 document'),
    around('two of them', (t) => encrypted(t) + encrypted(t, {}, evil(t)), 'SLASH_SA04 document'),
    {
      name: 'a forged one put into a signed Response',
      expects: concealed,
      make: (t) => before(signedByHand(t.idp, t.response(''), '_response'), '</samlp:Response>', encrypted(t, {}, evil(t))),
    },
    {
      name: 'an encrypted one in Extensions of a Response that is signed by Assertion',
      expects: 'SLASH_SA04 document',
      make: (t) => behind(t.signed(), /<\/saml:Issuer>/, `<samlp:Extensions>${encrypted(t, {}, evil(t))}</samlp:Extensions>`),
    },
    around('400 KB of ciphertext', (t) => encrypted(t, { alter: () => Buffer.alloc(256_000) })),
  ],
}

function flipped(content: Buffer, at: number): Buffer {
  const copy = Buffer.from(content)
  copy[at] = copy[at]! ^ 1
  return copy
}

function rsa15(t: Trial): string {
  const key = publicEncrypt({ key: t.sp.publicKey, padding: constants.RSA_PKCS1_PADDING }, Buffer.alloc(32))
  return encrypted(t)
    .replace(`${xmlenc}rsa-oaep-mgf1p`, `${xmlenc}rsa-1_5`)
    .replace(/(<xenc:CipherValue>)[^<]*/, `$1${key.toString('base64')}`)
}
