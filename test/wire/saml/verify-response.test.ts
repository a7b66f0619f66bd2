import { VerificationKeys } from '../../../src/wire/saml/verification-keys'
import { verifyResponse } from '../../../src/wire/saml/verify-response'
import { dsig, exclusive, signedByHand, transform } from '../../attacks/forge'
import { start } from '../../kit/builders'
import {
  assertionXml,
  audienceXml,
  base64Of,
  confirmationXml,
  encode,
  expectations,
  makeIdp,
  more,
  responseXml,
  rightParts,
  sha1,
  signXml,
  signedResponse,
  xmlenc,
  type TestIdp,
} from '../../kit/saml-idp'

describe('verifyResponse', () => {
  let idp: TestIdp
  let other: TestIdp
  beforeAll(async () => void ([idp, other] = await Promise.all([makeIdp(), makeIdp()])))

  const expected = { ...expectations, idp: { entityId: 'https://idp.test/', certificates: [] } }
  const keys = new VerificationKeys()
  const judge = (xml: string, certificates: readonly string[] = [idp.certificate], parameter = encode(xml), more = {}) =>
    verifyResponse(parameter, { ...expected, idp: { ...expected.idp, certificates }, ...more }, keys)
  /** The code and the checks that failed; the name of who would be signed in. */
  const outcome = (xml: string, certificates?: readonly string[], more = {}) => {
    const judgement = judge(xml, certificates, undefined, more)
    if (judgement.kind === 'verified') return judgement.assertion.nameId
    return [judgement.code, ...judgement.verdicts.filter(({ passed }) => !passed).map(({ name }) => name)].join(' ')
  }
  const signed = (...args: Parameters<typeof signedResponse> extends [unknown, ...infer Rest] ? Rest : never) =>
    signedResponse(idp, ...args)

  it('gives NameID, assertion id and the end of its use', () => {
    expect(judge(signed())).toMatchObject({
      kind: 'verified',
      assertion: { nameId: 'taro', assertionId: '_assertion', usableUntil: start + 6 * 60_000 },
    })
  })

  it('accepts a signature on the assertion, on the Response, or on both', () => {
    const response = signXml(idp, responseXml(assertionXml()), '_response')
    expect([signed(), response, signXml(idp, signed(), '_response')].map((xml) => outcome(xml))).toEqual(['taro', 'taro', 'taro'])
  })

  it('accepts what real identity providers send: declaration, line feeds, unknown attributes, odd line separators', () => {
    const attributes =
      '<saml:AttributeStatement>\n<saml:Attribute Name="memo"><saml:AttributeValue>a\u2028b\u0085c</saml:AttributeValue></saml:Attribute>\n</saml:AttributeStatement>'
    const xml = `<?xml version="1.0" encoding="UTF-8"?>\n${signed({ attributes })}\n`
    expect(outcome(xml)).toBe('taro')
    expect(judge('', undefined, encode(xml).replace(/(.{76})/g, '$1\r\n')).kind).toBe('verified')
  })

  it.each([
    ['rsa', `${more}rsa-sha384`, `${more}sha384`],
    ['rsa', `${more}rsa-sha512`, `${xmlenc}sha512`],
    ['dsa', 'http://www.w3.org/2009/xmldsig11#dsa-sha256', `${xmlenc}sha256`],
    ['ec', `${more}ecdsa-sha256`, `${xmlenc}sha256`],
  ] as const)('accepts a key of type %s with %s', async (type, method, digest) => {
    const one = await makeIdp(type)
    expect(outcome(signedResponse(one, {}, { method, digest }), [other.certificate, one.certificate])).toBe('taro')
  })

  it.each([
    ['rsa', 'rsa-sha1'],
    ['dsa', 'dsa-sha1'],
  ] as const)('accepts a key of type %s with %s where an administrator says so, and nowhere else', async (type, name) => {
    const one = await makeIdp(type)
    const xml = signedResponse(one, {}, { ...sha1, method: `http://www.w3.org/2000/09/xmldsig#${name}` })
    expect([{}, { allowSha1: true }].map((more) => outcome(xml, [one.certificate], more))).toEqual([
      'SLASH_SA04 signature',
      'taro',
    ])
  })

  it('accepts prefixes that stay inclusive, as OpenSAML and Keycloak write them', () => {
    const attributes = `<saml:AttributeStatement><saml:Attribute Name="a"><saml:AttributeValue xmlns:xsi="urn:i" xsi:type="xs:string">x</saml:AttributeValue></saml:Attribute></saml:AttributeStatement>`
    const xml = responseXml(assertionXml({ attributes }).replace(' ID=', ' xmlns:xs="http://www.w3.org/2001/XMLSchema" ID='))
    const [, digestValue] = /<ds:DigestValue>([^<]+)/.exec(signXml(idp, xml, '_assertion', { inclusive: ['xs'] }))!
    const list = `<ec:InclusiveNamespaces xmlns:ec="${exclusive}" PrefixList="xs"></ec:InclusiveNamespaces>`
    const by = (prefixes: string) =>
      signedByHand(idp, xml, '_assertion', {
        ...(digestValue && { digestValue }),
        transforms: transform(`${dsig}enveloped-signature`) + transform(exclusive, prefixes),
      })
    expect([outcome(by(list)), outcome(by(''))]).toEqual(['taro', 'SLASH_SA04 signature'])
  })

  it('gives the attributes of the verified assertion, whatever their names', () => {
    const value = (text: string) => `<saml:AttributeValue>${text}</saml:AttributeValue>`
    const attribute = (name: string, values: string) => `<saml:Attribute Name="${name}">${values}</saml:Attribute>`
    const attributes = `<saml:AttributeStatement>${attribute('groups', value('a') + value('b&amp;c'))}${attribute('__proto__', value('x'))}${attribute('groups', value('d') + value('<x/>'))}${attribute('none', '')}</saml:AttributeStatement>`
    const judgement = judge(signed({ attributes }))
    expect(judgement.kind === 'verified' && [...judgement.assertion.attributes]).toEqual([
      ['groups', ['a', 'b&c', 'd']],
      ['__proto__', ['x']],
      ['none', []],
    ])
  })

  it('demands one of the requested authentication contexts, exactly', () => {
    const ref = (text: string) =>
      `<saml:AuthnContext><saml:AuthnContextClassRef>${text}</saml:AuthnContextClassRef></saml:AuthnContext>`
    const statement = (text: string) =>
      `<saml:AuthnStatement AuthnInstant="${new Date(start).toISOString()}">${text}</saml:AuthnStatement>`
    const wants = { requestedAuthnContext: ['urn:mfa', 'urn:kerberos'] }
    const outcomes = ['urn:mfa', 'urn:kerberos', 'urn:password', 'urn:mfa2'].map((text) =>
      outcome(signed({ authnStatement: statement(ref(text)) }), undefined, wants),
    )
    expect(outcomes).toEqual(['taro', 'taro', 'SLASH_SA04 authnContext', 'SLASH_SA04 authnContext'])
    const both = statement(ref('urn:mfa')) + statement(ref('urn:password'))
    for (const authnStatement of [statement(''), both]) {
      expect(outcome(signed({ authnStatement }), undefined, wants)).toBe('SLASH_SA04 authnContext')
      expect(outcome(signed({ authnStatement }), undefined, { requestedAuthnContext: [] })).toBe('taro')
    }
  })

  it('allows the skew that is set', () => {
    const notOnOrAfter = new Date(start - 61_000).toISOString()
    expect(outcome(signed({ notOnOrAfter }), undefined, { clockSkewSeconds: 120 })).toBe('taro')
    expect(outcome(signed({ notBefore: new Date(start + 1).toISOString() }), undefined, { clockSkewSeconds: 0 })).toBe(
      'SLASH_SA04 timeWindow',
    )
  })

  it('shows every verdict, the four of the manual first (S36)', () => {
    const { verdicts } = judge(signed())
    expect(verdicts.map(({ name }) => name).slice(0, 4)).toEqual(['timeWindow', 'inResponseTo', 'audience', 'signature'])
    expect(outcome('<x/>')).toBe('SLASH_SA04 timeWindow inResponseTo audience signature document')
  })

  const past = new Date(start - 61_000).toISOString()
  const future = new Date(start + 61_000).toISOString()
  const nearPast = new Date(start - 59_000).toISOString()
  it.each<readonly [string, Parameters<typeof signedResponse>[1], string]>([
    ['another AuthnRequest (S34)', { requestId: '_another' }, 'SLASH_SA02 inResponseTo'],
    ['no InResponseTo: begun at the identity provider', { responseAttributes: '' }, 'SLASH_SA02 inResponseTo'],
    ['another audience', { entityId: 'https://other.example' }, 'SLASH_SA04 audience'],
    ['our name with a slash', { entityId: `${rightParts.entityId}/` }, 'SLASH_SA04 audience'],
    [
      'a second restriction without us',
      { conditions: audienceXml(rightParts.entityId) + audienceXml('x') },
      'SLASH_SA04 audience',
    ],
    ['no audience', { conditions: '' }, 'SLASH_SA04 audience'],
    ['expired', { notOnOrAfter: past }, 'SLASH_SA04 timeWindow subjectConfirmation'],
    ['within the allowed skew', { notOnOrAfter: nearPast }, 'taro'],
    ['not yet valid', { notBefore: future }, 'SLASH_SA04 timeWindow'],
    ['a time with an offset', { notBefore: '2026-04-01T18:00:00+09:00' }, 'SLASH_SA04 timeWindow'],
    ['the 30th of February', { notBefore: '2026-02-30T00:00:00Z' }, 'SLASH_SA04 timeWindow'],
    ['issued in the future', { issueInstant: future }, 'SLASH_SA04 issueInstant'],
    ['another issuer', { issuer: 'https://evil.example/' }, 'SLASH_SA04 issuer'],
    ['another destination', { responseAttributes: 'Destination="https://x/" InResponseTo="_request"' }, 'SLASH_SA04 destination'],
    [
      'another recipient',
      { confirmation: confirmationXml({ ...rightParts, acsUrl: 'https://x/' }) },
      'SLASH_SA04 subjectConfirmation',
    ],
    ['two confirmations', { confirmation: confirmationXml(rightParts).repeat(2) }, 'SLASH_SA04 inResponseTo subjectConfirmation'],
    ['no confirmation', { confirmation: '' }, 'SLASH_SA04 inResponseTo subjectConfirmation'],
    [
      'a confirmation that begins later',
      { confirmation: confirmationXml(rightParts, ` NotBefore="${past}"`) },
      'SLASH_SA04 subjectConfirmation',
    ],
    [
      'holder of key',
      { confirmation: confirmationXml(rightParts).replace('bearer', 'holder-of-key') },
      'SLASH_SA04 inResponseTo subjectConfirmation',
    ],
    ['an unknown condition', { conditions: `${audienceXml(rightParts.entityId)}<x xmlns="urn:x"/>` }, 'SLASH_SA04 conditions'],
    [
      'a condition of SAML that we do not know',
      { conditions: `${audienceXml(rightParts.entityId)}<saml:Condition/>` },
      'SLASH_SA04 conditions',
    ],
    ['no AuthnStatement', { authnStatement: '' }, 'SLASH_SA04 authnStatement'],
    ['a refusal', { status: '<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Responder"/>' }, 'SLASH_SA04 status'],
    ['no NameID', { nameId: '' }, 'SLASH_SA04 nameId'],
    ['an empty NameID', { nameId: '<saml:NameID> </saml:NameID>' }, 'SLASH_SA04 nameId'],
    ['two NameIDs', { nameId: rightParts.nameId.repeat(2) }, 'SLASH_SA04 nameId'],
    ['a NameID with an element inside', { nameId: '<saml:NameID>ta<b/>ro</saml:NameID>' }, 'SLASH_SA04 nameId'],
    ['a NameID without end', { nameId: `<saml:NameID>${'x'.repeat(257)}</saml:NameID>` }, 'SLASH_SA04 nameId'],
  ])('judges: %s', (_what, overrides, result) => {
    expect(outcome(signed(overrides))).toBe(result)
  })

  it('demands a Destination of a signed Response', () => {
    const xml = responseXml(assertionXml(), { responseAttributes: 'InResponseTo="_request"' })
    expect(outcome(signXml(idp, xml, '_response'))).toBe('SLASH_SA04 destination')
  })

  const inKeyInfo = () => `<ds:X509Data><ds:X509Certificate>${base64Of(other.certificate)}</ds:X509Certificate></ds:X509Data>`
  const both = () => signXml(idp, signed(), '_response')
  const hmac = 'http://www.w3.org/2000/09/xmldsig#hmac-sha1'
  const inclusive = 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315'
  const xpath = '$1Algorithm="http://www.w3.org/TR/1999/REC-xpath-19991116"'
  const foreign = 'a signature that none of the certificates made'
  const twice = (part: RegExp) => () => signed().replace(part, '$1$1')
  it.each<readonly [string, () => string, string]>([
    ['no signature', () => responseXml(assertionXml()), 'no signature on an Assertion, or on a Response with one'],
    ['a foreign key', () => signedResponse(other), foreign],
    ['a foreign key with its certificate in KeyInfo', () => signedResponse(other, {}, { keyInfo: inKeyInfo() }), foreign],
    ['another name after signing', () => signed().replace('>taro<', '>admin<'), foreign],
    ['a bad one on the assertion below a good one', () => signXml(idp, signedResponse(other), '_response'), foreign],
    ['a bad one on the Response above a good one', () => both().replace('Destination', 'Consent="x" Destination'), foreign],
    ['SHA-1', () => signed({}, sha1), 'a SignatureMethod that is not allowed, such as SHA-1'],
    ['a digest by SHA-1', () => signed({}, { digest: sha1.digest }), 'a DigestMethod that is not allowed, such as SHA-1'],
    ['HMAC', () => signed().replace(`${more}rsa-sha256`, hmac), 'a SignatureMethod that is not allowed, such as SHA-1'],
    ['no base64', () => signed().replace(/(<ds:SignatureValue>)[^<]+/, '$1%%%'), 'a signature that is not base64'],
    ['nothing', () => signed().replace(/(<ds:SignatureValue>)[^<]+/, '$1'), 'a signature that is not base64'],
    ['the whole document', () => signed().replace('URI="#_assertion"', 'URI=""'), 'a Reference to something else'],
    ['the Response', () => signed().replace('URI="#_assertion"', 'URI="#_response"'), 'a Reference to something else'],
    ['a second Reference', twice(/(<ds:Reference .*<\/ds:Reference>)/), 'SignedInfo with other content than'],
    ['a second SignedInfo', twice(/(<ds:SignedInfo>.*<\/ds:SignedInfo>)/), 'Signature with other content than'],
    ['an Object', () => signed().replace('</ds:Signature>', '<ds:Object/></ds:Signature>'), 'Signature with other content than'],
    ['a third Transform', twice(/(<ds:Transform [^>]+enveloped[^>]+>)/), 'Transforms with other content than'],
    ['XPath', () => signed().replace(/(<ds:Transform )Algorithm="[^"]+"/, xpath), 'Transforms other than'],
    [
      'inclusive',
      () => signed().replace(`Method Algorithm="${exclusive}`, `Method Algorithm="${inclusive}`),
      'a CanonicalizationMethod',
    ],
    [
      'an element in DigestValue',
      () => signed().replace('<ds:DigestValue>', '<ds:DigestValue><x/>'),
      'DigestValue with elements',
    ],
  ])('refuses a signature: %s', (_what, make, reason) => {
    expect(outcome(make())).toBe('SLASH_SA04 signature')
    expect(judge(make()).verdicts.find(({ name }) => name === 'signature')?.actual).toContain(reason)
  })

  it('refuses a signature whose method does not fit the key', async () => {
    const one = await makeIdp('ec')
    expect(outcome(signedResponse(one, {}, { method: `${more}rsa-sha256` }), [one.certificate])).toBe('SLASH_SA04 signature')
  })
})
