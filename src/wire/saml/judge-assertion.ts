import type { Instant } from '../../domain/brand'
import type { SamlVerdict } from '../../domain/access/saml'
import { bearer, entityFormat, ns } from './names'
import { parseInstant } from './parse-instant'
import { childrenOf, type XmlElement } from './xml'

/** What we know ourselves, to hold a Response against. */
export type Expected = {
  /** Our entity id: the base URL. */
  readonly entityId: string
  readonly acsUrl: string
  /** The ID of the AuthnRequest that this browser was sent away with. */
  readonly requestId: string
  readonly issuer: string | undefined
  readonly now: Instant
}

/** How far the identity provider's clock may be from ours. */
export const skewMs = 60_000

/** Far longer than any login name. */
const maxNameIdLength = 256

/** The verdicts that an assertion is asked for, in whichever order; its signature is not judged here. */
export function judgeAssertion(assertion: XmlElement, expected: Expected): readonly SamlVerdict[] {
  return [
    judgeTimeWindow(assertion, expected),
    judgeAudience(assertion, expected),
    judgeConfirmation(assertion, expected),
    judgeConditions(assertion),
    {
      name: 'authnStatement',
      passed: childrenOf(assertion, ns.assertion, 'AuthnStatement').length > 0,
    },
    { name: 'nameId', passed: nameIdOf(assertion) !== undefined },
  ]
}

/** The one NameID, as it is written; undefined when there is none, when it is empty, or more than plain text. */
export function nameIdOf(assertion: XmlElement): string | undefined {
  const ids = childrenOf(assertion, ns.assertion, 'Subject').flatMap((subject) => childrenOf(subject, ns.assertion, 'NameID'))
  const [nameId, second] = ids
  if (!nameId || second || nameId.children.length > 0 || nameId.text.trim() === '') return undefined
  return nameId.text.length <= maxNameIdLength ? nameId.text : undefined
}

/** What the one bearer SubjectConfirmation says (SAML 2.0 Profiles §4.1.4.2); undefined when there is not exactly one. */
export function confirmationOf(assertion: XmlElement): XmlElement | undefined {
  const data = childrenOf(assertion, ns.assertion, 'Subject')
    .flatMap((subject) => childrenOf(subject, ns.assertion, 'SubjectConfirmation'))
    .filter((confirmation) => confirmation.attributes.get('Method') === bearer)
    .map((confirmation) => childrenOf(confirmation, ns.assertion, 'SubjectConfirmationData'))
  return data.length === 1 && data[0]!.length === 1 ? data[0]![0] : undefined
}

/** Who says so. Without a configured entity id the certificate alone tells, as in the manual's settings. */
export function isIssuedBy(issuer: XmlElement | undefined, expected: string | undefined): boolean {
  if (expected === undefined || issuer === undefined) return true
  return (issuer.attributes.get('Format') ?? entityFormat) === entityFormat && issuer.text === expected
}

function judgeTimeWindow(assertion: XmlElement, { now }: Expected): SamlVerdict {
  const conditions = childrenOf(assertion, ns.assertion, 'Conditions')[0]
  const [from, until] = [conditions?.attributes.get('NotBefore'), conditions?.attributes.get('NotOnOrAfter')]
  const passed =
    conditions !== undefined &&
    (from === undefined || parseInstant(from) <= now + skewMs) &&
    (until === undefined || parseInstant(until) > now - skewMs)
  return { name: 'timeWindow', passed, expected: new Date(now).toISOString(), actual: `${from ?? ''} – ${until ?? ''}` }
}

/** Every AudienceRestriction must name us (SAML 2.0 Core §2.5.1.4). */
function judgeAudience(assertion: XmlElement, { entityId }: Expected): SamlVerdict {
  const audiences = childrenOf(assertion, ns.assertion, 'Conditions')
    .flatMap((conditions) => childrenOf(conditions, ns.assertion, 'AudienceRestriction'))
    .map((restriction) => childrenOf(restriction, ns.assertion, 'Audience').map((audience) => audience.text))
  const passed = audiences.length > 0 && audiences.every((names) => names.includes(entityId))
  return { name: 'audience', passed, expected: entityId, actual: audiences.flat().join(', ') }
}

function judgeConfirmation(assertion: XmlElement, { acsUrl, now }: Expected): SamlVerdict {
  const attributes = confirmationOf(assertion)?.attributes
  const [recipient, until] = [attributes?.get('Recipient') ?? '', attributes?.get('NotOnOrAfter')]
  const passed = recipient === acsUrl && parseInstant(until) > now - skewMs && attributes?.has('NotBefore') === false
  return { name: 'subjectConfirmation', passed, expected: acsUrl, actual: `${recipient} – ${until ?? ''}` }
}

const knownConditions = ['AudienceRestriction', 'OneTimeUse', 'ProxyRestriction']

/** An assertion with a condition that we do not understand is not valid (SAML 2.0 Core §2.5.1). */
function judgeConditions(assertion: XmlElement): SamlVerdict {
  const [conditions] = childrenOf(assertion, ns.assertion, 'Conditions')
  const passed =
    conditions?.children.every((one) => one.namespace === ns.assertion && knownConditions.includes(one.name)) ?? false
  return { name: 'conditions', passed }
}
