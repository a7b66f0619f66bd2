import { DOMParser } from '@xmldom/xmldom'
import { createHash, sign } from 'node:crypto'
import { ExclusiveCanonicalization } from 'xml-crypto'
import { more, xmlenc, type TestIdp } from '../kit/saml-idp'

export const dsig = 'http://www.w3.org/2000/09/xmldsig#'
export const exclusive = 'http://www.w3.org/2001/10/xml-exc-c14n#'
export const transform = (algorithm: string, content = '') => `<ds:Transform Algorithm="${algorithm}">${content}</ds:Transform>`

/** The parts of a signature as a signer makes them; each may be replaced by what none would make. */
export type SignatureText = {
  readonly uri: string
  readonly transforms: string
  readonly canonicalization: string
  readonly method: string
  readonly digestMethod: string
  readonly digestValue: string
  /** The whole Reference. */
  readonly reference: string
  readonly signedInfo: string
  /** Behind the SignatureValue. */
  readonly keyInfo: string
  /** Base64 over the canonical SignedInfo. */
  readonly signatureValue: (octets: Buffer) => string
}

/**
 * A Signature by hand over the element with that ID, whatever is replaced: its value is right for the SignedInfo that stands in it, so
 * that only the form can be its fault.
 */
export function signatureOf(idp: TestIdp, xml: string, id: string, replaced: Partial<SignatureText> = {}): string {
  const {
    uri = `#${id}`,
    transforms = transform(`${dsig}enveloped-signature`) + transform(exclusive),
    canonicalization = `<ds:CanonicalizationMethod Algorithm="${exclusive}"></ds:CanonicalizationMethod>`,
    method = `${more}rsa-sha256`,
    digestMethod = `${xmlenc}sha256`,
    digestValue = createHash('sha256').update(canonical(xml, id)).digest('base64'),
    keyInfo = '',
    signatureValue = (octets) => sign('sha256', octets, { key: idp.key, dsaEncoding: 'ieee-p1363' }).toString('base64'),
  } = replaced
  const reference =
    replaced.reference ??
    `<ds:Reference URI="${uri}"><ds:Transforms>${transforms}</ds:Transforms><ds:DigestMethod Algorithm="${digestMethod}"></ds:DigestMethod><ds:DigestValue>${digestValue}</ds:DigestValue></ds:Reference>`
  const signedInfo =
    replaced.signedInfo ??
    `<ds:SignedInfo>${canonicalization}<ds:SignatureMethod Algorithm="${method}"></ds:SignatureMethod>${reference}</ds:SignedInfo>`
  const octets = canonicalRoot(signedInfo.replace('<ds:SignedInfo', `<ds:SignedInfo xmlns:ds="${dsig}"`))
  return `<ds:Signature xmlns:ds="${dsig}">${signedInfo}<ds:SignatureValue>${signatureValue(Buffer.from(octets))}</ds:SignatureValue>${keyInfo}</ds:Signature>`
}

/** The document with the signature behind the Issuer of the element that has that ID. */
export function placed(xml: string, id: string, signature: string): string {
  const from = xml.indexOf(`ID="${id}"`)
  const at = xml.indexOf('</saml:Issuer>', from) + '</saml:Issuer>'.length
  return xml.slice(0, at) + signature + xml.slice(at)
}

export const signedByHand = (idp: TestIdp, xml: string, id: string, replaced?: Partial<SignatureText>) =>
  placed(xml, id, signatureOf(idp, xml, id, replaced))

/** Exclusive canonical form of the element with that ID, without the Signature that is its child. */
export function canonical(xml: string, id: string): string {
  const elements = new DOMParser().parseFromString(xml, 'text/xml').getElementsByTagName('*')
  const element = Array.from({ length: elements.length }, (_, i) => elements[i]!).find((one) => one.getAttribute('ID') === id)
  if (!element) throw new Error(`no element has the ID ${id}`)
  for (const child of Array.from(element.childNodes)) if (child.nodeName === 'ds:Signature') element.removeChild(child)
  return canonicalOf(element)
}

const canonicalRoot = (xml: string) => canonicalOf(new DOMParser().parseFromString(xml, 'text/xml').documentElement)

const canonicalOf = (element: Element) => new ExclusiveCanonicalization().process(element, {}).toString()
