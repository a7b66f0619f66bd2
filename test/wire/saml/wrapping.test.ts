import { VerificationKeys } from '../../../src/wire/saml/verification-keys'
import { verifyResponse } from '../../../src/wire/saml/verify-response'
import {
  assertionXml,
  encode,
  expectations,
  makeIdp,
  signXml,
  signedResponse,
  responseXml,
  type TestIdp,
} from '../../kit/saml-idp'

describe('verifyResponse, under attack', () => {
  let idp: TestIdp
  let good: string
  const keys = new VerificationKeys()
  beforeAll(async () => {
    idp = await makeIdp()
    good = signedResponse(idp)
  })

  const judge = (parameter: string) =>
    verifyResponse(parameter, { ...expectations, idp: { certificates: [idp.certificate] } }, keys)
  const reasonFor = (parameter: string) => {
    const judgement = judge(parameter)
    const verdict = judgement.verdicts.find(({ name }) => name === 'document')
    return judgement.kind === 'verified'
      ? `signed in ${judgement.assertion.nameId}`
      : verdict?.passed
        ? 'a document'
        : verdict?.actual
  }

  const inner = (xml: string) => /<saml:Assertion.*<\/saml:Assertion>/.exec(xml)![0]
  const signature = (xml: string) => /<ds:Signature .*<\/ds:Signature>/.exec(xml)![0]
  const evil = assertionXml({ nameId: '<saml:NameID>admin</saml:NameID>', assertionId: '_evil' })
  /** The evil Assertion with something put where its Issuer ends. */
  const evilWith = (xml: string) => evil.replace('</saml:Issuer>', `</saml:Issuer>${xml}`)
  const object = (xml: string) => `<ds:Object xmlns:ds="http://www.w3.org/2000/09/xmldsig#">${xml}</ds:Object>`
  const whole = () => signXml(idp, responseXml(assertionXml()), '_response')
  const evilRoot = (child: string) =>
    responseXml(evil).replace('_response', '_evilResponse').replace('<samlp:Status>', `${child}<samlp:Status>`)
  const intoSignature = (xml: string, more: string) => xml.replace('</ds:Signature>', `${more}</ds:Signature>`)

  it.each<readonly [string, () => string, string]>([
    [
      'XSW 1: an evil Response around the signature, the signed one inside it',
      () => evilRoot(intoSignature(signature(whole()), object(whole().replace(signature(whole()), '')))),
      'a second Response',
    ],
    [
      'XSW 2: an evil Response beside the detached signature',
      () => evilRoot(signature(whole()) + whole().replace(signature(whole()), '')),
      'an element in Response that does not belong there',
    ],
    [
      'XSW 3: an evil Assertion before the signed one',
      () => good.replace(inner(good), evil + inner(good)),
      'two Assertion in Response, or one out of order',
    ],
    ['XSW 3, after it', () => good.replace(inner(good), inner(good) + evil), 'two Assertion in Response, or one out of order'],
    [
      'XSW 4: the signed Assertion inside an evil one',
      () => responseXml(evil.replace('</saml:Assertion>', `${inner(good)}</saml:Assertion>`)),
      'an element in Assertion that does not belong there',
    ],
    [
      'XSW 5: an evil Assertion with the signature, the signed one behind',
      () => responseXml(evilWith(signature(good)) + inner(good).replace(signature(good), '')),
      'two Assertion in Response, or one out of order',
    ],
    [
      'XSW 6: the signed Assertion inside the signature of an evil one',
      () => responseXml(evilWith(intoSignature(signature(good), inner(good).replace(signature(good), '')))),
      'a second Assertion',
    ],
    [
      'XSW 7: an evil Assertion in Extensions',
      () => good.replace('<samlp:Status>', `<samlp:Extensions>${evil}</samlp:Extensions><samlp:Status>`),
      'a second Assertion',
    ],
    [
      'XSW 8: the signed Assertion in an Object of the evil one',
      () => responseXml(evilWith(intoSignature(signature(good), object(inner(good).replace(signature(good), ''))))),
      'a second Assertion',
    ],
    [
      'the signed Assertion in Advice',
      () => responseXml(evil.replace('<saml:AuthnStatement', `<saml:Advice>${inner(good)}</saml:Advice><saml:AuthnStatement`)),
      'a second Assertion',
    ],
    [
      'an Assertion of another namespace',
      () => good.replace('<samlp:Status>', '<samlp:Extensions><Assertion xmlns="urn:x"/></samlp:Extensions><samlp:Status>'),
      'a second Assertion',
    ],
    [
      'an Assertion in an AttributeValue',
      () =>
        responseXml(
          evil.replace(
            '</saml:Assertion>',
            `<saml:AttributeStatement><saml:Attribute Name="x"><saml:AttributeValue>${inner(good)}</saml:AttributeValue></saml:Attribute></saml:AttributeStatement></saml:Assertion>`,
          ),
        ),
      'a second Assertion',
    ],
    [
      'an encrypted Assertion beside the signed one',
      () =>
        good.replace(
          '</samlp:Response>',
          '<saml:EncryptedAssertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"/></samlp:Response>',
        ),
      'an EncryptedAssertion beside an Assertion',
    ],
    [
      'the same ID twice',
      () => good.replace('<samlp:Status>', '<samlp:Extensions><x ID="_assertion"/></samlp:Extensions><samlp:Status>'),
      'the same ID twice',
    ],
    [
      'an ID with a prefix',
      () => good.replace('<samlp:Status>', '<samlp:Extensions><x xml:id="_assertion"/></samlp:Extensions><samlp:Status>'),
      'an ID attribute with a prefix',
    ],
    ['an ID that is no name', () => good.replaceAll('_assertion', `x' or '1`), 'Assertion without an ID that is a name'],
    ['two root elements', () => good + good, 'a second root element'],
    ['a root element that is no Response', () => inner(good), 'a root element other than samlp:Response'],
    ['another version', () => good.replace('Version="2.0"', 'Version="1.1"'), 'Response of a version other than 2.0'],
    [
      'a prefix that is not declared',
      () => good.replace('<samlp:Status>', '<samlp:Extensions><y:x/></samlp:Extensions><samlp:Status>'),
      'a prefix that is not declared',
    ],
    [
      'an attribute that looks like a namespace',
      () => good.replace('Version=', 'xmlnsx="urn:x" Version='),
      'an attribute that only looks like a namespace',
    ],
    [
      'a comment in NameID',
      () => good.replace('>taro<', '>ta<!-- -->ro<'),
      'a DTD, comment, CDATA section or processing instruction',
    ],
    [
      'a processing instruction for NameID',
      () => good.replace('>taro<', '><?x taro?><'),
      'a DTD, comment, CDATA section or processing instruction',
    ],
    ['CDATA', () => good.replace('>taro<', '><![CDATA[taro]]><'), 'a DTD, comment, CDATA section or processing instruction'],
    ['a DTD', () => `<!DOCTYPE x [<!ENTITY e "taro">]>${good}`, 'a DTD, comment, CDATA section or processing instruction'],
    ['an entity', () => good.replace('>taro<', '>&e;<'), 'an entity'],
    ['another encoding', () => `<?xml version="1.0" encoding="UTF-7"?>${good}`, 'an encoding other than UTF-8'],
    ['a byte order mark', () => `\ufeff${good}`, 'something before the first <'],
    ['a control character', () => good.replace('>taro<', '>ta\u0000ro<'), 'a control character'],
    ['a reference to a control character', () => good.replace('>taro<', '>taro&#1;<'), 'a control character'],
    ['a reference to half a character', () => good.replace('>taro<', '>taro&#xD800;<'), 'a control character'],
    ['a reference beyond all characters', () => good.replace('>taro<', '>taro&#x110000;<'), 'a control character'],
    ['the end of a CDATA section in text', () => good.replace('>taro<', '>ta]]>ro<'), 'the end of a CDATA section'],
    ['a prefix that is taken back', () => good.replace('Version=', 'xmlns:x="" Version='), 'a namespace that cannot be declared'],
    [
      'another prefix for xml',
      () => good.replace('Version=', 'xmlns:x="http://www.w3.org/XML/1998/namespace" x:id="_assertion" Version='),
      'a namespace that cannot be declared',
    ],
    [
      'two prefixes for one attribute',
      () => good.replace('Version=', 'xmlns:x="urn:x" xmlns:y="urn:x" x:a="1" y:a="2" Version='),
      'the same attribute twice',
    ],
    ['an attribute twice', () => good.replace('Version="2.0"', 'Version="2.0" Version="2.0"'), 'the same attribute twice'],
    ['an end tag of another name', () => good.replace('</saml:NameID>', '</saml:NameIDx>'), 'an end tag that closes nothing'],
    ['an end tag with more in it', () => good.replace('</saml:NameID>', '</saml:NameID x="">'), 'an end tag that closes nothing'],
    ['a tag without quotes', () => good.replace('Version="2.0"', 'Version=2.0'), 'a tag that is not well-formed'],
  ])('refuses: %s', (_what, make, reason) => {
    expect(reasonFor(encode(make()))).toBe(reason)
  })

  it.each([
    ['no base64', 'trash!', 'not base64'],
    ['half a group', 'PHg', 'not base64'],
    ['bytes that are no UTF-8', Buffer.from([0x3c, 0xff, 0xfe]).toString('base64'), 'not UTF-8'],
    ['text', encode('hello'), 'something before the first <'],
    ['half a document', encode('<samlp:Response xmlns:samlp="x">'), 'no root element, or one that does not end'],
    ['more than 512 KB', encode(`<x>${'y'.repeat(512 * 1024)}</x>`), 'longer than 524288 bytes'],
    ['far more', 'A'.repeat(4_000_000), 'longer than 524288 bytes'],
    ['deep nesting', encode('<x>'.repeat(70) + '</x>'.repeat(70)), 'more than 60 levels'],
    ['countless elements', encode(`<x>${'<y/>'.repeat(20_000)}</x>`), 'more than 10000 tags'],
    [
      'countless attributes',
      encode(`<x ${Array.from({ length: 90 }, (_, i) => `a${i}=""`).join(' ')}/>`),
      'more than 64 attributes',
    ],
    ['a giant tag', encode(`<x a="${'y'.repeat(40_000)}"/>`), 'a tag of more than 32768 characters'],
  ])('refuses garbage: %s', (_what, parameter, reason) => {
    expect(reasonFor(parameter)).toBe(reason)
  })

  it.each<readonly [string, (xml: string) => string]>([
    ['300 References', (xml) => xml.replace(/(<ds:Reference .*<\/ds:Reference>)/, '$1'.repeat(300))],
    ['2,000 Transforms', (xml) => xml.replace(/(<ds:Transform [^>]*>)/, '$1'.repeat(2_000))],
    [
      '9,000 elements below a signature',
      (xml) => xml.replace('<samlp:Status>', `<samlp:Extensions>${'<x/>'.repeat(9_000)}</samlp:Extensions><samlp:Status>`),
    ],
    ['a tag that never ends', (xml) => xml.replace('<samlp:Status>', `<x ${'a '.repeat(15_000)}`)],
  ])('is done soon with %s', (_what, change) => {
    const parameter = encode(change(good))
    const started = performance.now()
    judge(parameter)
    expect(performance.now() - started).toBeLessThan(10_000)
  })
})
