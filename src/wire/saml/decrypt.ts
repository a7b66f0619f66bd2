import { constants, createDecipheriv, privateDecrypt, randomBytes, type KeyObject } from 'node:crypto'
import type { Cipher } from './algorithms'
import type { EncryptionParts } from './encryption-shape'

/**
 * What was encrypted for one of our keys; undefined when it was for none of them, or is not as it was encrypted. The content is always
 * decrypted, with a key of chance when there is none, so that the two take the same way.
 */
export function decrypt({ cipher, content, wrapped }: EncryptionParts, keys: readonly KeyObject[]): Buffer | undefined {
  const found = wrapped.flatMap(({ hash, key }) => keys.map((ours) => unwrap(ours, hash, key)))
  const key = found.find((one) => one?.length === cipher.keyBytes) ?? randomBytes(cipher.keyBytes)
  try {
    return cipher.name.endsWith('gcm') ? decryptGcm(cipher, key, content) : decryptCbc(cipher, key, content)
  } catch {
    return undefined
  }
}

function unwrap(key: KeyObject, oaepHash: string, wrapped: Buffer): Buffer | undefined {
  try {
    return privateDecrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash }, wrapped)
  } catch {
    return undefined
  }
}

/** XML Encryption 1.1 §5.2.4: IV of 96 bits, text, tag of 128 bits. */
function decryptGcm({ name }: Cipher, key: Buffer, content: Buffer): Buffer | undefined {
  if (content.length < 12 + 16) return undefined
  const decipher = createDecipheriv(name as 'aes-256-gcm', key, content.subarray(0, 12), { authTagLength: 16 })
  decipher.setAuthTag(content.subarray(-16))
  return Buffer.concat([decipher.update(content.subarray(12, -16)), decipher.final()])
}

/** XML Encryption 1.1 §5.2.1: IV of 128 bits, text, padding of which only the last byte means something: its length. */
function decryptCbc({ name }: Cipher, key: Buffer, content: Buffer): Buffer | undefined {
  const decipher = createDecipheriv(name, key, content.subarray(0, 16)).setAutoPadding(false)
  const padded = Buffer.concat([decipher.update(content.subarray(16)), decipher.final()])
  const padding = padded.at(-1) ?? 0
  return padding >= 1 && padding <= 16 ? padded.subarray(0, -padding) : undefined
}
