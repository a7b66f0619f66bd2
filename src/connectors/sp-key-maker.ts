import 'reflect-metadata' // before @peculiar/x509
import { X509CertificateGenerator } from '@peculiar/x509'
import { webcrypto } from 'node:crypto'
import type { SpKeyMaker } from '../ports/sp-key-maker'

const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', publicExponent: new Uint8Array([1, 0, 1]), modulusLength: 3072 }
/** Identity providers compare the key, few look at its end; a rollover is by hand. */
const years = 10

/** Keys off the event loop, certificates signed by themselves. */
export const spKeyMaker: SpKeyMaker = {
  make: async (entityId, now) => {
    const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
    const notAfter = new Date(now)
    notAfter.setUTCFullYear(notAfter.getUTCFullYear() + years)
    const certificate = await X509CertificateGenerator.createSelfSigned({
      name: [{ CN: [new URL(entityId).hostname.slice(0, 64)] }],
      keys,
      signingAlgorithm: algorithm,
      notBefore: new Date(now - 3_600_000),
      notAfter,
    })
    const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64')
    const lines = pkcs8.match(/.{1,64}/g)!.join('\n')
    return {
      certificate: `${certificate.toString('pem').trim()}\n`,
      privateKey: `-----BEGIN PRIVATE KEY-----\n${lines}\n-----END PRIVATE KEY-----\n`,
    }
  },
}
