import { parseSamlIdp } from '../../../src/wire/saml/parse-saml-idp'
import { base64Of, idpMetadata, makeIdp, type TestIdp } from '../../kit/saml-idp'

describe('parseSamlIdp', () => {
  let [idp, next, weak, odd]: TestIdp[] = []
  beforeAll(async () => {
    ;[idp, next, weak, odd] = await Promise.all([makeIdp(), makeIdp('ec'), makeIdp('weakRsa'), makeIdp('ed25519')])
  })

  const fromMetadata = (xml: string) => parseSamlIdp({ kind: 'metadata', xml })
  const federation = (...entities: readonly string[]) =>
    `<EntitiesDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata">${entities.join('')}</EntitiesDescriptor>`
  const anSp = '<EntityDescriptor entityID="x"><SPSSODescriptor protocolSupportEnumeration="y"/></EntityDescriptor>'

  it('reads metadata: entity id, the URL for HTTP-Redirect, every certificate for signing; no URL for sign-out', () => {
    expect(fromMetadata(idpMetadata([idp!.certificate, next!.certificate]))).toEqual({
      entityId: 'https://idp.test/',
      ssoUrl: 'https://idp.test/sso?tenant=1',
      certificates: [idp!.certificate, next!.certificate].map((pem) => expect.stringContaining(base64Of(pem).slice(0, 60))),
    })
  })

  it('reads a key without use, a declaration, comments, and the one identity provider of a federation', () => {
    const xml = `\ufeff<?xml version="1.0"?><!-- ours -->\n${federation(anSp, federation(idpMetadata([idp!.certificate], '')))}`
    expect(fromMetadata(xml).entityId).toBe('https://idp.test/')
  })

  it('takes the URL for sign-out from its own setting (S37)', () => {
    const source = { kind: 'metadata', xml: idpMetadata([idp!.certificate]), logoutUrl: 'https://idp.test/bye' } as const
    expect(parseSamlIdp(source).logoutUrl).toBe('https://idp.test/bye')
  })

  it('reads values: several PEM blocks with text between them, or bare base64', () => {
    const values = (certificates: string) => parseSamlIdp({ kind: 'values', ssoUrl: 'https://idp.test/sso', certificates })
    expect(values(`old:\n${idp!.certificate}\nnew:\n${next!.certificate}`).certificates).toHaveLength(2)
    expect(values(base64Of(idp!.certificate))).toEqual(values(idp!.certificate))
  })

  const without =
    (part: RegExp, by = '') =>
    () =>
      fromMetadata(idpMetadata([idp!.certificate]).replace(part, by))
  it.each<readonly [string, () => unknown, RegExp]>([
    [
      'only a certificate for encryption',
      () => fromMetadata(idpMetadata([idp!.certificate], ' use="encryption"')),
      /no certificate for signing/,
    ],
    ['no certificate', () => fromMetadata(idpMetadata([])), /no certificate for signing/],
    [
      'a key name instead of a certificate',
      without(/<X509Data>.*<\/X509Data>/, '<KeyName>k</KeyName>'),
      /no certificate for signing/,
    ],
    ['a certificate that is none', without(/(<X509Certificate>)[^<]+/, '$1AAAA'), /cannot be read/],
    ['a weak key', () => fromMetadata(idpMetadata([weak!.certificate])), /1024 bits.*2048 bits or more/],
    ['a key of an unknown kind', () => fromMetadata(idpMetadata([odd!.certificate])), /type ed25519.*RSA, DSA or EC/],
    [
      'one bad certificate beside a good one',
      () => fromMetadata(idpMetadata([idp!.certificate, weak!.certificate])),
      /1024 bits/,
    ],
    ['no entityID', without(/ entityID="[^"]+"/), /no entityID/],
    ['no HTTP-Redirect', without(/<SingleSignOnService[^>]+Redirect"[^>]+>/), /HTTP-Redirect/],
    ['a URL that runs script', without(/https:\/\/idp.test\/sso/, 'javascript:alert(1)'), /not a web address/],
    ['a service provider', () => fromMetadata(federation(anSp)), /no SAML 2.0 identity provider/],
    ['SAML 1.1', without(/SAML:2.0:protocol/, 'SAML:1.1:protocol'), /no SAML 2.0 identity provider/],
    [
      'two identity providers',
      () => fromMetadata(federation(...[idp!, next!].map((one) => idpMetadata([one.certificate])))),
      /several/,
    ],
    ['a DTD', () => fromMetadata(`<!DOCTYPE x>${idpMetadata([idp!.certificate])}`), /cannot be read: a DTD/],
    ['no XML', () => fromMetadata('https://idp.test/metadata'), /cannot be read/],
    [
      'a sign-on URL that is none',
      () => parseSamlIdp({ kind: 'values', ssoUrl: 'idp.test', certificates: idp!.certificate }),
      /sign-on URL idp.test/,
    ],
    [
      'values with a private key',
      () =>
        parseSamlIdp({
          kind: 'values',
          ssoUrl: 'https://x',
          certificates: '-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----',
        }),
      /as PEM/,
    ],
  ])('refuses %s, and says how to mend it', (_what, parse, message) => {
    expect(parse).toThrow(
      expect.objectContaining({ name: 'InvalidSamlIdp', message: expect.stringMatching(message) as string }) as Error,
    )
  })
})
