import { digests, signatureMethods, transforms, type Hash, type SignatureMethod } from './algorithms'
import { decodeBase64 } from './decode-response'
import { ns } from './names'
import { UnreadableXml, type XmlElement } from './xml'

export type SignatureParts = {
  readonly signedInfo: XmlElement
  readonly method: SignatureMethod
  readonly digest: Hash
  readonly digestValue: Buffer
  readonly signatureValue: Buffer
  /** Of SignedInfo, and of what is signed: prefixes that are canonicalized inclusively. */
  readonly prefixes: { readonly signedInfo: readonly string[]; readonly signed: readonly string[] }
}

/**
 * Demands the one form of signature that SAML knows (SAML 2.0 Core §5.4): over its parent, enveloped, exclusive canonicalization, one
 * Reference; so cryptography never sees any other.
 *
 * @param allowSha1 whether SHA-1 counts
 * @throws UnreadableXml
 */
export function signatureShape(parent: XmlElement, signature: XmlElement, allowSha1: boolean): SignatureParts {
  const [signedInfo, signatureValue] = exactly(signature, ['SignedInfo', 'SignatureValue'], ['KeyInfo'])
  const [canonicalization, method, reference] = exactly(signedInfo, ['CanonicalizationMethod', 'SignatureMethod', 'Reference'])
  const [transformList, digestMethod, digestValue] = exactly(reference, ['Transforms', 'DigestMethod', 'DigestValue'])
  const [enveloped, exclusive] = exactly(transformList, ['Transform', 'Transform'])
  if (reference.attributes.get('URI') !== `#${parent.attributes.get('ID')}`)
    throw new UnreadableXml('a Reference to something else')
  if (algorithmOf(canonicalization) !== ns.excC14n) throw new UnreadableXml('a CanonicalizationMethod other than exclusive')
  if (algorithmOf(enveloped) !== transforms[0] || algorithmOf(exclusive) !== transforms[1]) {
    throw new UnreadableXml('Transforms other than enveloped-signature and exclusive canonicalization')
  }
  const prefixes = { signedInfo: prefixList(canonicalization), signed: prefixList(exclusive) }
  for (const one of [enveloped, method, digestMethod, digestValue, signatureValue]) checkLeaf(one)
  const [digestBytes, signatureBytes] = [digestValue, signatureValue].map(({ text }) => decodeBase64(text))
  if (!digestBytes || !signatureBytes) throw new UnreadableXml('a signature that is not base64')
  const [found, digest] = [signatureMethods.get(algorithmOf(method)), digests.get(algorithmOf(digestMethod))]
  if (!found || (found.hash === 'sha1' && !allowSha1)) {
    throw new UnreadableXml('a SignatureMethod that is not allowed, such as SHA-1')
  }
  if (!digest || (digest === 'sha1' && !allowSha1)) throw new UnreadableXml('a DigestMethod that is not allowed, such as SHA-1')
  return { signedInfo, method: found, digest, digestValue: digestBytes, signatureValue: signatureBytes, prefixes }
}

const algorithmOf = (element: XmlElement) => element.attributes.get('Algorithm') ?? ''

type Elements<Names extends readonly string[]> = { readonly [I in keyof Names]: XmlElement }

/** The children, when they are these XML Signature elements in this order, and perhaps an optional one more. */
function exactly<const Names extends readonly string[]>(
  parent: XmlElement,
  names: Names,
  optional: readonly string[] = [],
): Elements<Names> {
  const found = parent.children.map((child) => (child.namespace === ns.dsig ? child.name : ''))
  const wanted = found.length > names.length ? [...names, ...optional] : names
  if (found.join() !== wanted.join() || parent.text.trim() !== '') {
    throw new UnreadableXml(`${parent.name} with other content than ${wanted.join(', ')}`)
  }
  return parent.children as Elements<Names>
}

/** What SAML software names is one or two. */
const maxPrefixes = 64

/** OpenSAML and Keycloak name prefixes that stay inclusive; nothing else may be in there. */
function prefixList(element: XmlElement): readonly string[] {
  const [list, second] = element.children
  if (!list) {
    checkLeaf(element)
    return []
  }
  if (second || list.namespace !== ns.excC14n || list.name !== 'InclusiveNamespaces' || list.children.length > 0) {
    throw new UnreadableXml(`${element.name} with other content than InclusiveNamespaces`)
  }
  const prefixes = (list.attributes.get('PrefixList') ?? '').split(/[ \t\n]+/).filter((prefix) => prefix !== '')
  if (prefixes.length > maxPrefixes) throw new UnreadableXml(`InclusiveNamespaces with more than ${maxPrefixes} prefixes`)
  return prefixes.map((prefix) => (prefix === '#default' ? '' : prefix))
}

function checkLeaf(element: XmlElement): void {
  if (element.children.length > 0) throw new UnreadableXml(`${element.name} with elements inside`)
}
