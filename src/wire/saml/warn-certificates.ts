import type { SamlIdp } from '../../domain/access/saml'
import type { SpKeys } from '../../domain/access/sp-key'
import type { Instant } from '../../domain/brand'
import { certificateFacts } from './certificates'

const dayMs = 86_400_000

/** So many days before its end a certificate is worth a word. */
export const warnedDays = 30

export type SamlWarning = {
  readonly code: 'certificateExpired' | 'certificateExpires' | 'certificateNotYetValid' | 'metadataExpired'
  readonly detail: string
  /** Whole days that are left; negative: since when. */
  readonly daysLeft: number
}

/** What will hinder, or hinders already: certificates that end or ended, and metadata that may not be used any more. */
export function warnOfIdp({ certificates, metadataValidUntil }: SamlIdp, now: Instant): readonly SamlWarning[] {
  const mend =
    'Ask for the next certificate and set it beside this one before that (kagami saml set --certificate FILE --certificate NEXT)'
  const warnings = certificates.flatMap((pem) => warnOf(pem, 'of the identity provider', mend, now))
  if (metadataValidUntil === undefined || metadataValidUntil > now) return warnings
  return [
    ...warnings,
    {
      code: 'metadataExpired',
      daysLeft: daysTo(metadataValidUntil, now),
      detail: `The metadata of the identity provider was valid until ${new Date(metadataValidUntil).toISOString()}. Set the present one: kagami saml set --metadata FILE.`,
    },
  ]
}

/** The same of our own keys. */
export function warnOfSpKeys(keys: SpKeys, now: Instant): readonly SamlWarning[] {
  const mend = 'Roll the key over: kagami saml key next'
  return keys.flatMap(({ certificate, use }) => (use === 'current' ? warnOf(certificate, 'of our own key', mend, now) : []))
}

function warnOf(pem: string, whose: string, mend: string, now: Instant): readonly SamlWarning[] {
  const { sha256, notBefore, notAfter } = certificateFacts(pem)
  const daysLeft = daysTo(notAfter, now)
  const name = `The certificate ${sha256.slice(0, 16)}… ${whose}`
  if (notAfter <= now) return [{ code: 'certificateExpired', daysLeft, detail: `${name} ended ${day(notAfter)}. ${mend}.` }]
  if (notBefore > now)
    return [
      { code: 'certificateNotYetValid', daysLeft, detail: `${name} is not valid before ${day(notBefore)}. Check the clock.` },
    ]
  if (daysLeft > warnedDays) return []
  return [{ code: 'certificateExpires', daysLeft, detail: `${name} ends ${day(notAfter)}, in ${daysLeft} days. ${mend}.` }]
}

const daysTo = (at: Instant, now: Instant) => Math.floor((at - now) / dayMs)
const day = (at: Instant) => `on ${new Date(at).toISOString().slice(0, 10)}`
