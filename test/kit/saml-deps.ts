import { createPrivateKey, generateKeyPairSync, X509Certificate } from 'node:crypto'
import { argon2Passwords } from '../../src/connectors/passwords'
import { spKeyMaker } from '../../src/connectors/sp-key-maker'
import type { SpKeys } from '../../src/domain/access/sp-key'
import type { SpKeyMaker } from '../../src/ports/sp-key-maker'
import type { SamlVerifier } from '../../src/ports/saml-verifier'
import type { Clock } from '../../src/ports/clock'
import { SamlTraceBook } from '../../src/usecases/access/saml-trace'
import { VerificationKeys } from '../../src/wire/saml/verification-keys'
import { verifyResponse } from '../../src/wire/saml/verify-response'

/** What the SAML door needs beside a store. */
export const samlDeps = (baseUrl: string, clock: Clock, broughtKeys: SpKeys = []) => ({
  passwords: argon2Passwords(),
  spKeyMaker: remembering(),
  samlTrace: new SamlTraceBook(clock),
  samlVerifier: verifierInline(),
  saml: { entityId: baseUrl, locked: false, broughtKeys },
})

/** The verifier without its threads. */
export function verifierInline(): SamlVerifier {
  const keys = new VerificationKeys()
  return {
    verify: async (parameter, expected) => verifyResponse(parameter, expected, keys),
    close: async () => undefined,
  }
}

/** Makes real keys, and counts them. */
export type CountingKeyMaker = SpKeyMaker & { made: number }

function remembering(): CountingKeyMaker {
  const maker: CountingKeyMaker = {
    made: 0,
    make: (entityId, now) => {
      maker.made++
      return spKeyMaker.make(entityId, now)
    },
  }
  return maker
}

export const isPairOf = (certificate: string, privateKey: string) =>
  new X509Certificate(certificate).checkPrivateKey(createPrivateKey(privateKey))

/** A key as an operator brings it, PEM. */
export const rsaKeyPem = (bits = 2048) =>
  generateKeyPairSync('rsa', { modulusLength: bits }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
