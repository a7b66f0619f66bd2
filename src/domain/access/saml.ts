import type { Instant } from '../brand'

/** The identity provider that people sign in by (S30). */
export type SamlIdp = {
  /** Absent: only the certificate says who it is; the manual's settings know no entity id. */
  readonly entityId?: string
  /** Where an AuthnRequest goes by HTTP-Redirect. */
  readonly ssoUrl: string
  /** PEM, X.509 with an RSA, DSA or EC key; at least one, several while keys are rolled over. */
  readonly certificates: readonly string[]
  /** Where a browser goes after signing out (S37). */
  readonly logoutUrl?: string
  /** Until when the metadata that it was read from may be used. */
  readonly metadataValidUntil?: Instant
}

/** An AuthnRequest under way: kept by the browser, sealed, so that an anonymous visitor writes nothing into our database. */
export type PendingSaml = {
  /** The ID of the AuthnRequest. */
  readonly id: string
  /** Where to go after signing in; a path of ours. */
  readonly returnTo: string
  /** The hash of the session that the browser had when it left: its cookie does not come back with another site's POST. */
  readonly replaces?: string
  readonly at: Instant
  /** A test sign-in: the fingerprint of the draft that is tried. It opens no session. */
  readonly test?: string
}

/** How long somebody may take to sign in at the identity provider. */
export const pendingSamlMs = 10 * 60_000

/**
 * What is asked of a Response, in the order in which it is shown: the manual's four (S36), then our own. `firstUse` is judged by who
 * keeps the ids of used assertions; all others from the message alone.
 */
export const samlVerdictNames = [
  'timeWindow',
  'inResponseTo',
  'audience',
  'signature',
  'document',
  'encryption',
  'status',
  'issuer',
  'issueInstant',
  'destination',
  'subjectConfirmation',
  'conditions',
  'authnStatement',
  'authnContext',
  'nameId',
  'firstUse',
] as const
export type SamlVerdictName = (typeof samlVerdictNames)[number]

/** `expected` and `actual` are for an administrator's eyes; `actual` is the sender's and must be escaped where it is shown. */
export type SamlVerdict = {
  readonly name: SamlVerdictName
  readonly passed: boolean
  readonly expected?: string
  readonly actual?: string
}

/** At least the manual's four, in its order. What could not be read has not passed. */
export type SamlVerdicts = readonly SamlVerdict[]

/** Why a SAML sign-in was refused (S33–S36). */
export type SlashCode = 'SLASH_SA01' | 'SLASH_SA02' | 'SLASH_SA03' | 'SLASH_SA04' | 'SLASH_SA05' | 'SLASH_FA01'
