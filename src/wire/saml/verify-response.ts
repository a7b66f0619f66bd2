import { samlVerdictNames, type SamlVerdict, type SamlVerdictName, type SamlVerdicts } from '../../domain/access/saml'
import type { SamlExpectations, SamlJudgement } from '../../domain/access/saml-judgement'
import { decodeResponse } from './decode-response'
import { attributesOf, confirmationOf, judgeAssertion, nameIdOf, skewMs } from './judge-assertion'
import { judgeResponse } from './judge-response'
import { openResponse } from './open-response'
import { parseInstant } from './parse-instant'
import type { VerificationKeys } from './verification-keys'
import { UnreadableXml, type XmlElement } from './xml'

/**
 * Judges a SAMLResponse parameter (S34, S36): the assertion only when every verdict is good, and then read from the signed bytes alone.
 * Whether it was used before is for who keeps the ids.
 */
export function verifyResponse(parameter: string, expected: SamlExpectations, keys: VerificationKeys): SamlJudgement {
  try {
    return judge(decodeResponse(parameter), expected, keys)
  } catch (error) {
    if (error instanceof UnreadableXml) return unreadable(error.message)
    throw error
  }
}

/** The judgement on what is no Response at all. @param why in our own words */
export function unreadable(why: string): Extract<SamlJudgement, { readonly kind: 'refused' }> {
  const document: SamlVerdict = { name: 'document', passed: false, expected: 'samlp:Response', actual: why }
  return { kind: 'refused', code: 'SLASH_SA04', verdicts: inOrder([document]) }
}

function judge(text: string, expected: SamlExpectations, keys: VerificationKeys): SamlJudgement {
  const { response, isResponseSigned, assertion, verified, verdicts: opened } = openResponse(text, expected, keys)
  const verdicts = inOrder([
    ...opened,
    { name: 'document', passed: true },
    ...judgeResponse(response, assertion, isResponseSigned, expected),
    ...(assertion ? judgeAssertion(assertion, expected) : []),
  ])
  const failed = verdicts.filter(({ passed }) => !passed)
  const nameId = verified && nameIdOf(verified)
  if (failed.length === 0 && verified && nameId !== undefined) {
    const attributes = attributesOf(verified)
    return { kind: 'verified', assertion: { nameId, ...identifier(verified, expected), attributes }, verdicts }
  }
  const onlyStale = failed.length === 1 && failed[0]!.name === 'inResponseTo'
  return { kind: 'refused', code: onlyStale ? 'SLASH_SA02' : 'SLASH_SA04', verdicts }
}

const identifier = (assertion: XmlElement, expected: SamlExpectations) => ({
  assertionId: assertion.attributes.get('ID') ?? '',
  usableUntil: parseInstant(confirmationOf(assertion)?.attributes.get('NotOnOrAfter')) + skewMs(expected),
})

/** The manual's four, whatever became of them, then what else was judged. */
const always: readonly SamlVerdictName[] = ['timeWindow', 'inResponseTo', 'audience', 'signature']

function inOrder(judged: readonly SamlVerdict[]): SamlVerdicts {
  const byName = new Map(judged.map((verdict) => [verdict.name, verdict]))
  return samlVerdictNames.flatMap((name) => byName.get(name) ?? (always.includes(name) ? { name, passed: false } : []))
}
