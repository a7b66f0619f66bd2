import { dsig, signedByHand, type SignatureText } from '../forge'
import { base64Of, more } from '../../kit/saml-idp'
import type { Idps, Trial } from '../lab'
import type { Attack, Family } from './family'

const signature = 'SLASH_SA04 signature'
/** Whoever signs it, a Response for the victim. */
export const signedBy = (t: Trial, who: keyof Idps, replaced: Partial<SignatureText> = {}) =>
  signedByHand(t[who], t.response(t.assertion({ nameId: '<saml:NameID>victim</saml:NameID>' })), t.right.assertionId, replaced)

const keyInfo = (content: string) => `<ds:KeyInfo>${content}</ds:KeyInfo>`
const x509 = (...pems: readonly string[]) =>
  `<ds:X509Data>${pems.map((pem) => `<ds:X509Certificate>${base64Of(pem)}</ds:X509Certificate>`).join('')}</ds:X509Data>`
const rsaKeyValue = (t: Trial) => {
  const { n, e } = t.foreign.publicKey.export({ format: 'jwk' })
  const base64 = (text: string | undefined) => Buffer.from(text!, 'base64url').toString('base64')
  return `<ds:KeyValue><ds:RSAKeyValue><ds:Modulus>${base64(n)}</ds:Modulus><ds:Exponent>${base64(e)}</ds:Exponent></ds:RSAKeyValue></ds:KeyValue>`
}
const foreign = (name: string, content: (t: Trial) => string, expects: Attack['expects'] = signature): Attack => ({
  name: `the attacker's key with ${name}`,
  expects,
  make: (t) => signedBy(t, 'foreign', { keyInfo: content(t) }),
})

/** The sender names the key that shall be believed. */
export const keyTrust: Family = {
  name: 'key trust and KeyInfo',
  controls: [
    {
      name: 'the certificate of somebody else in KeyInfo, for KeyInfo counts for nothing',
      make: (t) => t.signed({}, { keyInfo: `<X509Data xmlns="${dsig}"><X509Certificate>AAAA</X509Certificate></X509Data>` }),
    },
    { name: 'the other key of the identity provider', make: (t) => signedEc(t, {}, 'taro') },
  ],
  attacks: [
    foreign('nothing in KeyInfo', () => ''),
    foreign('its certificate in KeyInfo', (t) => keyInfo(x509(t.foreign.certificate))),
    foreign('both certificates in KeyInfo', (t) => keyInfo(x509(t.idp.certificate, t.foreign.certificate))),
    foreign('both, the other way round', (t) => keyInfo(x509(t.foreign.certificate, t.idp.certificate))),
    foreign('the certificate that is configured', (t) => keyInfo(x509(t.idp.certificate))),
    { ...foreign('its KeyValue', (t) => keyInfo(rsaKeyValue(t))), known: 'CVE-2024-32962 xml-crypto' },
    foreign('its KeyName', () => keyInfo('<ds:KeyName>idp.test</ds:KeyName>')),
    foreign('a RetrievalMethod', () => keyInfo('<ds:RetrievalMethod URI="http://127.0.0.1:1/key"/>'), 'SLASH_SA04 document'),
    foreign('a DEREncodedKeyValue', (t) =>
      keyInfo(
        `<x:DEREncodedKeyValue xmlns:x="http://www.w3.org/2009/xmldsig11#">${t.foreign.publicKey.export({ type: 'spki', format: 'der' }).toString('base64')}</x:DEREncodedKeyValue>`,
      ),
    ),
    foreign('KeyInfo twice', (t) => keyInfo(x509(t.foreign.certificate)).repeat(2)),
    {
      name: 'the key that the identity provider uses for encryption',
      known: 'samlify metadata',
      expects: signature,
      make: (t) => signedBy(t, 'encryption'),
    },
    {
      name: 'the key of the attacker for the Response, with its certificate',
      expects: signature,
      make: (t) =>
        signedByHand(t.foreign, t.response(t.assertion({ nameId: '<saml:NameID>victim</saml:NameID>' })), '_response', {
          keyInfo: keyInfo(x509(t.foreign.certificate)),
        }),
    },
  ],
}

export const signedEc = (t: Trial, replaced: Partial<SignatureText> = {}, name = 'victim') =>
  signedByHand(t.ec, t.response(t.assertion({ nameId: `<saml:NameID>${name}</saml:NameID>` })), t.right.assertionId, {
    method: `${more}ecdsa-sha256`,
    ...replaced,
  })
