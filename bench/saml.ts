import { createHash, sign } from 'node:crypto'
import { inflateRawSync } from 'node:zlib'
import { canonicalize } from '../src/wire/saml/canonicalize'
import { parseXml } from '../src/wire/saml/xml'
import { makeIdp, type TestIdp } from '../test/kit/saml-idp'

/** An identity provider that everybody in the benchmark trusts. */
export type BenchIdp = Pick<TestIdp, 'key' | 'certificate'> & { readonly entityId: string }

export async function benchIdp(): Promise<BenchIdp> {
  return { ...(await makeIdp()), entityId: 'https://idp.test/' }
}

/** A sign-in as a browser has it when it comes back from the identity provider: the form's body, and its cookie of the AuthnRequest. */
export type PreparedSignIn = { readonly body: string; readonly cookie: string }

/** Leaves from `/saml/login`, and brings a Response of so many groups along for whom `nameId` names. */
export async function prepareSignIn(idp: BenchIdp, url: string, nameId: string, groups: number): Promise<PreparedSignIn> {
  const answer = await fetch(`${url}/saml/login`, { redirect: 'manual' })
  await answer.arrayBuffer()
  const request = new URL(answer.headers.get('location') ?? '').searchParams.get('SAMLRequest')
  const requestId = / ID="([^"]+)"/.exec(inflateRawSync(Buffer.from(request ?? '', 'base64')).toString())?.[1]
  if (requestId === undefined) throw new Error(`${url}/saml/login sent no AuthnRequest`)
  const cookie = answer.headers.getSetCookie().map((one) => one.split(';')[0]!)
  const response = signedResponse(idp, url, requestId, nameId, groups)
  return { body: `SAMLResponse=${encodeURIComponent(Buffer.from(response).toString('base64'))}`, cookie: cookie.join('; ') }
}

let made = 0

function signedResponse(idp: BenchIdp, url: string, requestId: string, nameId: string, groups: number): string {
  const id = `_b${process.pid}-${++made}`
  const [now, soon] = [0, 600_000].map((ms) => new Date(Date.now() + ms).toISOString())
  const issuer = `<saml:Issuer xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">${idp.entityId}</saml:Issuer>`
  const assertion = `<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="${id}" IssueInstant="${now}" Version="2.0"><saml:Issuer>${idp.entityId}</saml:Issuer><saml:Subject><saml:NameID Format="urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified">${nameId}</saml:NameID><saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData InResponseTo="${requestId}" NotOnOrAfter="${soon}" Recipient="${url}/saml/acs"/></saml:SubjectConfirmation></saml:Subject><saml:Conditions NotBefore="${now}" NotOnOrAfter="${soon}"><saml:AudienceRestriction><saml:Audience>${url}</saml:Audience></saml:AudienceRestriction></saml:Conditions><saml:AuthnStatement AuthnInstant="${now}" SessionIndex="${id}"><saml:AuthnContext><saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement><saml:AttributeStatement><saml:Attribute Name="groups">${groupValues(groups)}</saml:Attribute></saml:AttributeStatement></saml:Assertion>`
  const signed = assertion.replace('</saml:Issuer>', `</saml:Issuer>${signatureOver(idp, assertion, id)}`)
  return `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="${id}r" Version="2.0" IssueInstant="${now}" Destination="${url}/saml/acs" InResponseTo="${requestId}">${issuer}<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>${signed}</samlp:Response>`
}

const groupValues = (count: number) =>
  Array.from(
    { length: count },
    (_, i) =>
      `<saml:AttributeValue xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="xs:string">CN=グループ ${i},OU=tokyo,DC=example,DC=jp</saml:AttributeValue>`,
  ).join('')

function signatureOver(idp: BenchIdp, xml: string, id: string): string {
  const canonical = (text: string) => canonicalize(parseXml(text, { maxCharacters: 1e6, comments: 'refused' }), [])
  const [dsig, exclusive] = ['http://www.w3.org/2000/09/xmldsig#', 'http://www.w3.org/2001/10/xml-exc-c14n#']
  const digest = createHash('sha256').update(canonical(xml)).digest('base64')
  const signedInfo = `<ds:SignedInfo xmlns:ds="${dsig}"><ds:CanonicalizationMethod Algorithm="${exclusive}"/><ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"/><ds:Reference URI="#${id}"><ds:Transforms><ds:Transform Algorithm="${dsig}enveloped-signature"/><ds:Transform Algorithm="${exclusive}"/></ds:Transforms><ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><ds:DigestValue>${digest}</ds:DigestValue></ds:Reference></ds:SignedInfo>`
  const value = sign('sha256', Buffer.from(canonical(signedInfo)), idp.key).toString('base64')
  const certificate = idp.certificate.replace(/-----[^-]+-----|\s/g, '')
  return `<ds:Signature xmlns:ds="${dsig}">${signedInfo}<ds:SignatureValue>${value}</ds:SignatureValue><ds:KeyInfo><ds:X509Data><ds:X509Certificate>${certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></ds:Signature>`
}
