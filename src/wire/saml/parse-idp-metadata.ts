import type { SamlIdp } from '../../domain/access/saml'
import type { Instant } from '../../domain/brand'
import { parseCertificates } from './certificates'
import { InvalidSamlIdp } from './invalid-saml-idp'
import { binding, ns } from './names'
import { webUrl } from './web-url'
import { UnreadableXml, childrenOf, parseXml, type XmlElement } from './xml'

/** Metadata of one identity provider is 5 to 100 KB. */
const maxCharacters = 1024 * 1024

/**
 * The identity provider of a metadata document (SAML 2.0 Metadata §2.4.3): one EntityDescriptor, or the one of an EntitiesDescriptor that
 * is an identity provider. Its URL for sign-out is not taken: that one expects a LogoutRequest. Until when the metadata may be used
 * (validUntil) is told, and left to the caller.
 *
 * @throws InvalidSamlIdp saying what is wrong and how to mend it
 */
export function parseIdpMetadata(xml: string): SamlIdp {
  const idps = entitiesOf(readXml(xml), []).flatMap(({ entity, around }) =>
    childrenOf(entity, ns.metadata, 'IDPSSODescriptor')
      .filter(speaksSaml2)
      .map((descriptor) => ({ entity, descriptor, validUntil: validUntilOf([...around, entity, descriptor]) })),
  )
  const [idp, second] = idps
  if (!idp)
    throw new InvalidSamlIdp('The metadata describes no SAML 2.0 identity provider. Give the metadata of the identity provider')
  if (second) throw new InvalidSamlIdp('The metadata describes several identity providers. Give the metadata of one')
  const entityId = idp.entity.attributes.get('entityID')
  if (!entityId) throw new InvalidSamlIdp('The metadata has no entityID. Export it from the identity provider once more')
  return {
    entityId,
    ssoUrl: ssoUrlOf(idp.descriptor),
    certificates: certificatesOf(idp.descriptor),
    ...(idp.validUntil === undefined ? {} : { metadataValidUntil: idp.validUntil }),
  }
}

function readXml(xml: string): XmlElement {
  try {
    return parseXml(xml.replace(/^\ufeff/, ''), { maxCharacters, comments: 'skipped' })
  } catch (error) {
    if (!(error instanceof UnreadableXml)) throw error
    throw new InvalidSamlIdp(`The metadata cannot be read: ${error.message}. Give the XML as the identity provider publishes it`)
  }
}

type Entity = { readonly entity: XmlElement; readonly around: readonly XmlElement[] }

/** Bounded by the depth of the document. */
function entitiesOf(element: XmlElement, around: readonly XmlElement[]): readonly Entity[] {
  if (element.namespace !== ns.metadata) return []
  if (element.name === 'EntityDescriptor') return [{ entity: element, around }]
  if (element.name !== 'EntitiesDescriptor') return []
  return element.children.flatMap((child) => entitiesOf(child, [...around, element]))
}

/** The first end of all that stand around the identity provider (SAML 2.0 Metadata §2.3.1). */
function validUntilOf(elements: readonly XmlElement[]): Instant | undefined {
  const texts = elements.flatMap((element) => element.attributes.get('validUntil') ?? [])
  if (texts.length === 0) return undefined
  const ends = texts.map((text) => Date.parse(text.trim()))
  const wrong = texts.find((_, i) => Number.isNaN(ends[i]))
  if (wrong !== undefined)
    throw new InvalidSamlIdp(
      `validUntil="${wrong.slice(0, 100)}" is no time. Export the metadata from the identity provider once more`,
    )
  return Math.min(...ends)
}

const speaksSaml2 = (descriptor: XmlElement) =>
  (descriptor.attributes.get('protocolSupportEnumeration') ?? '').split(/\s+/).includes(ns.protocol)

function ssoUrlOf(descriptor: XmlElement): string {
  const services = childrenOf(descriptor, ns.metadata, 'SingleSignOnService')
  const redirect = services.find((service) => service.attributes.get('Binding') === binding.redirect)
  if (!redirect) {
    throw new InvalidSamlIdp(
      'The metadata has no SingleSignOnService with HTTP-Redirect. Enable that binding at the identity provider',
    )
  }
  return webUrl(redirect.attributes.get('Location') ?? '', 'sign-on URL')
}

/** Only keys for signing: one for encryption must never verify a signature. */
function certificatesOf(descriptor: XmlElement): readonly string[] {
  const certificates = childrenOf(descriptor, ns.metadata, 'KeyDescriptor')
    .filter((key) => (key.attributes.get('use') ?? 'signing') === 'signing')
    .flatMap((key) => childrenOf(key, ns.dsig, 'KeyInfo'))
    .flatMap((info) => childrenOf(info, ns.dsig, 'X509Data'))
    .flatMap((data) => childrenOf(data, ns.dsig, 'X509Certificate'))
    .flatMap(({ text }) => parseCertificates(text))
  if (certificates.length === 0) {
    throw new InvalidSamlIdp('The metadata has no certificate for signing. Without one nothing that is said could be trusted')
  }
  return [...new Set(certificates)]
}
