import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto'
import type { Secrets } from '../ports/secrets'

/**
 * AES-256-GCM, a key of its own for each purpose (HKDF-SHA-256). A sealed text is `v1.KEYID.IV.TAG.CIPHERTEXT`, base64url; the key id
 * tells a text of an earlier key from a damaged one.
 *
 * @param key 32 bytes
 */
export function secretsUnder(key: Buffer): Secrets {
  const keyId = createHash('sha256').update('kagami key id').update(key).digest('base64url').slice(0, 8)
  const keyFor = (purpose: string) => Buffer.from(hkdfSync('sha256', key, '', `kagami ${purpose}`, 32))
  return {
    seal: (purpose, plain) => {
      const iv = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', keyFor(purpose), iv)
      const sealed = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()])
      return ['v1', keyId, ...[iv, cipher.getAuthTag(), sealed].map((part) => part.toString('base64url'))].join('.')
    },
    mac: (purpose, text) =>
      createHmac('sha256', keyFor(`mac of ${purpose}`))
        .update(text)
        .digest('hex'),
    open: (purpose, text) => {
      const [form, id, iv, tag, sealed] = text.split('.')
      if (form !== 'v1' || id !== keyId || iv === undefined || tag === undefined || sealed === undefined) return undefined
      try {
        const decipher = createDecipheriv('aes-256-gcm', keyFor(purpose), Buffer.from(iv, 'base64url'), { authTagLength: 16 })
        decipher.setAuthTag(Buffer.from(tag, 'base64url'))
        return Buffer.concat([decipher.update(Buffer.from(sealed, 'base64url')), decipher.final()]).toString('utf8')
      } catch {
        return undefined // changed on the way, or sealed for another purpose
      }
    },
  }
}
