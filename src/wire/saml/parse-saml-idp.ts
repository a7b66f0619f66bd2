import type { SamlIdp } from '../../domain/access/saml'
import type { Instant } from '../../domain/brand'
import { parseCertificates } from './certificates'
import { InvalidSamlIdp } from './invalid-saml-idp'
import { parseIdpMetadata } from './parse-idp-metadata'
import { webUrl } from './web-url'

/** An identity provider as an operator describes it: by its metadata, or by the values that its console shows. */
export type SamlIdpSource =
  | { readonly kind: 'metadata'; readonly xml: string; readonly logoutUrl?: string }
  | {
      readonly kind: 'values'
      readonly ssoUrl: string
      /** PEM; several may stand one after the other. */
      readonly certificates: string
      readonly entityId?: string
      readonly logoutUrl?: string
    }

/**
 * @param now refuses metadata that may not be used any more; absent: what was set once stays, also when it is read again later
 * @throws InvalidSamlIdp saying what is wrong and how to mend it
 */
export function parseSamlIdp(source: SamlIdpSource, now?: Instant): SamlIdp {
  const logoutUrl = source.logoutUrl && { logoutUrl: webUrl(source.logoutUrl, 'sign-out URL') }
  if (source.kind === 'metadata') {
    const idp = parseIdpMetadata(source.xml)
    const { metadataValidUntil: until } = idp
    if (now !== undefined && until !== undefined && until <= now) {
      throw new InvalidSamlIdp(
        `The metadata was valid until ${new Date(until).toISOString()} only. Get it from the identity provider once more`,
      )
    }
    return { ...idp, ...logoutUrl }
  }
  return {
    ...(source.entityId && { entityId: source.entityId }),
    ssoUrl: webUrl(source.ssoUrl, 'sign-on URL'),
    certificates: parseCertificates(source.certificates),
    ...logoutUrl,
  }
}
