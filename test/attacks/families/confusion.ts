import { createHash } from 'node:crypto'
import { canonical, dsig, signedByHand, type SignatureText } from '../forge'
import type { Trial } from '../lab'
import { before, behind, instead, object, type Attack, type Family } from './family'

export const digestOf = (text: string) => createHash('sha256').update(text).digest('base64')

/** The Assertion signed by the identity provider itself with that part replaced: all is right but the form. */
export const byHand = (t: Trial, replaced: Partial<SignatureText>, xml = t.response(t.assertion())) =>
  signedByHand(t.idp, xml, t.right.assertionId, replaced)

const signature = 'SLASH_SA04 signature'
export const victim = (xml: string) => instead(xml, '>taro<', '>victim<')
export const digestOfVictim = (t: Trial) => digestOf(canonical(victim(t.response(t.assertion())), t.right.assertionId))
const digestValue = (value: string) => `<ds:DigestValue xmlns:ds="${dsig}">${value}</ds:DigestValue>`
const signedInfoOf = (xml: string) => /<ds:SignedInfo>.*<\/ds:SignedInfo>/s.exec(xml)![0]
/** The SignedInfo that a forged Assertion would need. */
const forgedInfo = (t: Trial, xml: string) => signedInfoOf(xml).replace(/(<ds:DigestValue>)[^<]+/, `$1${digestOfVictim(t)}`)

/** What is digested, what is signed, and what is read are not the same. */
export const confusion: Family = {
  name: 'digest and SignedInfo confusion',
  controls: [
    { name: 'a signature made by hand', make: (t) => byHand(t, {}) },
    {
      name: 'white space in DigestValue and SignatureValue',
      make: (t) => byHand(t, {}).replace(/(<ds:SignatureValue>)([^<]{40})/, '$1\n$2\n'),
    },
  ],
  attacks: [
    {
      name: 'a second SignedInfo in front, for the forged Assertion',
      known: 'CVE-2025-29774 xml-crypto',
      expects: signature,
      make: (t) => {
        const signed = t.signed()
        return before(victim(signed), '<ds:SignedInfo>', forgedInfo(t, signed))
      },
    },
    {
      name: 'a second SignedInfo behind, for the forged Assertion',
      known: 'CVE-2025-29774 xml-crypto',
      expects: signature,
      make: (t) => {
        const signed = t.signed()
        return behind(victim(signed), '</ds:SignedInfo>', forgedInfo(t, signed))
      },
    },
    {
      name: 'a second SignedInfo behind the SignatureValue',
      expects: signature,
      make: (t) => {
        const signed = t.signed()
        return behind(victim(signed), '</ds:SignatureValue>', forgedInfo(t, signed))
      },
    },
    {
      name: 'a SignedInfo of no namespace in front',
      expects: signature,
      make: (t) => {
        const signed = t.signed()
        return before(victim(signed), '<ds:SignedInfo>', forgedInfo(t, signed).replaceAll('ds:', '').replace('>', ' xmlns="">'))
      },
    },
    {
      name: 'a comment in DigestValue',
      known: 'CVE-2025-29775 xml-crypto',
      expects: 'SLASH_SA04 document',
      make: (t) => victim(t.signed()).replace(/<ds:DigestValue>([^<]+)/, `<ds:DigestValue><!--${digestOfVictim(t)}-->$1`),
    },
    {
      name: 'a digest between comments in DigestValue',
      known: 'CVE-2025-29775 xml-crypto',
      expects: 'SLASH_SA04 document',
      make: (t) => victim(t.signed()).replace(/<ds:DigestValue>([^<]+)/, `<ds:DigestValue>${digestOfVictim(t)}<!--$1-->`),
    },
    {
      name: 'a comment in SignatureValue',
      expects: 'SLASH_SA04 document',
      make: (t) => t.signed().replace(/<ds:SignatureValue>([^<]{10})/, '<ds:SignatureValue>$1<!-- -->'),
    },
    {
      name: 'a CDATA section in DigestValue',
      expects: 'SLASH_SA04 document',
      make: (t) => t.signed().replace(/<ds:DigestValue>([^<]+)/, '<ds:DigestValue><![CDATA[$1]]>'),
    },
    {
      name: 'a smuggled DigestValue in StatusDetail',
      known: 'CVE-2024-45409 ruby-saml',
      expects: 'SLASH_SA04 document',
      make: (t) =>
        before(
          victim(t.signed()),
          '</samlp:Status>',
          `<samlp:StatusDetail>${digestValue(digestOfVictim(t))}</samlp:StatusDetail>`,
        ),
    },
    {
      name: 'a smuggled DigestValue in Extensions',
      known: 'CVE-2024-45409 ruby-saml',
      expects: 'SLASH_SA04 document',
      make: (t) =>
        before(victim(t.signed()), '<samlp:Status>', `<samlp:Extensions>${digestValue(digestOfVictim(t))}</samlp:Extensions>`),
    },
    {
      name: 'a smuggled DigestValue in an Object of the signature',
      known: 'CVE-2024-45409 ruby-saml',
      expects: signature,
      make: (t) => before(victim(t.signed()), '</ds:Signature>', object(digestValue(digestOfVictim(t)))),
    },
    {
      name: 'a smuggled Reference in KeyInfo',
      expects: 'SLASH_SA04 document',
      make: (t) =>
        before(
          victim(t.signed()),
          '</ds:Signature>',
          `<ds:KeyInfo><ds:Reference URI="#${t.right.assertionId}">${digestValue(digestOfVictim(t))}</ds:Reference></ds:KeyInfo>`,
        ),
    },
    ...(['in front of', 'behind'] as const).map<Attack>((where) => ({
      name: `a second DigestValue ${where} the first`,
      expects: signature,
      make: (t) =>
        where === 'behind'
          ? behind(victim(t.signed()), '</ds:DigestValue>', digestValue(digestOfVictim(t)))
          : before(victim(t.signed()), '<ds:DigestValue>', digestValue(digestOfVictim(t))),
    })),
    {
      name: 'a DigestValue of another namespace beside it, signed',
      expects: signature,
      make: (t) =>
        byHand(t, {
          digestMethod: `http://www.w3.org/2001/04/xmlenc#sha256"></ds:DigestMethod><x:DigestValue xmlns:x="urn:x">${digestOfVictim(t)}</x:DigestValue><ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256`,
        }),
    },
    {
      name: 'a digest of the signed Assertion in a Manifest, signed',
      expects: 'SLASH_SA04 signature',
      make: (t) => {
        const manifest = `<ds:Manifest xmlns:ds="${dsig}" Id="m"><ds:Reference URI="#${t.right.assertionId}"><ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"></ds:DigestMethod>${digestValue(digestOfVictim(t))}</ds:Reference></ds:Manifest>`
        return victim(byHand(t, { uri: '#m', digestValue: digestOf(manifest), keyInfo: object(manifest) }))
      },
    },
    {
      name: 'a second SignatureValue',
      expects: signature,
      make: (t) => t.signed().replace(/<ds:SignatureValue>.*<\/ds:SignatureValue>/s, '$&$&'),
    },
    {
      name: 'an empty DigestValue, signed',
      expects: signature,
      make: (t) => byHand(t, { digestValue: '' }),
    },
    {
      name: 'a DigestValue that is cut off, signed',
      expects: signature,
      make: (t) => byHand(t, { digestValue: digestOf(canonical(t.response(t.assertion()), t.right.assertionId)).slice(0, 20) }),
    },
  ],
}
