import type { Instant } from '../brand'
import type { SamlVerdicts, SlashCode } from './saml'

/** One sign-in by SAML as it came to the ACS, good or bad, for an administrator. */
export type SamlSignIn = {
  readonly id: string
  readonly at: Instant
  readonly requestId: string
  readonly address?: string
  /** Absent: it succeeded. */
  readonly code?: SlashCode
  /** It tried a draft, and opened no session. */
  readonly test: boolean
  /** Verified when it succeeded or ended with SLASH_SA01; else as the message claims. */
  readonly nameId?: string
  readonly verdicts: SamlVerdicts
  /** The Response without signature values, attribute values and ciphertext; cut after 32 KB. */
  readonly xml?: string
  /** So many were not written down before this one, on its node: there were too many in a second. */
  readonly missed: number
}

/** So many are kept. */
export const maxSamlSignIns = 100

export const maxTracedBytes = 32 * 1024
