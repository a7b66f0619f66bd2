import type { KeyObject } from 'node:crypto'
import { samlVerdictNames, type SamlVerdict, type SamlVerdictName, type SamlVerdicts } from '../../domain/access/saml'
import type { Instant } from '../../domain/brand'
import { decodeResponse, maxResponseCharacters } from './decode-response'
import { confirmationOf, isIssuedBy, judgeAssertion, nameIdOf, skewMs, type Expected } from './judge-assertion'
import { ns, success } from './names'
import { parseInstant } from './parse-instant'
import { assertionShape, responseShape, type ResponseParts } from './response-shape'
import { verifySignature } from './verify-signature'
import { UnreadableXml, childrenOf, parseXml, type XmlElement } from './xml'

export type VerifiedAssertion = {
  readonly nameId: string
  readonly assertionId: string
  /** Until then the assertion could be used again, so its id is kept. */
  readonly usableUntil: Instant
}

export type SamlJudgement =
  | { readonly kind: 'verified'; readonly assertion: VerifiedAssertion; readonly verdicts: SamlVerdicts }
  | { readonly kind: 'refused'; readonly code: 'SLASH_SA02' | 'SLASH_SA04'; readonly verdicts: SamlVerdicts }

/**
 * Judges a SAMLResponse parameter (S34, S36): the assertion only when every verdict is good, and then read from the signed bytes alone.
 * Whether it was used before is for who keeps the ids.
 *
 * @param keys of the identity provider's certificates; at least one
 */
export function verifyResponse(parameter: string, expected: Expected, keys: readonly KeyObject[]): SamlJudgement {
  try {
    return judge(decodeResponse(parameter), expected, keys)
  } catch (error) {
    if (error instanceof UnreadableXml) return unreadable(error.message)
    throw error
  }
}

/** The judgement on what is no Response at all. @param why in our own words */
export function unreadable(why: string): SamlJudgement {
  return { kind: 'refused', code: 'SLASH_SA04', verdicts: inOrder([{ name: 'document', passed: false, actual: why }]) }
}

function judge(text: string, expected: Expected, keys: readonly KeyObject[]): SamlJudgement {
  const sent = responseShape(parseXml(text, { maxCharacters: maxResponseCharacters, comments: 'refused' }))
  const { signed, verdict } = judgeSignatures(text, sent, keys)
  const { response, assertion } = signed ?? sent
  const verdicts = inOrder([
    verdict,
    { name: 'document', passed: true },
    { name: 'encryption', passed: sent.encryptedAssertion === undefined },
    judgeStatus(response),
    judgeInResponseTo(response, assertion, expected),
    judgeIssuer(response, assertion, expected),
    judgeIssueInstant(response, assertion, expected),
    judgeDestination(response, sent.responseSignature !== undefined, expected),
    ...(assertion ? judgeAssertion(assertion, expected) : []),
  ])
  const failed = verdicts.filter(({ passed }) => !passed)
  const nameId = signed && nameIdOf(signed.assertion)
  if (failed.length === 0 && signed && nameId !== undefined) {
    return { kind: 'verified', assertion: { nameId, ...identifier(signed.assertion) }, verdicts }
  }
  const onlyStale = failed.length === 1 && failed[0]!.name === 'inResponseTo'
  return { kind: 'refused', code: onlyStale ? 'SLASH_SA02' : 'SLASH_SA04', verdicts }
}

const identifier = (assertion: XmlElement) => ({
  assertionId: assertion.attributes.get('ID') ?? '',
  usableUntil: parseInstant(confirmationOf(assertion)?.attributes.get('NotOnOrAfter')) + skewMs,
})

type Signed = { readonly response: XmlElement; readonly assertion: XmlElement }

/** At least one signature, and every one valid (S36). What is signed is taken from the bytes that were digested. */
function judgeSignatures(
  text: string,
  { response, responseSignature, assertion, assertionSignature }: ResponseParts,
  keys: readonly KeyObject[],
): { readonly signed?: Signed; readonly verdict: SamlVerdict } {
  try {
    const signedResponse = responseSignature && verifySignature(text, response, responseSignature, keys)
    const signedAssertion = assertion && assertionSignature && verifySignature(text, assertion, assertionSignature, keys)
    const found = signedAssertion ?? (signedResponse && responseShape(signedResponse).assertion)
    if (signedAssertion) assertionShape(signedAssertion)
    if (!found) throw new UnreadableXml('no signature on an Assertion, or on a Response with one')
    return { signed: { response: signedResponse ?? response, assertion: found }, verdict: { name: 'signature', passed: true } }
  } catch (error) {
    if (!(error instanceof UnreadableXml)) throw error
    return { verdict: { name: 'signature', passed: false, actual: error.message } }
  }
}

function judgeStatus(response: XmlElement): SamlVerdict {
  const [status] = childrenOf(response, ns.protocol, 'Status')
  const codes = status ? childrenOf(status, ns.protocol, 'StatusCode') : []
  const nested = codes.flatMap((code) => childrenOf(code, ns.protocol, 'StatusCode'))
  const messages = status ? childrenOf(status, ns.protocol, 'StatusMessage').map(({ text }) => text) : []
  const values = [...codes, ...nested].map((code) => code.attributes.get('Value') ?? '')
  const passed = codes.length === 1 && values[0] === success
  return { name: 'status', passed, expected: success, actual: [...values, ...messages].join(' ') }
}

/** Both the Response and its assertion answer the AuthnRequest of this browser. */
function judgeInResponseTo(response: XmlElement, assertion: XmlElement | undefined, { requestId }: Expected): SamlVerdict {
  const ids = [assertion && confirmationOf(assertion), response].map((element) => element?.attributes.get('InResponseTo') ?? '')
  return { name: 'inResponseTo', passed: ids.every((id) => id === requestId), expected: requestId, actual: ids.join(', ') }
}

function judgeIssuer(response: XmlElement, assertion: XmlElement | undefined, { issuer }: Expected): SamlVerdict {
  const issuers = [response, assertion].map((element) => element && childrenOf(element, ns.assertion, 'Issuer')[0])
  const passed = issuers.every((one) => isIssuedBy(one, issuer))
  const actual = issuers.flatMap((one) => one?.text ?? []).join(', ')
  return { name: 'issuer', passed, ...(issuer !== undefined && { expected: issuer }), actual }
}

function judgeIssueInstant(response: XmlElement, assertion: XmlElement | undefined, { now }: Expected): SamlVerdict {
  const instants = [response, ...(assertion ? [assertion] : [])].map((element) => element.attributes.get('IssueInstant'))
  const passed = instants.every((instant) => parseInstant(instant) <= now + skewMs)
  return { name: 'issueInstant', passed, expected: new Date(now).toISOString(), actual: instants.join(', ') }
}

/** A signed Response must name our ACS, an unsigned one may (SAML 2.0 Bindings §3.5.5.2). */
function judgeDestination(response: XmlElement, isSigned: boolean, { acsUrl }: Expected): SamlVerdict {
  const destination = response.attributes.get('Destination')
  const passed = destination === undefined ? !isSigned : destination === acsUrl
  return { name: 'destination', passed, expected: acsUrl, actual: destination ?? '' }
}

/** The manual's four, whatever became of them, then what else was judged. */
const always: readonly SamlVerdictName[] = ['timeWindow', 'inResponseTo', 'audience', 'signature']

function inOrder(judged: readonly SamlVerdict[]): SamlVerdicts {
  const byName = new Map(judged.map((verdict) => [verdict.name, verdict]))
  return samlVerdictNames.flatMap((name) => byName.get(name) ?? (always.includes(name) ? { name, passed: false } : []))
}
