import { randomUUID } from 'node:crypto'
import { IdentityProvider, SamlLib, ServiceProvider } from 'samlify'
import type { SamlSettings } from '../../domain/access/saml-settings'
import { currentSpKey, publishedSpKeys, type SpKeys } from '../../domain/access/sp-key'
import type { Instant } from '../../domain/brand'
import { binding, unspecified } from './names'

/** We as a service provider: what an identity provider has to know. Everything comes from the base URL, never from a Host header. */
export type SamlSp = {
  readonly entityId: string
  readonly acsUrl: string
  readonly metadataUrl: string
}

export const samlSp = (baseUrl: string): SamlSp => ({
  entityId: baseUrl,
  acsUrl: `${baseUrl}/saml/acs`,
  metadataUrl: `${baseUrl}/saml/metadata`,
})

/** Our metadata, XML: the ACS, and the certificates of the current and the next key, each for signing and for encryption. */
export function spMetadata(sp: SamlSp, keys: SpKeys, signAuthnRequests: boolean): string {
  const certificates = publishedSpKeys(keys).map(({ certificate }) => certificate)
  return serviceProvider(sp, {
    authnRequestsSigned: signAuthnRequests,
    signingCert: certificates,
    encryptCert: certificates,
  }).getMetadata()
}

/** Makes AuthnRequests: an id, and where a browser takes it to (HTTP-Redirect). */
export type AuthnRequester = (now: Instant) => { readonly id: string; readonly url: string }

/**
 * @param keys of these the current one signs, when the settings want that
 * @throws Error when it is to sign, and there is none
 */
export function authnRequester(sp: SamlSp, { idp, options }: SamlSettings, keys: SpKeys): AuthnRequester {
  const { signAuthnRequests, forceAuthn, requestedAuthnContext } = options
  const key = signAuthnRequests ? currentSpKey(keys) : undefined
  if (signAuthnRequests && !key) throw new Error('AuthnRequests are to be signed, and there is no SP key')
  const from = serviceProvider(sp, {
    authnRequestsSigned: signAuthnRequests,
    ...(key && { privateKey: key.privateKey, signingCert: key.certificate }),
  })
  // for the AuthnRequest alone: the certificates stay with our own verifier, and so does the metadata of the identity provider
  const to = IdentityProvider({
    entityID: idp.entityId ?? idp.ssoUrl,
    wantAuthnRequestsSigned: signAuthnRequests,
    singleSignOnService: [{ Binding: binding.redirect, Location: idp.ssoUrl }],
    singleLogoutService: [{ Binding: binding.redirect, Location: idp.ssoUrl }], // never used; without one samlify prints a complaint
  })
  return (now) => {
    const id = `_${randomUUID()}`
    const tags = {
      ID: id,
      Destination: idp.ssoUrl,
      Issuer: sp.entityId,
      IssueInstant: new Date(now).toISOString(),
      NameIDFormat: unspecified,
      ProtocolBinding: binding.post,
      AssertionConsumerServiceURL: sp.acsUrl,
      AllowCreate: false,
      AssertionConsumerServiceIndex: undefined, // an attribute without a value is left out
      ForceAuthn: forceAuthn || undefined,
      ...Object.fromEntries(requestedAuthnContext.map((context, i) => [`AuthnContext${i}`, context])),
    }
    const { context } = from.createLoginRequest(to, 'redirect', (template: string) => ({
      id,
      context: SamlLib.replaceTagsByValue(withContexts(template, requestedAuthnContext), tags),
    }))
    return { id, url: context }
  }
}

/** RequestedAuthnContext is the last of an AuthnRequest's elements that we send (SAML 2.0 Core §3.4.1). */
function withContexts(template: string, contexts: readonly string[]): string {
  if (contexts.length === 0) return template
  const refs = contexts.map((_, i) => `<saml:AuthnContextClassRef>{AuthnContext${i}}</saml:AuthnContextClassRef>`).join('')
  const requested = `<samlp:RequestedAuthnContext Comparison="exact">${refs}</samlp:RequestedAuthnContext>`
  return template.replace('</samlp:AuthnRequest>', `${requested}</samlp:AuthnRequest>`)
}

const serviceProvider = (sp: SamlSp, more: Partial<Parameters<typeof ServiceProvider>[0]>) =>
  ServiceProvider({
    entityID: sp.entityId,
    assertionConsumerService: [{ Binding: binding.post, Location: sp.acsUrl, isDefault: true }],
    nameIDFormat: [unspecified],
    ...more,
  })
