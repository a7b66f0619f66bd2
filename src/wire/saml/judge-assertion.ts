import type { SamlVerdict } from '../../domain/access/saml'
import type { SamlExpectations } from '../../domain/access/saml-judgement'
import { bearer, entityFormat, ns } from './names'
import { parseInstant } from './parse-instant'
import { childrenOf, type XmlElement } from './xml'

/** Far longer than any login name. */
const maxNameIdLength = 256

/** How far the clocks may be apart. */
export const skewMs = ({ clockSkewSeconds }: SamlExpectations) => clockSkewSeconds * 1000

/** Now, as a verdict says it. */
export const shownNow = ({ now, clockSkewSeconds }: SamlExpectations) => `${new Date(now).toISOString()} ± ${clockSkewSeconds} s`

/** The verdicts that an assertion is asked for, in whichever order; its signature is not judged here. */
export function judgeAssertion(assertion: XmlElement, expected: SamlExpectations): readonly SamlVerdict[] {
  return [
    judgeTimeWindow(assertion, expected),
    judgeAudience(assertion, expected),
    judgeConfirmation(assertion, expected),
    judgeConditions(assertion),
    judgeAuthnStatement(assertion),
    ...judgeAuthnContext(assertion, expected),
    judgeNameId(assertion),
  ]
}

/** The one NameID, as it is written; undefined when there is none, when it is empty, or more than plain text. */
export function nameIdOf(assertion: XmlElement): string | undefined {
  const [nameId, second] = nameIdsOf(assertion)
  if (!nameId || second || nameId.children.length > 0 || nameId.text.trim() === '') return undefined
  return nameId.text.length <= maxNameIdLength ? nameId.text : undefined
}

/** What the assertion says of its subject: values by the attribute's name. What is not plain text is left out. */
export function attributesOf(assertion: XmlElement): ReadonlyMap<string, readonly string[]> {
  const attributes = new Map<string, string[]>()
  const statements = childrenOf(assertion, ns.assertion, 'AttributeStatement')
  for (const attribute of statements.flatMap((statement) => childrenOf(statement, ns.assertion, 'Attribute'))) {
    const name = attribute.attributes.get('Name')
    if (name === undefined) continue
    const plain = childrenOf(attribute, ns.assertion, 'AttributeValue').filter(({ children }) => children.length === 0)
    attributes.set(name, [...(attributes.get(name) ?? []), ...plain.map(({ text }) => text)])
  }
  return attributes
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

function judgeTimeWindow(assertion: XmlElement, expected: SamlExpectations): SamlVerdict {
  const conditions = childrenOf(assertion, ns.assertion, 'Conditions')[0]
  const [from, until] = [conditions?.attributes.get('NotBefore'), conditions?.attributes.get('NotOnOrAfter')]
  const passed =
    conditions !== undefined &&
    (from === undefined || parseInstant(from) <= expected.now + skewMs(expected)) &&
    (until === undefined || parseInstant(until) > expected.now - skewMs(expected))
  return { name: 'timeWindow', passed, expected: shownNow(expected), actual: `${from ?? ''} – ${until ?? ''}` }
}

/** Every AudienceRestriction must name us (SAML 2.0 Core §2.5.1.4). */
function judgeAudience(assertion: XmlElement, { entityId }: SamlExpectations): SamlVerdict {
  const audiences = childrenOf(assertion, ns.assertion, 'Conditions')
    .flatMap((conditions) => childrenOf(conditions, ns.assertion, 'AudienceRestriction'))
    .map((restriction) => childrenOf(restriction, ns.assertion, 'Audience').map((audience) => audience.text))
  const passed = audiences.length > 0 && audiences.every((names) => names.includes(entityId))
  return { name: 'audience', passed, expected: entityId, actual: audiences.flat().join(', ') }
}

function judgeConfirmation(assertion: XmlElement, expected: SamlExpectations): SamlVerdict {
  const attributes = confirmationOf(assertion)?.attributes
  const [recipient, until] = [attributes?.get('Recipient') ?? '', attributes?.get('NotOnOrAfter')]
  const isInTime = parseInstant(until) > expected.now - skewMs(expected)
  const passed = recipient === expected.acsUrl && isInTime && attributes?.has('NotBefore') === false
  return { name: 'subjectConfirmation', passed, expected: expected.acsUrl, actual: `${recipient} – ${until ?? ''}` }
}

const knownConditions = ['AudienceRestriction', 'OneTimeUse', 'ProxyRestriction']

/** An assertion with a condition that we do not understand is not valid (SAML 2.0 Core §2.5.1). */
function judgeConditions(assertion: XmlElement): SamlVerdict {
  const [conditions] = childrenOf(assertion, ns.assertion, 'Conditions')
  const passed =
    conditions?.children.every((one) => one.namespace === ns.assertion && knownConditions.includes(one.name)) ?? false
  const actual = conditions?.children.map(({ name }) => name).join(', ') ?? ''
  return { name: 'conditions', passed, expected: knownConditions.join(', '), actual }
}

function judgeAuthnStatement(assertion: XmlElement): SamlVerdict {
  const { length } = childrenOf(assertion, ns.assertion, 'AuthnStatement')
  return { name: 'authnStatement', passed: length > 0, expected: 'AuthnStatement', actual: length > 0 ? 'AuthnStatement' : '' }
}

/** Every AuthnStatement says that it was done as we requested (SAML 2.0 Core §3.3.2.2.1, comparison "exact"). */
function judgeAuthnContext(assertion: XmlElement, { requestedAuthnContext }: SamlExpectations): readonly SamlVerdict[] {
  if (!requestedAuthnContext?.length) return []
  const contexts = childrenOf(assertion, ns.assertion, 'AuthnStatement').map((statement) =>
    childrenOf(statement, ns.assertion, 'AuthnContext')
      .flatMap((context) => childrenOf(context, ns.assertion, 'AuthnContextClassRef'))
      .map(({ text }) => text.trim()),
  )
  const passed = contexts.length > 0 && contexts.every((refs) => refs.length === 1 && requestedAuthnContext.includes(refs[0]!))
  return [{ name: 'authnContext', passed, expected: requestedAuthnContext.join(', '), actual: contexts.flat().join(', ') }]
}

function judgeNameId(assertion: XmlElement): SamlVerdict {
  const actual = nameIdsOf(assertion).map(({ text }) => text)
  return { name: 'nameId', passed: nameIdOf(assertion) !== undefined, expected: 'NameID', actual: actual.join(', ') }
}

const nameIdsOf = (assertion: XmlElement) =>
  childrenOf(assertion, ns.assertion, 'Subject').flatMap((subject) => childrenOf(subject, ns.assertion, 'NameID'))
