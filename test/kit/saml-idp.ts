import 'reflect-metadata' // before @peculiar/x509
import { PublicKey, X509CertificateGenerator } from '@peculiar/x509'
import { createHash, generateKeyPairSync, sign, webcrypto, type KeyObject } from 'node:crypto'
import { SignedXml } from 'xml-crypto'
import type { SamlExpectations } from '../../src/domain/access/saml-judgement'
import { start } from './builders'

export const [more, xmlenc] = ['http://www.w3.org/2001/04/xmldsig-more#', 'http://www.w3.org/2001/04/xmlenc#']
export const sha1 = { method: 'http://www.w3.org/2000/09/xmldsig#rsa-sha1', digest: 'http://www.w3.org/2000/09/xmldsig#sha1' }

/** An identity provider that says and signs whatever a test wants. */
export type TestIdp = { readonly key: KeyObject; readonly certificate: string; readonly publicKey: KeyObject }

const pairs = {
  rsa: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
  lowExponentRsa: () => generateKeyPairSync('rsa', { modulusLength: 2048, publicExponent: 3 }),
  weakRsa: () => generateKeyPairSync('rsa', { modulusLength: 1024 }),
  dsa: () => generateKeyPairSync('dsa', { modulusLength: 2048, divisorLength: 256 }),
  ec: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  ed25519: () => generateKeyPairSync('ed25519'),
}

export async function makeIdp(type: keyof typeof pairs = 'rsa'): Promise<TestIdp> {
  const { privateKey, publicKey } = pairs[type]()
  const issuer = await webcrypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify'])
  const certificate = await X509CertificateGenerator.create({
    subject: 'CN=idp.test',
    issuer: 'CN=idp.test',
    publicKey: new PublicKey(publicKey.export({ type: 'spki', format: 'der' })),
    signingKey: issuer.privateKey,
    signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' },
  })
  return { key: privateKey, certificate: certificate.toString('pem'), publicKey }
}

export const base64Of = (certificate: string) => certificate.replace(/-----[^-]+-----|\s/g, '')

const at = (offsetMs: number) => new Date(start + offsetMs).toISOString()
const minute = 60_000

/** Every part of a Response that is right in itself; a test changes the one it is about. */
export const rightParts = {
  requestId: '_request',
  nameId: '<saml:NameID>taro</saml:NameID>',
  entityId: 'https://id.example.jp',
  acsUrl: 'https://id.example.jp/saml/acs',
  issuer: 'https://idp.test/',
  assertionId: '_assertion',
  issueInstant: at(0),
  notBefore: at(-minute),
  notOnOrAfter: at(5 * minute),
  status: '<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/>',
  authnStatement: `<saml:AuthnStatement AuthnInstant="${at(0)}" SessionNotOnOrAfter="${at(-minute)}"/>`,
}
export type Parts = typeof rightParts

/** What `rightParts` are held against; the identity provider's certificates are missing. */
export const expectations: Omit<SamlExpectations, 'idp'> = {
  ...{ entityId: rightParts.entityId, acsUrl: rightParts.acsUrl, requestId: rightParts.requestId, now: start },
  ...{ clockSkewSeconds: 60, allowSha1: false, decryptionKeys: [] },
}

export type Overrides = Partial<Parts> & {
  readonly conditions?: string
  readonly confirmation?: string
  readonly attributes?: string
  readonly responseAttributes?: string
}

export function assertionXml(overrides: Overrides = {}): string {
  const p = { ...rightParts, ...overrides }
  const { conditions = audienceXml(p.entityId), attributes = '' } = overrides
  const { confirmation = confirmationXml(p) } = overrides
  return `<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="${p.assertionId}" Version="2.0" IssueInstant="${p.issueInstant}"><saml:Issuer>${p.issuer}</saml:Issuer><saml:Subject>${p.nameId}${confirmation}</saml:Subject><saml:Conditions NotBefore="${p.notBefore}" NotOnOrAfter="${p.notOnOrAfter}">${conditions}</saml:Conditions>${p.authnStatement}${attributes}</saml:Assertion>`
}

export const audienceXml = (entityId: string) =>
  `<saml:AudienceRestriction><saml:Audience>${entityId}</saml:Audience></saml:AudienceRestriction>`

export const confirmationXml = (p: Parts, more = '') =>
  `<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData InResponseTo="${p.requestId}" Recipient="${p.acsUrl}" NotOnOrAfter="${p.notOnOrAfter}"${more}/></saml:SubjectConfirmation>`

export function responseXml(assertion: string, overrides: Overrides = {}): string {
  const p = { ...rightParts, ...overrides }
  const { responseAttributes = `Destination="${p.acsUrl}" InResponseTo="${p.requestId}"` } = overrides
  return `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_response" Version="2.0" IssueInstant="${p.issueInstant}" ${responseAttributes}><saml:Issuer xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">${p.issuer}</saml:Issuer><samlp:Status>${p.status}</samlp:Status>${assertion}</samlp:Response>`
}

export type Signing = {
  readonly method?: string
  readonly digest?: string
  readonly keyInfo?: string
  /** Prefixes that are canonicalized inclusively. */
  readonly inclusive?: readonly string[]
}

/** Signs the element with that ID; the signature stands behind its Issuer. */
export function signXml(idp: TestIdp, xml: string, id: string, signing: Signing = {}): string {
  const { method = `${more}rsa-sha256`, digest = `${xmlenc}sha256`, keyInfo, inclusive = [] } = signing
  const exclusive = 'http://www.w3.org/2001/10/xml-exc-c14n#'
  const signer = new SignedXml({
    privateKey: idp.key.export({ type: 'pkcs8', format: 'pem' }),
    signatureAlgorithm: method,
    canonicalizationAlgorithm: exclusive,
    getKeyInfoContent: () => keyInfo ?? null,
  })
  signer.SignatureAlgorithms = { [method]: signatureBy(method, idp.key) }
  signer.HashAlgorithms = { [digest]: digestBy(digest) }
  const transforms = ['http://www.w3.org/2000/09/xmldsig#enveloped-signature', exclusive]
  signer.addReference({
    xpath: `//*[@ID='${id}']`,
    transforms,
    digestAlgorithm: digest,
    inclusiveNamespacesPrefixList: [...inclusive],
  })
  signer.computeSignature(xml, { prefix: 'ds', location: { reference: `//*[@ID='${id}']/*[1]`, action: 'after' } })
  return signer.getSignedXml()
}

const hashOf = (uri: string) => /sha\d+$/.exec(uri)![0]

const digestBy = (uri: string) =>
  class {
    readonly getAlgorithmName = () => uri
    readonly getHash = (text: string) => createHash(hashOf(uri)).update(text).digest('base64')
  }

const signatureBy = (uri: string, key: KeyObject) =>
  class {
    readonly getAlgorithmName = () => uri
    readonly getSignature = (text: unknown) =>
      sign(hashOf(uri), Buffer.from(text as string), { key, dsaEncoding: 'ieee-p1363' }).toString('base64')
    readonly verifySignature = () => false
  }

/** The Response of a sign-in that is right, its assertion signed, but for what is overridden. */
export const signedResponse = (idp: TestIdp, overrides: Overrides = {}, signing?: Signing): string =>
  signXml(idp, responseXml(assertionXml(overrides), overrides), overrides.assertionId ?? rightParts.assertionId, signing)

export const encode = (xml: string) => Buffer.from(xml).toString('base64')

export const keyDescriptor = (certificate: string, use = ' use="signing"') =>
  `<KeyDescriptor${use}><KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#"><X509Data><X509Certificate>${base64Of(certificate)}</X509Certificate></X509Data></KeyInfo></KeyDescriptor>`

export const idpMetadata = (certificates: readonly string[], use?: string) =>
  `<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://idp.test/"><IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">${certificates
    .map((certificate) => keyDescriptor(certificate, use))
    .join(
      '',
    )}<SingleLogoutService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="https://idp.test/slo"/><SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://idp.test/post"/><SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="https://idp.test/sso?tenant=1"/></IDPSSODescriptor></EntityDescriptor>`
