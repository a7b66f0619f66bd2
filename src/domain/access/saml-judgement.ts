import type { Instant } from '../brand'
import type { SamlIdp, SamlVerdicts, SlashCode } from './saml'

/** What we know ourselves, to hold a Response against. */
export type SamlExpectations = {
  /** Without an entity id the certificates alone tell who it is. */
  readonly idp: Pick<SamlIdp, 'entityId' | 'certificates'>
  /** Our own entity id: the base URL. */
  readonly entityId: string
  readonly acsUrl: string
  /** The ID of the AuthnRequest that this browser was sent away with. */
  readonly requestId: string
  readonly now: Instant
  /** How far the identity provider's clock may be from ours. */
  readonly clockSkewSeconds: number
  /** Whether signatures and digests by SHA-1 count; only an administrator says so. */
  readonly allowSha1: boolean
  /** Our private keys for encrypted assertions, PEM; several while they are rolled over, none: encrypted assertions are refused. */
  readonly decryptionKeys: readonly string[]
  /** AuthnContextClassRefs of which the assertion must have one, exactly as written; none: any. */
  readonly requestedAuthnContext?: readonly string[]
}

/** What was really signed, and nothing else. */
export type VerifiedAssertion = {
  readonly nameId: string
  readonly assertionId: string
  /** Until then the assertion could be used again, so its id is kept. */
  readonly usableUntil: Instant
  /** Name of an attribute → its values, those that are text. */
  readonly attributes: ReadonlyMap<string, readonly string[]>
}

/** Plain data: it crosses from thread to thread. */
export type SamlJudgement =
  | { readonly kind: 'verified'; readonly assertion: VerifiedAssertion; readonly verdicts: SamlVerdicts }
  | {
      readonly kind: 'refused'
      readonly code: Extract<SlashCode, 'SLASH_SA02' | 'SLASH_SA04'>
      readonly verdicts: SamlVerdicts
    }
