import 'reflect-metadata' // before @peculiar/x509
import { PublicKey, X509CertificateGenerator } from '@peculiar/x509'
import { generateKeyPairSync, webcrypto } from 'node:crypto'
import { parseIdpMetadata } from '../../../src/wire/saml/parse-idp-metadata'
import { parseSamlIdp } from '../../../src/wire/saml/parse-saml-idp'
import { warnOfIdp } from '../../../src/wire/saml/warn-certificates'
import { base64Of, idpMetadata, keyDescriptor, makeIdp } from '../../kit/saml-idp'

/** Documents that other readers take for more than they say: a way in for who has no key, or a failure without a reason. */
describe('parseIdpMetadata', () => {
  const pem: Record<'a' | 'b' | 'ec' | 'weak' | 'odd' | 'ended', string> = { a: '', b: '', ec: '', weak: '', odd: '', ended: '' }
  beforeAll(async () => {
    const of = async (type?: Parameters<typeof makeIdp>[0]) => (await makeIdp(type)).certificate
    Object.assign(pem, { a: await of(), b: await of(), ec: await of('ec'), weak: await of('weakRsa'), odd: await of('ed25519') })
    pem.ended = await endedCertificate()
  })

  const [redirect, post, soap] = ['HTTP-Redirect', 'HTTP-POST', 'SOAP'].map(
    (name) => (location: string) =>
      `<SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:${name}" Location="${location}"/>`,
  ) as [Service, Service, Service]
  type Service = (location: string) => string
  const sso = redirect('https://idp.test/sso')
  const saml2 = 'urn:oasis:names:tc:SAML:2.0:protocol'
  const descriptor = (content: string, protocol = saml2) =>
    `<IDPSSODescriptor protocolSupportEnumeration="${protocol}">${content}</IDPSSODescriptor>`
  const entity = (content: string, id = 'https://idp.test/') =>
    `<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="${id}">${content}</EntityDescriptor>`
  const entities = (...all: readonly string[]) =>
    `<EntitiesDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata">${all.join('')}</EntitiesDescriptor>`
  const withKeys = (...keys: readonly string[]) => entity(descriptor(keys.join('') + sso))
  const keyInfo = (content: string, use = ' use="signing"') =>
    `<KeyDescriptor${use}><KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#">${content}</KeyInfo></KeyDescriptor>`
  const x509 = (text: string) => keyInfo(`<X509Data><X509Certificate>${text}</X509Certificate></X509Data>`)
  const [bare, encryption] = ['', ' use="encryption"']
  const lines = (certificate: string) => base64Of(certificate).replace(/.{64}/g, '$&\n      ')

  it.each<readonly [what: string, xml: () => string, certificates: readonly (keyof typeof pem)[]]>([
    ['one key for signing', () => withKeys(keyDescriptor(pem.a)), ['a']],
    ['one key without use', () => withKeys(keyDescriptor(pem.a, bare)), ['a']],
    ['several keys without use', () => withKeys(keyDescriptor(pem.a, bare), keyDescriptor(pem.b, bare)), ['a', 'b']],
    ['one with use, one without', () => withKeys(keyDescriptor(pem.a), keyDescriptor(pem.b, bare)), ['a', 'b']],
    ['one without use, one with', () => withKeys(keyDescriptor(pem.a, bare), keyDescriptor(pem.b)), ['a', 'b']],
    [
      'a key for encryption before the one for signing',
      () => withKeys(keyDescriptor(pem.b, encryption), keyDescriptor(pem.a)),
      ['a'],
    ],
    [
      'a key for encryption beside one without use',
      () => withKeys(keyDescriptor(pem.a, bare), keyDescriptor(pem.b, encryption)),
      ['a'],
    ],
    ['the same certificate twice', () => withKeys(keyDescriptor(pem.a), keyDescriptor(pem.a, bare)), ['a']],
    ['two certificates in one key', () => withKeys(keyInfo(x509Data(pem.a) + x509Data(pem.b))), ['a', 'b']],
    ['a key name beside the certificate', () => withKeys(keyInfo(`<KeyName>k</KeyName>${x509Data(pem.a)}`)), ['a']],
    [
      'a key by name alone beside one with a certificate',
      () => withKeys(keyInfo('<KeyName>k</KeyName>'), x509(lines(pem.a))),
      ['a'],
    ],
    ['base64 in lines', () => withKeys(x509(`\n      ${lines(pem.a)}\n    `)), ['a']],
    ['PEM in place of base64', () => withKeys(x509(pem.a)), ['a']],
    ['PEM with text around it', () => withKeys(x509(`subject=CN = idp.test\n${pem.a}\nnotes: none\n`)), ['a']],
    ['two blocks of PEM', () => withKeys(x509(`${pem.a}\n${pem.ec}`)), ['a', 'ec']],
    ['an EC key', () => withKeys(keyDescriptor(pem.ec)), ['ec']],
    ['a certificate that has ended', () => withKeys(keyDescriptor(pem.ended)), ['ended']],
    ['comments', () => withKeys('<!-- <KeyDescriptor/> -->', x509(`<!-- ours -->${lines(pem.a)}`)), ['a']],
    ['one that is commented out', () => withKeys(`<!--${keyDescriptor(pem.b)}-->`, keyDescriptor(pem.a)), ['a']],
    ['a service provider beside it', () => entities(entity(sp(), 'https://sp.test/'), withKeys(keyDescriptor(pem.a))), ['a']],
    [
      "a service provider's key in the same entity",
      () => entity(sp(keyDescriptor(pem.b)) + descriptor(keyDescriptor(pem.a) + sso)),
      ['a'],
    ],
    [
      'SAML 1.1 beside SAML 2.0',
      () =>
        entity(
          descriptor(keyDescriptor(pem.b) + sso, 'urn:oasis:names:tc:SAML:1.1:protocol') + descriptor(keyDescriptor(pem.a) + sso),
        ),
      ['a'],
    ],
    [
      'both protocols in one',
      () => entity(descriptor(keyDescriptor(pem.a) + sso, `urn:oasis:names:tc:SAML:1.1:protocol ${saml2}`)),
      ['a'],
    ],
    [
      'other bindings before HTTP-Redirect',
      () => entity(descriptor(keyDescriptor(pem.a) + post('https://idp.test/no') + sso)),
      ['a'],
    ],
  ])('reads %s: only what may sign', (_what, xml, certificates) => {
    const read = parseIdpMetadata(xml())
    expect(read).toMatchObject({ entityId: 'https://idp.test/', ssoUrl: 'https://idp.test/sso' })
    expect(read.certificates.map(base64Of)).toEqual(certificates.map((name) => base64Of(pem[name])))
  })

  it('a certificate that has ended is told with the mend, and does not end sign-ins', () => {
    const idp = parseSamlIdp({ kind: 'metadata', xml: withKeys(keyDescriptor(pem.ended)) }, Date.UTC(2026, 3, 1))
    expect(warnOfIdp(idp, Date.UTC(2026, 3, 1))).toEqual([
      {
        code: 'certificateExpired',
        daysLeft: expect.any(Number),
        detail: expect.stringMatching(/ended on 2020-01-02.*kagami saml set/),
      },
    ])
  })

  const noKey = /no certificate for signing/
  it.each<readonly [what: string, xml: () => string, mend: RegExp]>([
    ['no key', () => withKeys(), noKey],
    ['only keys for encryption', () => withKeys(keyDescriptor(pem.a, encryption), keyDescriptor(pem.b, encryption)), noKey],
    ['a use that there is not', () => withKeys(keyDescriptor(pem.a, ' use="Signing"'), keyDescriptor(pem.b, ' use=""')), noKey],
    ['a key by name alone', () => withKeys(keyInfo('<KeyName>k</KeyName>')), noKey],
    [
      'a key by value alone',
      () => withKeys(keyInfo('<KeyValue><RSAKeyValue><Modulus>AQAB</Modulus></RSAKeyValue></KeyValue>')),
      noKey,
    ],
    ['an empty KeyInfo', () => withKeys(keyInfo('')), noKey],
    [
      'X509Data without a certificate',
      () => withKeys(keyInfo('<X509Data><X509SubjectName>CN=x</X509SubjectName></X509Data>')),
      noKey,
    ],
    ['a key outside the identity provider', () => entity(sp(keyDescriptor(pem.a)) + descriptor(sso)), noKey],
    ['KeyInfo of another namespace', () => withKeys(keyDescriptor(pem.a).replace('2000/09/xmldsig#', '2000/09/xmldsig')), noKey],
    ['an empty certificate', () => withKeys(x509('')), /cannot be read\. Give the X\.509 certificate .* as PEM/],
    ['a certificate that is none', () => withKeys(x509('bm90IGEgY2VydGlmaWNhdGU=')), /cannot be read\. Give .* as PEM/],
    ['a certificate cut short', () => withKeys(x509(base64Of(pem.a).slice(0, 400))), /cannot be read\. Give .* as PEM/],
    ['a private key', () => withKeys(x509('-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----')), /cannot be read/],
    ['RSA of 1024 bits', () => withKeys(keyDescriptor(pem.weak)), /1024 bits, which is too weak\. .* 2048 bits or more/],
    ['RSA of 1024 bits beside a good one', () => withKeys(keyDescriptor(pem.a), keyDescriptor(pem.weak, bare)), /1024 bits/],
    ['a key of another kind', () => withKeys(keyDescriptor(pem.odd)), /type ed25519\. .* RSA, DSA or EC/],
    [
      'two identity providers in one document',
      () => entities(withKeys(keyDescriptor(pem.a)), withKeys(keyDescriptor(pem.b))),
      /several identity providers\. Give the metadata of one/,
    ],
    [
      'the same entity twice',
      () => entities(withKeys(keyDescriptor(pem.a)), entities(withKeys(keyDescriptor(pem.a)))),
      /several identity providers\. Give the metadata of one/,
    ],
    [
      'two descriptors in one entity',
      () => entity(descriptor(keyDescriptor(pem.a) + sso) + descriptor(keyDescriptor(pem.b) + sso)),
      /several identity providers/,
    ],
    [
      'only service providers',
      () => entities(entity(sp()), entity(sp(), 'b')),
      /no SAML 2\.0 identity provider\. Give the metadata of/,
    ],
    ['an empty EntitiesDescriptor', () => entities(), /no SAML 2\.0 identity provider/],
    ['an entity inside another', () => entity(withKeys(keyDescriptor(pem.a))), /no SAML 2\.0 identity provider/],
    ['another namespace', () => withKeys(keyDescriptor(pem.a)).replace('SAML:2.0:metadata', 'SAML:2.0:Metadata'), /no SAML 2\.0/],
    ['an empty entityID', () => entity(descriptor(keyDescriptor(pem.a) + sso), ''), /no entityID\. Export it/],
    [
      'only HTTP-POST',
      () => entity(descriptor(keyDescriptor(pem.a) + post('https://idp.test/'))),
      /HTTP-Redirect\. Enable that binding/,
    ],
    [
      'only SOAP',
      () => entity(descriptor(keyDescriptor(pem.a) + soap('https://idp.test/'))),
      /HTTP-Redirect\. Enable that binding/,
    ],
    [
      'a relative sign-on URL',
      () => entity(descriptor(keyDescriptor(pem.a) + redirect('/sso'))),
      /sign-on URL .* not a web address/,
    ],
    [
      'a sign-on URL that runs',
      () => entity(descriptor(keyDescriptor(pem.a) + redirect('javascript:alert(1)'))),
      /not a web address/,
    ],
    [
      'a DOCTYPE',
      () => `<!DOCTYPE EntityDescriptor>${idpMetadata([pem.a])}`,
      /a DTD.*Give the XML as the identity provider publishes it/,
    ],
    [
      'an entity of a DTD',
      () => `<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>${idpMetadata([pem.a]).replace('https://idp.test/"', '&e;"')}`,
      /cannot be read: an entity\. Give the XML/,
    ],
    [
      'an end that is none',
      () => withKeys(keyDescriptor(pem.a)).replace(' entityID', ' validUntil="soon" entityID'),
      /"soon" is no time/,
    ],
    ['a web page', () => '<!doctype html><html><body>Sign in</body></html>', /cannot be read/],
    ['a cut document', () => idpMetadata([pem.a]).slice(0, -20), /cannot be read: .*Give the XML/],
    ['nothing', () => '', /cannot be read/],
  ])('refuses %s, and says how to mend it', (_what, xml, mend) => {
    expect(() => parseIdpMetadata(xml())).toThrow(
      expect.objectContaining({ name: 'InvalidSamlIdp', message: expect.stringMatching(mend) as string }) as Error,
    )
  })
})

const x509Data = (certificate: string) => `<X509Data><X509Certificate>${base64Of(certificate)}</X509Certificate></X509Data>`
const sp = (content = '') =>
  `<SPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">${content}</SPSSODescriptor>`

/** Valid on the first day of 2020. */
async function endedCertificate(): Promise<string> {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const issuer = await webcrypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify'])
  const certificate = await X509CertificateGenerator.create({
    subject: 'CN=idp.test',
    issuer: 'CN=idp.test',
    notBefore: new Date(Date.UTC(2020, 0, 1)),
    notAfter: new Date(Date.UTC(2020, 0, 2)),
    publicKey: new PublicKey(publicKey.export({ type: 'spki', format: 'der' })),
    signingKey: issuer.privateKey,
    signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' },
  })
  return certificate.toString('pem')
}
