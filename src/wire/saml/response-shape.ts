import { ns } from './names'
import { UnreadableXml, childrenOf, isElement, type XmlElement } from './xml'

/** The parts of a Response whose outline is as it must be; what they say is not judged yet. */
export type ResponseParts = {
  readonly response: XmlElement
  readonly responseSignature?: XmlElement
  /** Absent when the identity provider refused (its Status says why), and when it is encrypted. */
  readonly assertion?: XmlElement
  readonly assertionSignature?: XmlElement
  readonly encryptedAssertion?: XmlElement
}

/**
 * Finds Response, Assertion and their signatures where they belong, and refuses a document that has any of them anywhere else: every
 * form of signature wrapping needs a second one somewhere (SAML 2.0 Core §3.2.2, §2.3.3, §5.4).
 *
 * @throws UnreadableXml
 */
export function responseShape(root: XmlElement): ResponseParts {
  if (!isElement(root, ns.protocol, 'Response')) throw new UnreadableXml('a root element other than samlp:Response')
  checkVersionAndId(root)
  checkOrder(root, responseOrder, ['Issuer', 'Signature', 'Extensions', 'Status', 'Assertion'])
  if (childrenOf(root, ns.protocol, 'Status').length === 0) throw new UnreadableXml('a Response without Status')
  const assertion = childrenOf(root, ns.assertion, 'Assertion')[0]
  const encryptedAssertion = childrenOf(root, ns.assertion, 'EncryptedAssertion')[0]
  const responseSignature = childrenOf(root, ns.dsig, 'Signature')[0]
  if (assertion && encryptedAssertion) throw new UnreadableXml('an EncryptedAssertion beside an Assertion')
  const assertionSignature = assertion && assertionShape(assertion)
  checkNoOther(root, new Set([root, assertion, encryptedAssertion, responseSignature, assertionSignature]))
  return {
    response: root,
    ...(responseSignature && { responseSignature }),
    ...(assertion && { assertion }),
    ...(assertionSignature && { assertionSignature }),
    ...(encryptedAssertion && { encryptedAssertion }),
  }
}

/** The signature of an Assertion, its outline checked. @throws UnreadableXml */
export function assertionShape(assertion: XmlElement): XmlElement | undefined {
  if (!isElement(assertion, ns.assertion, 'Assertion')) throw new UnreadableXml('something else than an Assertion')
  checkVersionAndId(assertion)
  checkOrder(assertion, assertionOrder, ['Issuer', 'Signature', 'Subject', 'Conditions', 'Advice'])
  if (childrenOf(assertion, ns.assertion, 'Issuer').length === 0) throw new UnreadableXml('an Assertion without Issuer')
  return childrenOf(assertion, ns.dsig, 'Signature')[0]
}

function checkVersionAndId(element: XmlElement): void {
  if (element.attributes.get('Version') !== '2.0') throw new UnreadableXml(`${element.name} of a version other than 2.0`)
  // NCName; one with a quote or a blank is nobody's
  if (!/^[A-Za-z_][\w.-]{0,254}$/.test(element.attributes.get('ID') ?? '')) {
    throw new UnreadableXml(`${element.name} without an ID that is a name`)
  }
}

const responseOrder: readonly (readonly [namespace: string, name: string])[] = [
  [ns.assertion, 'Issuer'],
  [ns.dsig, 'Signature'],
  [ns.protocol, 'Extensions'],
  [ns.protocol, 'Status'],
  [ns.assertion, 'Assertion'],
  [ns.assertion, 'EncryptedAssertion'],
]

const assertionOrder: readonly (readonly [namespace: string, name: string])[] = [
  [ns.assertion, 'Issuer'],
  [ns.dsig, 'Signature'],
  [ns.assertion, 'Subject'],
  [ns.assertion, 'Conditions'],
  [ns.assertion, 'Advice'],
  [ns.assertion, 'AuthnStatement'],
  [ns.assertion, 'AttributeStatement'],
  [ns.assertion, 'AuthzDecisionStatement'],
  [ns.assertion, 'Statement'],
]

/** Children are of the list and in its order up to the first repeatable one; those in `once` stand at most once. */
function checkOrder(parent: XmlElement, order: readonly (readonly [string, string])[], once: readonly string[]): void {
  if (parent.text.trim() !== '') throw new UnreadableXml(`text in ${parent.name}`)
  let last = -1
  for (const child of parent.children) {
    const position = order.findIndex(([namespace, name]) => isElement(child, namespace, name))
    if (position < 0) throw new UnreadableXml(`an element in ${parent.name} that does not belong there`)
    const ordered = once.includes(child.name) || last < once.length
    if (ordered && position <= last && once.includes(child.name)) {
      throw new UnreadableXml(`two ${child.name} in ${parent.name}, or one out of order`)
    }
    last = Math.max(last, position)
  }
}

/** What is allowed to be inside KeyInfo; no reference to elsewhere and no transform. */
const keyInfoNames = new Set([
  ...['KeyInfo', 'KeyName', 'KeyValue', 'RSAKeyValue', 'Modulus', 'Exponent', 'DSAKeyValue', 'P', 'Q', 'G', 'Y', 'J', 'Seed'],
  ...['PgenCounter', 'X509Data', 'X509Certificate', 'X509IssuerSerial', 'X509IssuerName', 'X509SerialNumber', 'X509SKI'],
  ...['X509SubjectName', 'X509CRL'],
])
const onlyOnce = new Set(['Response', 'Assertion', 'EncryptedAssertion', 'Signature'])

/** No Response, Assertion or Signature but the known ones, in whatever namespace, and no XML Signature element outside of them. */
function checkNoOther(root: XmlElement, known: ReadonlySet<XmlElement | undefined>): void {
  const walk = (element: XmlElement, inside: 'message' | 'signature' | 'keyInfo' | 'encrypted') => {
    if (onlyOnce.has(element.name) && !known.has(element)) throw new UnreadableXml(`a second ${element.name}`)
    const here = isElement(element, ns.dsig, 'Signature') ? 'signature' : inside
    if (element.namespace === ns.dsig && here === 'message') throw new UnreadableXml('a signature element outside a Signature')
    if (element.namespace === ns.dsig && here === 'keyInfo' && !keyInfoNames.has(element.name)) {
      throw new UnreadableXml('an element in KeyInfo that does not belong there')
    }
    const within =
      here === 'signature' && element.name === 'KeyInfo'
        ? 'keyInfo'
        : isElement(element, ns.assertion, 'EncryptedAssertion')
          ? 'encrypted'
          : here
    for (const child of element.children) walk(child, within)
  }
  walk(root, 'message')
}
