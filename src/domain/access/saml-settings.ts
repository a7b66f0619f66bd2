import type { Instant, Version } from '../brand'
import { DomainError } from '../errors'
import type { SamlIdp } from './saml'

/** How sign-ins by SAML go, beside who the identity provider is. */
export type SamlOptions = {
  /** How far the identity provider's clock may be from ours; 0 to 300. */
  readonly clockSkewSeconds: number
  /** Signatures and digests by SHA-1 are taken: for identity providers that know nothing better. */
  readonly allowSha1: boolean
  /** Our AuthnRequests are signed with the SP key. */
  readonly signAuthnRequests: boolean
  /** The identity provider is to ask people anew, also who is signed in there. */
  readonly forceAuthn: boolean
  /** AuthnContext class references, one of which the sign-in must have; empty: none is asked for. */
  readonly requestedAuthnContext: readonly string[]
  readonly jit: SamlJit
  /** Who may sign in with the local password at `/login?saml=off`. Administrators always may. */
  readonly passwordSignIn: 'administrators' | 'everyone'
}

/** Just-in-time creation: who signs in and is not in the directory is made then. Each member names an attribute of the assertion. */
export type SamlJit = {
  readonly enabled: boolean
  readonly displayName?: string
  readonly email?: string
  readonly familyName?: string
  readonly givenName?: string
}

export const defaultSamlOptions: SamlOptions = {
  clockSkewSeconds: 60,
  allowSha1: false,
  signAuthnRequests: false,
  forceAuthn: false,
  requestedAuthnContext: [],
  jit: { enabled: false },
  passwordSignIn: 'administrators',
}

/** Settings by which people can sign in. */
export type SamlSettings = { readonly idp: SamlIdp; readonly options: SamlOptions }

/** Settings as they are being made: there may be no identity provider yet. */
export type SamlDraft = { readonly idp?: SamlIdp; readonly options: SamlOptions }

/** All that is kept of the settings. A draft takes the place of what is in force once it was tried (set-up that cannot lock out). */
export type SamlState = {
  readonly version: Version
  /** Who set the identity provider of the draft. */
  readonly source: 'environment' | 'administrator'
  readonly enabled: boolean
  /** In force while enabled. */
  readonly active?: SamlSettings
  readonly draft: SamlDraft
  /** The last test sign-in that succeeded: good for a draft of this fingerprint alone. */
  readonly tested?: SamlTested
}

export type SamlTested = { readonly fingerprint: string; readonly at: Instant; readonly nameId: string }

export const noSamlState: SamlState = {
  version: 0 as Version,
  source: 'administrator',
  enabled: false,
  draft: { options: defaultSamlOptions },
}

export const maxClockSkewSeconds = 300

/** Rotation needs two: the one that signs now, and the next. */
export const maxIdpCertificates = 2

/** @throws DomainError invalidAttribute */
export function checkSamlOptions({ clockSkewSeconds: skew, requestedAuthnContext: contexts, jit }: SamlOptions): void {
  if (!Number.isInteger(skew) || skew < 0 || skew > maxClockSkewSeconds)
    refuse(`The clock skew is a whole number of seconds from 0 to ${maxClockSkewSeconds}.`)
  if (contexts.length > 10) refuse('At most 10 AuthnContext classes can be requested.')
  for (const context of contexts)
    if (!/^[A-Za-z][A-Za-z0-9+.-]*:[\x21-\x7e]{1,250}$/.test(context))
      refuse(
        `${context.slice(0, 100)} is no AuthnContext class. Give its URI, such as urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport.`,
      )
  for (const name of [jit.displayName, jit.email, jit.familyName, jit.givenName])
    if (name !== undefined && (name.trim() === '' || name.length > 255))
      refuse('The name of an attribute has 1 to 255 characters. Take it from the assertion as the identity provider sends it.')
}

function refuse(detail: string): never {
  throw new DomainError('invalidAttribute', detail)
}
