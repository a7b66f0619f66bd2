import { createHmac } from 'node:crypto'
import type { Instant } from '../brand'

/** RFC 6238 as every authenticator app knows it: SHA-1, 30 seconds, 6 digits; a step before and after for clocks that differ. */
const [stepMs, digits, tolerance] = [30_000, 6, 1]
const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** RFC 4648 §6, without padding. */
export function base32(bytes: Uint8Array): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  return (bits.match(/.{1,5}/g) ?? []).map((five) => letters[parseInt(five.padEnd(5, '0'), 2)]).join('')
}

function fromBase32(text: string): Buffer {
  const bits = [...text].map((letter) => letters.indexOf(letter).toString(2).padStart(5, '0')).join('')
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)))
}

/** The code of one step (RFC 4226 §5.3). */
export function totpAt(secret: string, step: number): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(step))
  const mac = createHmac('sha1', fromBase32(secret)).update(counter).digest()
  const value = mac.readUInt32BE(mac[19]! & 0xf) & 0x7fffffff
  return String(value % 10 ** digits).padStart(digits, '0')
}

/** The step that a code is of, later than `after`: each is taken once. undefined for a wrong code, or one that was used. */
export function totpStep(secret: string, code: string, now: Instant, after: number): number | undefined {
  const current = Math.floor(now / stepMs)
  const steps = Array.from({ length: 2 * tolerance + 1 }, (_, i) => current - tolerance + i)
  return steps.filter((step) => totpAt(secret, step) === code).find((step) => step > after)
}

/** What an authenticator app reads from the QR code. */
export const otpauthUri = (host: string, loginName: string, secret: string) =>
  `otpauth://totp/${encodeURIComponent(`Kagami ${host}`)}:${encodeURIComponent(loginName)}?secret=${secret}&issuer=${encodeURIComponent(`Kagami ${host}`)}`
