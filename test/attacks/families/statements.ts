import { audienceXml, confirmationXml, type Overrides } from '../../kit/saml-idp'
import { signedByHand } from '../forge'
import { instant, type Trial } from '../lab'
import { instead, type Attack, type Control, type Family } from './family'

type Make = (t: Trial) => Overrides
/** An Assertion that the identity provider signed with that content. */
const says = (name: string, checks: string, overrides: Make | Overrides, known?: string): Attack => ({
  name,
  ...(known !== undefined && { known }),
  expects: `SLASH_SA04 ${checks}`,
  make: (t) => t.signed(typeof overrides === 'function' ? overrides(t) : overrides),
})
const stale = (name: string, overrides: Make | Overrides): Attack => ({
  ...says(name, '', overrides),
  expects: 'SLASH_SA02 inResponseTo',
})
const lets = (name: string, overrides: Make | Overrides): Control => ({
  name,
  make: (t) => t.signed(typeof overrides === 'function' ? overrides(t) : overrides),
})

const inSeconds = (seconds: number) => instant(Date.now() + seconds * 1_000)
const confirmation = (change: (xml: string) => string, more?: string) => (t: Trial) => ({
  confirmation: change(confirmationXml(t.right, more)),
})
const without = (attribute: string) => (xml: string) => instead(xml, new RegExp(` ${attribute}="[^"]*"`), '')
const audience = (text: string) => (t: Trial) => ({ conditions: audienceXml(text.replace('OURS', t.right.entityId)) })
const recipient = (text: string) =>
  confirmation((xml) => xml.replace(/Recipient="([^"]*)"/, (_all, ours: string) => `Recipient="${text.replace('OURS', ours)}"`))
const response = (attributes: (t: Trial) => string) => (t: Trial) => ({ responseAttributes: attributes(t) })
const destination = (text: string) =>
  response(({ right }) => `Destination="${text.replace('OURS', right.acsUrl)}" InResponseTo="${right.requestId}"`)

/** It was said to somebody else: another service provider, another endpoint, another request. */
export const addressees: Family = {
  name: 'audience, recipient, destination, issuer and InResponseTo',
  controls: [
    lets('us among several audiences', (t) => ({
      conditions: `<saml:AudienceRestriction><saml:Audience>https://x</saml:Audience><saml:Audience>${t.right.entityId}</saml:Audience></saml:AudienceRestriction>`,
    })),
    lets(
      'a Response without Destination',
      response(({ right }) => `InResponseTo="${right.requestId}"`),
    ),
  ],
  attacks: [
    says('the audience of another', 'audience', audience('https://other.example'), 'samlify #330'),
    ...['OURS/', 'OURS.evil.example', 'OURS@evil.example', ' OURS', 'OURS#x', 'OURS/saml/acs', 'HTTPS://ID.EXAMPLE.JP', ''].map(
      (text) => says(`the audience ${JSON.stringify(text)}`, 'audience', audience(text)),
    ),
    says('no audience', 'audience', { conditions: '' }),
    says('an AudienceRestriction without Audience', 'audience', { conditions: '<saml:AudienceRestriction/>' }),
    says('a second AudienceRestriction, of another', 'audience', (t) => ({
      conditions: audienceXml(t.right.entityId) + audienceXml('https://other.example'),
    })),
    says('our audience in a ProxyRestriction alone', 'audience', (t) => ({
      conditions: `<saml:ProxyRestriction><saml:Audience>${t.right.entityId}</saml:Audience></saml:ProxyRestriction>`,
    })),
    ...['https://other.example/saml/acs', 'OURS/', 'OURS?x', 'OURS.evil', 'http://id.example.jp/saml/acs', ''].map((text) =>
      says(`the recipient ${JSON.stringify(text)}`, 'subjectConfirmation', recipient(text), 'passport-saml #137'),
    ),
    says('no recipient', 'subjectConfirmation', confirmation(without('Recipient'))),
    ...['https://other.example/saml/acs', 'OURS/', 'OURS?x=1', 'https://id.example.jp', ''].map((text) =>
      says(`the destination ${JSON.stringify(text)}`, 'destination', destination(text)),
    ),
    {
      name: 'a signed Response without Destination',
      expects: 'SLASH_SA04 destination',
      make: (t) => t.whole({ responseAttributes: `InResponseTo="${t.right.requestId}"` }),
    },
    says('another issuer', 'issuer', { issuer: 'https://evil.example/' }),
    says('the issuer with a blank', 'issuer', (t) => ({ issuer: ` ${t.right.issuer}` })),
    says('the issuer without its slash', 'issuer', { issuer: 'https://idp.test' }),
    says('no name for the issuer', 'issuer', { issuer: '' }),
    {
      name: 'another issuer of the Response alone',
      expects: 'SLASH_SA04 issuer',
      make: (t) => t.signed().replace(`>${t.right.issuer}<`, '>https://evil.example/<'),
    },
    {
      name: 'an issuer of another format, signed',
      expects: 'SLASH_SA04 issuer',
      make: (t) =>
        signedByHand(
          t.idp,
          t.response(
            t
              .assertion()
              .replace('<saml:Issuer>', '<saml:Issuer Format="urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified">'),
          ),
          t.right.assertionId,
        ),
    },
    {
      name: 'an Assertion without Issuer, signed',
      expects: 'SLASH_SA04 document',
      make: (t) => {
        const [from, bare] = [t.response(t.assertion()), t.assertion().replace(/<saml:Issuer>.*<\/saml:Issuer>/, '')]
        return signedByHand(t.idp, from.replace(t.assertion(), bare), '_response')
      },
    },
    stale('an answer to another AuthnRequest', { requestId: '_another' }),
    stale('an answer to none (begun at the identity provider)', (t) => ({
      responseAttributes: `Destination="${t.right.acsUrl}"`,
      ...confirmation(without('InResponseTo'))(t),
    })),
    stale(
      'an answer to another AuthnRequest, by the Response alone',
      response(() => 'InResponseTo="_another"'),
    ),
    stale(
      'an answer to none, by the Response alone',
      response(() => ''),
    ),
    stale(
      'an answer to another AuthnRequest, by the Assertion alone',
      confirmation((xml) => xml.replace(/InResponseTo="/, '$&x')),
    ),
    stale('an answer to none, by the Assertion alone', confirmation(without('InResponseTo'))),
    stale('our AuthnRequest in capitals', (t) => ({ requestId: t.right.requestId.toUpperCase() })),
    stale('our AuthnRequest with a blank', (t) => ({ requestId: ` ${t.right.requestId} ` })),
    stale('an empty InResponseTo', { requestId: '' }),
  ],
}

const notBefore = (text: string) => says(`NotBefore ${JSON.stringify(text)}`, 'timeWindow', { notBefore: text })
const oddTime = '2020-01-01T00:00:00'

/** It was said for another time. The clocks may be 60 seconds apart; some seconds are left for a slow machine. */
export const times: Family = {
  name: 'windows of time',
  controls: [
    lets('ended 45 seconds ago', () => ({ notOnOrAfter: inSeconds(-45) })),
    lets('begins in 55 seconds', () => ({ notBefore: inSeconds(55) })),
    lets('issued in 55 seconds', () => ({ issueInstant: inSeconds(55) })),
    lets('a session of the identity provider that is over (S31)', {
      authnStatement: '<saml:AuthnStatement AuthnInstant="2020-01-01T00:00:00Z" SessionNotOnOrAfter="2020-01-01T00:00:00Z"/>',
    }),
    lets('no end but that of the confirmation', (t) => ({ notBefore: inSeconds(-1), confirmation: confirmationXml(t.right) })),
  ],
  attacks: [
    says('ended 61 seconds ago', 'timeWindow subjectConfirmation', () => ({ notOnOrAfter: inSeconds(-61) })),
    says('ended a year ago', 'timeWindow subjectConfirmation', () => ({ notOnOrAfter: inSeconds(-31_536_000) })),
    says('begins in 70 seconds', 'timeWindow', () => ({ notBefore: inSeconds(70) })),
    says('begins in a year', 'timeWindow', () => ({ notBefore: inSeconds(31_536_000) })),
    says('issued in 70 seconds', 'issueInstant', () => ({ issueInstant: inSeconds(70) })),
    says('a confirmation that ended 61 seconds ago', 'subjectConfirmation', (t) => ({
      confirmation: confirmationXml({ ...t.right, notOnOrAfter: inSeconds(-61) }),
    })),
    says('a confirmation without end', 'subjectConfirmation', confirmation(without('NotOnOrAfter'))),
    says(
      'a confirmation with a beginning',
      'subjectConfirmation',
      confirmation((xml) => xml, ` NotBefore="${oddTime}Z"`),
    ),
    ...[
      oddTime,
      `${oddTime}+09:00`,
      `${oddTime}z`,
      `${oddTime},5Z`,
      '2020-02-30T00:00:00Z',
      '2020-01-01T24:00:00Z',
      '2020-12-31T23:59:60Z',
      '2020-01-01 00:00:00Z',
      '2020-01-01',
      '-2020-01-01T00:00:00Z',
      '+002020-01-01T00:00:00Z',
      '٢٠٢٠-01-01T00:00:00Z',
      '1577836800000',
      'NaN',
      '',
      ` ${oddTime}Z`,
    ].map(notBefore),
    {
      name: 'no Conditions, signed',
      expects: 'SLASH_SA04 timeWindow audience conditions',
      make: (t) => withoutConditions(t, () => ''),
    },
    {
      name: 'two Conditions, signed',
      known: 'samlify',
      expects: 'SLASH_SA04 document',
      make: (t) => withoutConditions(t, (conditions) => conditions + conditions),
    },
    {
      name: 'no IssueInstant, signed',
      expects: 'SLASH_SA04 issueInstant',
      make: (t) => signedByHand(t.idp, t.response(t.assertion().replace(/ IssueInstant="[^"]*"/, '')), t.right.assertionId),
    },
  ],
}

const withoutConditions = (t: Trial, change: (conditions: string) => string) =>
  signedByHand(t.idp, t.response(t.assertion().replace(/<saml:Conditions .*<\/saml:Conditions>/, change)), t.right.assertionId)

const status = (code: string) => `<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:${code}"/>`
const withStatus = (name: string, text: string) => says(name, 'status', { status: text })

/** It does not say that this person has just shown who he is. */
export const statements: Family = {
  name: 'status, confirmation, conditions and statements',
  controls: [
    lets('OneTimeUse and ProxyRestriction', (t) => ({
      conditions: `${audienceXml(t.right.entityId)}<saml:OneTimeUse/><saml:ProxyRestriction Count="0"/>`,
    })),
    lets('two AuthnStatements', (t) => ({ authnStatement: t.right.authnStatement.repeat(2) })),
    lets('another confirmation beside the bearer', (t) => ({
      confirmation: `<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:sender-vouches"/>${confirmationXml(t.right)}`,
    })),
  ],
  attacks: [
    withStatus('Requester', status('Requester')),
    withStatus('Responder, and Success below it', status('Responder').replace('/>', `>${status('Success')}</samlp:StatusCode>`)),
    withStatus('Responder in front of Success', status('Responder') + status('Success')),
    withStatus('Success in front of Responder', status('Success') + status('Responder')),
    withStatus('Success with a blank', status('Success ')),
    withStatus('a StatusCode without Value', '<samlp:StatusCode/>'),
    withStatus('no StatusCode', ''),
    withStatus(
      'the StatusCode of another namespace',
      `<StatusCode xmlns="urn:x" Value="urn:oasis:names:tc:SAML:2.0:status:Success"/>`,
    ),
    ...['holder-of-key', 'sender-vouches', 'BEARER'].map((method) =>
      says(
        `a confirmation by ${method}`,
        'inResponseTo subjectConfirmation',
        confirmation((xml) => xml.replace('bearer', method)),
      ),
    ),
    says('a confirmation by nothing', 'inResponseTo subjectConfirmation', confirmation(without('Method'))),
    says('no confirmation', 'inResponseTo subjectConfirmation', { confirmation: '' }),
    says('two confirmations, one of them for us', 'inResponseTo subjectConfirmation', (t) => ({
      confirmation: confirmationXml({ ...t.right, acsUrl: 'https://other.example' }) + confirmationXml(t.right),
    })),
    says(
      'a confirmation without data',
      'inResponseTo subjectConfirmation',
      confirmation((xml) => instead(xml, /<saml:SubjectConfirmationData [^>]*>/, '')),
    ),
    says(
      'a confirmation with data twice',
      'inResponseTo subjectConfirmation',
      confirmation((xml) => xml.replace(/<saml:SubjectConfirmationData [^>]*>/, '$&$&')),
    ),
    says(
      'data of another namespace',
      'inResponseTo subjectConfirmation',
      confirmation((xml) => xml.replace('saml:SubjectConfirmationData', 'SubjectConfirmationData')),
    ),
    says('an unknown condition', 'conditions', (t) => ({ conditions: `${audienceXml(t.right.entityId)}<x xmlns="urn:x"/>` })),
    says('a condition with a type of its own', 'conditions', (t) => ({
      conditions: `${audienceXml(t.right.entityId)}<saml:Condition xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="x"/>`,
    })),
    says('DoNotCache of SAML 1', 'conditions', (t) => ({
      conditions: `${audienceXml(t.right.entityId)}<saml:DoNotCacheCondition/>`,
    })),
    says('no AuthnStatement', 'authnStatement', { authnStatement: '' }),
    says('an AttributeStatement alone', 'authnStatement', {
      authnStatement: '<saml:AttributeStatement><saml:Attribute Name="x"/></saml:AttributeStatement>',
    }),
    { ...says('two Subjects', '', {}), expects: 'SLASH_SA04 document', make: (t) => twoSubjects(t) },
  ],
}

const twoSubjects = (t: Trial) =>
  signedByHand(t.idp, t.response(t.assertion().replace(/<saml:Subject>.*<\/saml:Subject>/, '$&$&')), t.right.assertionId)
