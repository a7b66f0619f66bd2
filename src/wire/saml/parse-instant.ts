import type { Instant } from '../../domain/brand'

const utc = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/

/** An instant as SAML writes it (SAML 2.0 Core §1.3.3): UTC with Z. NaN for anything else, so that every comparison fails. */
export function parseInstant(text: string | undefined): Instant {
  if (text === undefined || !utc.test(text)) return NaN
  const instant = Date.parse(text)
  // the 30th of February becomes the 2nd of March
  return !Number.isNaN(instant) && new Date(instant).toISOString().slice(0, 19) === text.slice(0, 19) ? instant : NaN
}
