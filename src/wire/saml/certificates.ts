import { X509Certificate, type KeyObject } from 'node:crypto'
import type { Instant } from '../../domain/brand'
import { decodeBase64 } from './decode-response'
import { InvalidSamlIdp } from './invalid-saml-idp'

/**
 * The certificates of a text, each as PEM of its own: PEM blocks, or the bare base64 that metadata and consoles show.
 *
 * @throws InvalidSamlIdp when there is none, or one that cannot verify signatures
 */
export function parseCertificates(text: string): readonly string[] {
  const blocks = [...text.matchAll(/-----BEGIN CERTIFICATE-----([^-]*)-----END CERTIFICATE-----/g)].map(([, base64]) => base64!)
  return (blocks.length > 0 ? blocks : [text]).map(parseCertificate)
}

/** What a certificate says of itself. */
export type CertificateFacts = {
  /** SHA-256 of the certificate, hex. */
  readonly sha256: string
  readonly subject: string
  readonly issuer: string
  readonly serialNumber: string
  readonly keyType: string
  /** Of an RSA or DSA key. */
  readonly keyBits?: number
  readonly notBefore: Instant
  readonly notAfter: Instant
}

export function certificateFacts(certificate: string): CertificateFacts {
  const x509 = new X509Certificate(certificate)
  const { asymmetricKeyType, asymmetricKeyDetails } = x509.publicKey
  const keyBits = asymmetricKeyDetails?.modulusLength
  return {
    sha256: x509.fingerprint256.replaceAll(':', '').toLowerCase(),
    subject: x509.subject.replaceAll('\n', ', '),
    issuer: x509.issuer.replaceAll('\n', ', '),
    serialNumber: x509.serialNumber.toLowerCase(),
    keyType: asymmetricKeyType ?? 'unknown',
    ...(keyBits === undefined ? {} : { keyBits }),
    notBefore: Date.parse(x509.validFrom),
    notAfter: Date.parse(x509.validTo),
  }
}

export const publicKeyOf = (certificate: string): KeyObject => new X509Certificate(certificate).publicKey

function parseCertificate(base64: string): string {
  const certificate = readCertificate(base64)
  if (!certificate) {
    throw new InvalidSamlIdp(
      'The certificate cannot be read. Give the X.509 certificate that the identity provider signs with, as PEM (-----BEGIN CERTIFICATE-----)',
    )
  }
  const { asymmetricKeyType, asymmetricKeyDetails } = certificate.publicKey
  if (!['rsa', 'dsa', 'ec'].includes(asymmetricKeyType ?? '')) {
    throw new InvalidSamlIdp(
      `The certificate has a key of type ${asymmetricKeyType ?? 'unknown'}. Let the identity provider sign with an RSA, DSA or EC key`,
    )
  }
  const bits = asymmetricKeyDetails?.modulusLength
  if (bits !== undefined && bits < 2048) {
    throw new InvalidSamlIdp(
      `The certificate has a key of ${bits} bits, which is too weak. Let the identity provider sign with a key of 2048 bits or more`,
    )
  }
  return certificate.toString()
}

function readCertificate(base64: string): X509Certificate | undefined {
  const der = decodeBase64(base64)
  try {
    return der && new X509Certificate(der)
  } catch {
    return undefined
  }
}
