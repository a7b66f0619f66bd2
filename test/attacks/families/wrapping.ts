import { dsig } from '../forge'
import type { Trial } from '../lab'
import { assertionIn, before, behind, instead, object, signatureIn, type Attack, type Family } from './family'

const evilId = '_evil'
const victim = '<saml:NameID>victim</saml:NameID>'
const evilAssertion = (t: Trial, assertionId = evilId) => t.assertion({ nameId: victim, assertionId })
const evilResponse = (t: Trial, id = '_evilResponse') => t.response(evilAssertion(t)).replace('_response', id)
const bare = (signed: string) => signed.replace(signatureIn(signed), '')
const afterIssuer = (xml: string, more: string) => behind(xml, '</saml:Issuer>', more)
const intoSignature = (signature: string, more: string) => before(signature, '</ds:Signature>', more)
const inStatus = (xml: string) => `<samlp:StatusDetail>${xml}</samlp:StatusDetail></samlp:Status>`

/** Where in a message something else can stand; each takes the message and what shall stand there. */
const places: Readonly<Record<string, (xml: string, more: string) => string>> = {
  'first in the Response': (xml, more) => behind(xml, /<samlp:Response [^>]*>/, more),
  'behind the Issuer': afterIssuer,
  'in Extensions': (xml, more) => before(xml, '<samlp:Status>', `<samlp:Extensions>${more}</samlp:Extensions>`),
  'in StatusDetail': (xml, more) => instead(xml, '</samlp:Status>', inStatus(more)),
  'in StatusMessage': (xml, more) => before(xml, '</samlp:Status>', `<samlp:StatusMessage>${more}</samlp:StatusMessage>`),
  'in the StatusCode': (xml, more) => instead(xml, 'Success"/>', `Success">${more}</samlp:StatusCode>`),
  'in front of the Assertion': (xml, more) => before(xml, '<saml:Assertion', more),
  'behind the Assertion': (xml, more) => behind(xml, /<\/saml:Assertion>(?=<\/samlp:Response>)/, more),
  'first in the Assertion': (xml, more) => behind(xml, /<saml:Assertion [^>]*>/, more),
  'last in the Assertion': (xml, more) => before(xml, /<\/saml:Assertion>(?=<\/samlp:Response>)/, more),
  'in the Issuer': (xml, more) => before(xml, '</saml:Issuer>', more),
  'in the Subject': (xml, more) => behind(xml, '<saml:Subject>', more),
  'in the NameID': (xml, more) => before(xml, '</saml:NameID>', more),
  'in SubjectConfirmation': (xml, more) => before(xml, '<saml:SubjectConfirmationData', more),
  'in SubjectConfirmationData': (xml, more) =>
    xml.replace(/(<saml:SubjectConfirmationData [^>]*)\/>/, (_all, tag) => `${tag}>${more}</saml:SubjectConfirmationData>`),
  'in Conditions': (xml, more) => before(xml, '</saml:Conditions>', more),
  'in Audience': (xml, more) => before(xml, '</saml:Audience>', more),
  'in Advice': (xml, more) => behind(xml, '</saml:Conditions>', `<saml:Advice>${more}</saml:Advice>`),
  'in AuthnStatement': (xml, more) =>
    xml.replace(/(<saml:AuthnStatement [^>]*)\/>/, (_all, tag) => `${tag}>${more}</saml:AuthnStatement>`),
  'in an AttributeValue': (xml, more) =>
    before(
      xml,
      /<\/saml:Assertion>(?=<\/samlp:Response>)/,
      `<saml:AttributeStatement><saml:Attribute Name="x"><saml:AttributeValue>${more}</saml:AttributeValue></saml:Attribute></saml:AttributeStatement>`,
    ),
}

/** Where in a Signature. */
const inSignature: typeof places = {
  'in an Object of the signature': (xml, more) => before(xml, '</ds:Signature>', object(more)),
  'in KeyInfo': (xml, more) => before(xml, '</ds:Signature>', `<ds:KeyInfo>${more}</ds:KeyInfo>`),
  'in SignedInfo': (xml, more) => before(xml, '</ds:SignedInfo>', more),
  'in SignatureValue': (xml, more) => before(xml, '</ds:SignatureValue>', more),
  'in DigestValue': (xml, more) => before(xml, '</ds:DigestValue>', more),
  'in Transforms': (xml, more) => before(xml, '</ds:Transforms>', more),
}

/** Every way to have a forged element read and a signed one verified, at every place. */
function everywhere(): readonly Attack[] {
  const expects = 'SLASH_SA04 document'
  return Object.entries(places).flatMap<Attack>(([place, put]) => [
    {
      name: `the signed Assertion ${place} of a forged one`,
      expects,
      make: (t) => put(t.response(evilAssertion(t)), assertionIn(t.signed())),
    },
    {
      name: `the same, both with one ID, ${place}`,
      expects,
      make: (t) => put(t.response(evilAssertion(t, t.right.assertionId)), assertionIn(t.signed())),
    },
    {
      name: `the signature on the forged Assertion, the signed one ${place}`,
      expects,
      make: (t) => {
        const signed = t.signed()
        return put(t.response(afterIssuer(evilAssertion(t), signatureIn(signed))), assertionIn(bare(signed)))
      },
    },
    {
      name: `a forged Assertion ${place} of the signed one`,
      expects,
      make: (t) => put(t.signed(), evilAssertion(t)),
    },
    {
      name: `the signed Response ${place} of a forged one`,
      expects,
      make: (t) => put(evilResponse(t), t.whole()),
    },
    {
      name: `the signature on the forged Response, the signed one ${place}`,
      expects,
      make: (t) => {
        const whole = t.whole()
        return put(afterIssuer(evilResponse(t), signatureIn(whole)), bare(whole))
      },
    },
  ])
}

function insideSignatures(): readonly Attack[] {
  return Object.entries(inSignature).flatMap<Attack>(([place, put]) => [
    {
      name: `the signature on the forged Assertion, the signed one ${place}`,
      expects: 'SLASH_SA04 document',
      make: (t) => {
        const signed = t.signed()
        return t.response(afterIssuer(evilAssertion(t), put(signatureIn(signed), assertionIn(bare(signed)))))
      },
    },
    {
      name: `the signature on the forged Response, the signed one ${place}`,
      expects: 'SLASH_SA04 document',
      make: (t) => {
        const whole = t.whole()
        return afterIssuer(evilResponse(t), put(signatureIn(whole), bare(whole)))
      },
    },
  ])
}

const classic: readonly Attack[] = [
  {
    name: 'XSW 1: a forged Response around the signature, the signed one in it',
    known: 'Somorovsky 2012; CVE-2016-5697 ruby-saml; CVE-2020-5390 pysaml2',
    expects: 'SLASH_SA04 document',
    make: (t) => {
      const whole = t.whole()
      return afterIssuer(evilResponse(t), intoSignature(signatureIn(whole), bare(whole)))
    },
  },
  {
    name: 'XSW 2: a forged Response, signature and signed Response one behind the other in it',
    known: 'CVE-2022-41912 crewjam; CVE-2024-8698 Keycloak',
    expects: 'SLASH_SA04 document',
    make: (t) => {
      const whole = t.whole()
      return afterIssuer(evilResponse(t), bare(whole) + signatureIn(whole))
    },
  },
  {
    name: 'XSW 3: a forged Assertion in front of the signed one',
    known: 'CVE-2024-6800 GHES; CVE-2025-47949 samlify',
    expects: 'SLASH_SA04 document',
    make: (t) => before(t.signed(), '<saml:Assertion', evilAssertion(t)),
  },
  {
    name: 'XSW 4: the signed Assertion last in a forged one',
    expects: 'SLASH_SA04 document',
    make: (t) => t.response(before(evilAssertion(t), /<\/saml:Assertion>$/, assertionIn(t.signed()))),
  },
  {
    name: 'XSW 5: the signature on a forged Assertion, the signed one behind it',
    known: 'CVE-2025-54369 node-saml',
    expects: 'SLASH_SA04 document',
    make: (t) => {
      const signed = t.signed()
      return t.response(afterIssuer(evilAssertion(t), signatureIn(signed)) + assertionIn(bare(signed)))
    },
  },
  {
    name: 'XSW 6: the signed Assertion in the signature of a forged one',
    expects: 'SLASH_SA04 document',
    make: (t) => {
      const signed = t.signed()
      return t.response(afterIssuer(evilAssertion(t), intoSignature(signatureIn(signed), assertionIn(bare(signed)))))
    },
  },
  {
    name: 'XSW 7: a forged Assertion with the ID of the signed one in Extensions',
    known: 'CVE-2025-46572 passport-wsfed-saml2',
    expects: 'SLASH_SA04 document',
    make: (t) => places['in Extensions']!(t.signed(), evilAssertion(t, t.right.assertionId)),
  },
  {
    name: 'XSW 8: the signed Assertion in an Object of a forged one, with its ID',
    expects: 'SLASH_SA04 document',
    make: (t) => {
      const signed = t.signed()
      const evil = evilAssertion(t, t.right.assertionId)
      return t.response(afterIssuer(evil, intoSignature(signatureIn(signed), object(assertionIn(bare(signed))))))
    },
  },
]

const relatives: readonly Attack[] = [
  {
    name: 'a Response in a SOAP envelope, forged one beside it',
    known: 'CVE-2026-25922 authentik',
    expects: 'SLASH_SA04 document',
    make: (t) =>
      `<Envelope xmlns="http://schemas.xmlsoap.org/soap/envelope/"><Body>${evilResponse(t)}${t.whole()}</Body></Envelope>`,
  },
  {
    name: 'the signed Response behind a forged one: two roots',
    known: 'CVE-2022-39299 passport-saml, CVE-2022-39353 xmldom',
    expects: 'SLASH_SA04 document',
    make: (t) => evilResponse(t) + t.whole(),
  },
  {
    name: 'the forged Response behind the signed one',
    known: 'CVE-2022-39299 passport-saml',
    expects: 'SLASH_SA04 document',
    make: (t) => t.whole() + evilResponse(t),
  },
  ...['urn:oasis:names:tc:SAML:1.0:assertion', 'urn:x', dsig].map<Attack>((namespace) => ({
    name: `a forged Assertion of the namespace ${namespace} in Extensions`,
    expects: 'SLASH_SA04 document',
    make: (t) =>
      places['in Extensions']!(
        t.signed(),
        evilAssertion(t).replace('xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"', `xmlns:saml="${namespace}"`),
      ),
  })),
  {
    name: 'a forged Assertion under another prefix behind the signed one',
    expects: 'SLASH_SA04 document',
    make: (t) => places['behind the Assertion']!(t.signed(), evilAssertion(t).replaceAll('saml:', 'a:').replace(':saml', ':a')),
  },
  ...(['Subject', 'NameID', 'Conditions', 'Issuer'] as const).map<Attack>((name) => ({
    name: `a forged ${name} in an unsigned Response around a signed Assertion`,
    expects: 'SLASH_SA04 document',
    make: (t) => {
      const part = new RegExp(`<saml:${name}[ >].*</saml:${name}>`).exec(evilAssertion(t))![0]
      const declared = part
        .replace('saml:', 'saml:')
        .replace(/^<saml:\w+/, '$& xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"')
      return before(t.signed(), '<saml:Assertion', declared)
    },
  })),
  {
    name: 'the signature of the Assertion as that of the forged Response',
    expects: 'SLASH_SA04 signature',
    make: (t) => {
      const signed = t.signed()
      return t.response(evilAssertion(t)).replace('</saml:Issuer>', `</saml:Issuer>${signatureIn(signed)}`)
    },
  },
  {
    name: 'a forged Assertion with the signature and the ID of the signed one, alone',
    expects: 'SLASH_SA04 signature',
    make: (t) => t.response(afterIssuer(evilAssertion(t, t.right.assertionId), signatureIn(t.signed()))),
  },
]

/** Somebody's own signed element is verified, another one is read (XML Signature wrapping). */
export const wrapping: Family = {
  name: 'signature wrapping',
  controls: [
    { name: 'a signed Assertion', make: (t) => t.signed() },
    { name: 'a signed Response', make: (t) => t.whole() },
    { name: 'a signed Assertion in a signed Response', make: (t) => t.both() },
    {
      name: 'Extensions and StatusDetail with something harmless',
      make: (t) => places['in Extensions']!(places['in StatusDetail']!(t.signed(), '<x/>'), '<y xmlns="urn:y"/>'),
    },
  ],
  attacks: [...classic, ...relatives, ...everywhere(), ...insideSignatures()],
}
