import type { SamlIdp } from '../../domain/access/saml'
import { parseCertificates } from './certificates'
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

/** @throws InvalidSamlIdp saying what is wrong and how to mend it */
export function parseSamlIdp(source: SamlIdpSource): SamlIdp {
  const logoutUrl = source.logoutUrl && { logoutUrl: webUrl(source.logoutUrl, 'sign-out URL') }
  if (source.kind === 'metadata') return { ...parseIdpMetadata(source.xml), ...logoutUrl }
  return {
    ...(source.entityId && { entityId: source.entityId }),
    ssoUrl: webUrl(source.ssoUrl, 'sign-on URL'),
    certificates: parseCertificates(source.certificates),
    ...logoutUrl,
  }
}
