import { sha1, signXml } from '../../kit/saml-idp'
import { dsig, exclusive, placed, signatureOf, signedByHand, transform } from '../forge'
import type { Trial } from '../lab'
import { before, instead, signatureIn, type Attack, type Family } from './family'

const signature = 'SLASH_SA04 signature' as const
const victim = '<saml:NameID>victim</saml:NameID>'
const forged = (t: Trial) => t.response(t.assertion({ nameId: victim }))
const empty = `<ds:Signature xmlns:ds="${dsig}"></ds:Signature>`

/** A signature over a child with that ID, where the one of the Assertion belongs. */
function partly(t: Trial, element: string, nameId?: string): string {
  const xml = t
    .response(t.assertion(nameId === undefined ? {} : { nameId }))
    .replace(`<saml:${element}`, `<saml:${element} ID="_part"`)
  const text = signatureOf(t.idp, xml, '_part', { transforms: transform(exclusive) })
  return placed(xml, t.right.assertionId, text)
}

/** There is no signature, or one that does not cover what is read. */
export const unsigned: Family = {
  name: 'unsigned, stripped, partly signed, and a second signature that is bad',
  controls: [
    { name: 'the Assertion signed', make: (t) => t.signed() },
    { name: 'both signed', make: (t) => t.both() },
  ],
  attacks: [
    { name: 'no signature', expects: signature, make: forged },
    {
      name: 'a signature that was cut out',
      known: 'CVE-2019-3465 xmlseclibs',
      expects: signature,
      make: (t) => instead(t.signed({ nameId: victim }), /<ds:Signature .*<\/ds:Signature>/s, ''),
    },
    { name: 'an empty Signature', expects: signature, make: (t) => placed(forged(t), t.right.assertionId, empty) },
    { name: 'an empty Signature of the Response', expects: signature, make: (t) => placed(forged(t), '_response', empty) },
    {
      name: 'a Signature of no namespace',
      expects: 'SLASH_SA04 document',
      make: (t) => placed(forged(t), t.right.assertionId, '<Signature/>'),
    },
    {
      name: 'a Signature without SignatureValue',
      expects: signature,
      make: (t) => t.signed().replace(/<ds:SignatureValue>.*<\/ds:SignatureValue>/s, ''),
    },
    {
      name: 'a Signature without SignedInfo',
      expects: signature,
      make: (t) => t.signed().replace(/<ds:SignedInfo>.*<\/ds:SignedInfo>/s, ''),
    },
    ...['Subject', 'Conditions', 'AuthnStatement'].map<Attack>((element) => ({
      name: `only ${element} signed`,
      expects: signature,
      make: (t) => partly(t, element, victim),
    })),
    {
      name: 'only the Issuer of the Assertion signed',
      expects: signature,
      make: (t) => {
        const xml = instead(forged(t), /<saml:Issuer>(?!.*<saml:Issuer>)/, '<saml:Issuer ID="_part">')
        return placed(xml, t.right.assertionId, signatureOf(t.idp, xml, '_part', { transforms: transform(exclusive) }))
      },
    },
    {
      name: 'only the Status signed',
      expects: signature,
      make: (t) => {
        const xml = forged(t).replace('<samlp:Status>', '<samlp:Status ID="_part">')
        return placed(xml, '_response', signatureOf(t.idp, xml, '_part', { transforms: transform(exclusive) }))
      },
    },
    {
      name: 'the name changed after signing',
      expects: signature,
      make: (t) => instead(t.signed(), '>taro<', '>victim<'),
    },
    {
      name: 'the name changed after the Response was signed',
      expects: signature,
      make: (t) => instead(t.whole(), '>taro<', '>victim<'),
    },
    {
      name: 'the name changed in both',
      expects: signature,
      make: (t) => instead(t.both(), '>taro<', '>victim<'),
    },
    {
      name: 'the signature of another Assertion of the same person',
      expects: signature,
      make: (t) =>
        instead(
          t.signed(),
          /<ds:Signature .*<\/ds:Signature>/s,
          signatureIn(t.signed({ authnStatement: '<saml:AuthnStatement AuthnInstant="2026-01-01T00:00:00Z"/>' })),
        ),
    },
    {
      name: 'a bad signature on the Assertion in a Response that is rightly signed',
      known: 'samlify; ruby-saml',
      expects: signature,
      make: (t) => signXml(t.idp, instead(t.signed(), '>taro<', '>victim<'), '_response'),
    },
    {
      name: "the attacker's signature on the Assertion in a Response that is rightly signed",
      expects: signature,
      make: (t) => signXml(t.idp, signXml(t.foreign, t.response(t.assertion()), t.right.assertionId), '_response'),
    },
    {
      name: 'a bad signature on the Response around an Assertion that is rightly signed',
      expects: signature,
      make: (t) => instead(t.both(), 'ID="_response"', 'Consent="x" ID="_response"'),
    },
    {
      name: "the attacker's signature on the Response around an Assertion that is rightly signed",
      expects: signature,
      make: (t) => signXml(t.foreign, t.signed(), '_response'),
    },
    {
      name: 'a second signature by SHA-1 on the Response',
      expects: signature,
      make: (t) => signXml(t.idp, t.signed(), '_response', sha1),
    },
    {
      name: 'two signatures on the Assertion, the first one empty',
      expects: 'SLASH_SA04 document',
      make: (t) => before(t.signed(), '<ds:Signature', empty),
    },
    {
      name: "two signatures on the Assertion, the second one the attacker's",
      expects: 'SLASH_SA04 document',
      make: (t) => before(t.signed(), '<saml:Subject>', signatureOf(t.foreign, t.response(t.assertion()), t.right.assertionId)),
    },
    {
      name: 'a signature at the end of the Assertion',
      expects: 'SLASH_SA04 document',
      make: (t) => {
        const signed = t.signed()
        return before(instead(signed, signatureIn(signed), ''), '</saml:Assertion>', signatureIn(signed))
      },
    },
    {
      name: 'a signature in front of the Issuer',
      expects: 'SLASH_SA04 document',
      make: (t) => {
        const signed = t.signed()
        const bare = instead(signed, signatureIn(signed), '')
        return bare.replace(/(<saml:Assertion [^>]*>)/, `$1${signatureIn(signed)}`)
      },
    },
    {
      name: 'a Response that is rightly signed and has no Assertion',
      expects: signature,
      make: (t) => signedByHand(t.idp, t.response(''), '_response'),
    },
    {
      name: 'a Response that is rightly signed without one, and an Assertion put into it',
      known: 'CVE-2024-9487 GHES',
      expects: signature,
      make: (t) => before(signedByHand(t.idp, t.response(''), '_response'), '</samlp:Response>', t.assertion({ nameId: victim })),
    },
  ],
}

const other = (t: Trial, name: string, content: string, namespace = 'protocol') =>
  signedByHand(
    t.idp,
    `<samlp:${name} xmlns:samlp="urn:oasis:names:tc:SAML:2.0:${namespace}" ID="_other" Version="2.0" IssueInstant="${t.right.issueInstant}" Destination="${t.right.acsUrl}" InResponseTo="${t.right.requestId}"><saml:Issuer xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">${t.right.issuer}</saml:Issuer>${content}</samlp:${name}>`,
    '_other',
  )
const status = (t: Trial) => `<samlp:Status>${t.right.status}</samlp:Status>`
const nameId = '<saml:NameID xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">victim</saml:NameID>'

/** Other documents that the same identity provider signs with the same key. */
export const otherMessages: Family = {
  name: 'other signed messages',
  controls: [
    { name: 'a Response signed by the same hand', make: (t) => signedByHand(t.idp, t.response(t.assertion()), '_response') },
  ],
  attacks: [
    { name: 'LogoutRequest', expects: 'SLASH_SA04 document', make: (t) => other(t, 'LogoutRequest', nameId) },
    { name: 'LogoutResponse', expects: 'SLASH_SA04 document', make: (t) => other(t, 'LogoutResponse', status(t)) },
    {
      name: 'LogoutRequest with a captured Assertion in it',
      known: 'GHSA-63ch-w8pw-4mf2 samlify',
      expects: 'SLASH_SA04 document',
      make: (t) => other(t, 'LogoutRequest', nameId + t.signed().match(/<saml:Assertion.*<\/saml:Assertion>/s)![0]),
    },
    { name: 'AuthnRequest', expects: 'SLASH_SA04 document', make: (t) => other(t, 'AuthnRequest', nameId) },
    {
      name: 'AttributeQuery',
      expects: 'SLASH_SA04 document',
      make: (t) =>
        other(t, 'AttributeQuery', `<saml:Subject xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">${nameId}</saml:Subject>`),
    },
    {
      name: 'ArtifactResponse around a Response',
      expects: 'SLASH_SA04 document',
      make: (t) => other(t, 'ArtifactResponse', status(t) + t.signed()),
    },
    {
      name: 'an Assertion without Response',
      expects: 'SLASH_SA04 document',
      make: (t) => t.signed().match(/<saml:Assertion.*<\/saml:Assertion>/s)![0],
    },
    {
      name: 'metadata',
      expects: 'SLASH_SA04 document',
      make: (t) => other(t, 'EntityDescriptor', t.assertion({ nameId: victim }), 'metadata'),
    },
    {
      name: 'a Response of SAML 1.1',
      expects: 'SLASH_SA04 document',
      make: (t) =>
        `<Response xmlns="urn:oasis:names:tc:SAML:1.0:protocol" MajorVersion="1" MinorVersion="1" ResponseID="_r">${t.assertion()}</Response>`,
    },
    {
      name: 'a Response of version 2.1',
      expects: 'SLASH_SA04 document',
      make: (t) => signedByHand(t.idp, t.response(t.assertion()).replace('Version="2.0"', 'Version="2.1"'), '_response'),
    },
    {
      name: 'an Assertion of version 1.1, signed',
      expects: 'SLASH_SA04 document',
      make: (t) => signedByHand(t.idp, t.response(t.assertion().replace('Version="2.0"', 'Version="1.1"')), t.right.assertionId),
    },
    {
      name: 'a Response of another namespace',
      expects: 'SLASH_SA04 document',
      make: (t) => t.signed().replace('urn:oasis:names:tc:SAML:2.0:protocol', 'urn:oasis:names:tc:SAML:2.0:metadata'),
    },
    {
      name: 'an Assertion of another namespace, signed',
      expects: 'SLASH_SA04 document',
      make: (t) =>
        signedByHand(
          t.idp,
          t.response(t.assertion().replace('urn:oasis:names:tc:SAML:2.0:assertion', 'urn:oasis:names:tc:SAML:1.0:assertion')),
          t.right.assertionId,
        ),
    },
  ],
}
