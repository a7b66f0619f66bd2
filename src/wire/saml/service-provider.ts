import { IdentityProvider, ServiceProvider } from 'samlify'
import type { SamlIdp } from '../../domain/access/saml'
import { binding, unspecified } from './names'

/** We as a service provider. Everything comes from the base URL, never from a Host header. */
export type SamlSp = {
  readonly entityId: string
  readonly acsUrl: string
  /** Our metadata, XML. */
  readonly metadata: string
  /** A new AuthnRequest: its id, and where a browser takes it to (HTTP-Redirect). */
  authnRequest(idp: SamlIdp): { readonly id: string; readonly url: string }
}

export function samlSp(baseUrl: string): SamlSp {
  const acsUrl = `${baseUrl}/saml/acs`
  const sp = ServiceProvider({
    entityID: baseUrl,
    authnRequestsSigned: false,
    assertionConsumerService: [{ Binding: binding.post, Location: acsUrl, isDefault: true }],
    nameIDFormat: [unspecified],
  })
  return {
    entityId: baseUrl,
    acsUrl,
    metadata: sp.getMetadata(),
    authnRequest: (idp) => {
      const { id, context } = sp.createLoginRequest(samlifyIdp(idp), 'redirect')
      return { id, url: context }
    },
  }
}

/** For the AuthnRequest alone: the certificates stay with our own verifier, and so does the metadata of the identity provider. */
function samlifyIdp(idp: SamlIdp) {
  return IdentityProvider({
    entityID: idp.entityId ?? idp.ssoUrl,
    wantAuthnRequestsSigned: false,
    singleSignOnService: [{ Binding: binding.redirect, Location: idp.ssoUrl }],
    singleLogoutService: [{ Binding: binding.redirect, Location: idp.ssoUrl }], // never used; without one samlify prints a complaint
  })
}
