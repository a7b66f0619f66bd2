import type { SamlVerdict } from '../../domain/access/saml'
import type { SamlExpectations } from '../../domain/access/saml-judgement'
import { confirmationOf, isIssuedBy, shownNow, skewMs } from './judge-assertion'
import { ns, success } from './names'
import { parseInstant } from './parse-instant'
import { childrenOf, type XmlElement } from './xml'

/** The verdicts that a Response is asked for, alone or together with its assertion. */
export function judgeResponse(
  response: XmlElement,
  assertion: XmlElement | undefined,
  isSigned: boolean,
  expected: SamlExpectations,
): readonly SamlVerdict[] {
  return [
    judgeStatus(response),
    judgeInResponseTo(response, assertion, expected),
    judgeIssuer(response, assertion, expected),
    judgeIssueInstant(response, assertion, expected),
    judgeDestination(response, isSigned, expected),
  ]
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
function judgeInResponseTo(
  response: XmlElement,
  assertion: XmlElement | undefined,
  { requestId }: SamlExpectations,
): SamlVerdict {
  const ids = [assertion && confirmationOf(assertion), response].map((element) => element?.attributes.get('InResponseTo') ?? '')
  return { name: 'inResponseTo', passed: ids.every((id) => id === requestId), expected: requestId, actual: ids.join(', ') }
}

function judgeIssuer(response: XmlElement, assertion: XmlElement | undefined, { idp }: SamlExpectations): SamlVerdict {
  const issuers = [response, assertion].map((element) => element && childrenOf(element, ns.assertion, 'Issuer')[0])
  const passed = issuers.every((one) => isIssuedBy(one, idp.entityId))
  const actual = issuers.flatMap((one) => one?.text ?? []).join(', ')
  return { name: 'issuer', passed, ...(idp.entityId !== undefined && { expected: idp.entityId }), actual }
}

function judgeIssueInstant(response: XmlElement, assertion: XmlElement | undefined, expected: SamlExpectations): SamlVerdict {
  const instants = [response, ...(assertion ? [assertion] : [])].map((element) => element.attributes.get('IssueInstant'))
  const passed = instants.every((instant) => parseInstant(instant) <= expected.now + skewMs(expected))
  return { name: 'issueInstant', passed, expected: `≤ ${shownNow(expected)}`, actual: instants.join(', ') }
}

/** A signed Response must name our ACS, an unsigned one may (SAML 2.0 Bindings §3.5.5.2). */
function judgeDestination(response: XmlElement, isSigned: boolean, { acsUrl }: SamlExpectations): SamlVerdict {
  const destination = response.attributes.get('Destination')
  const passed = destination === undefined ? !isSigned : destination === acsUrl
  return { name: 'destination', passed, expected: acsUrl, actual: destination ?? '' }
}
