import { X509Certificate, type KeyObject } from 'node:crypto'
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
