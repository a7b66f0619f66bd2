import { domainToASCII } from 'node:url'
import type { Brand } from '../brand'
import { DomainError } from '../errors'

/** An address that can stand in an SMTP envelope and a header as it is: ASCII, one `@`, nothing that ends a line or begins a list. */
export type MailAddress = Brand<string, 'MailAddress'>

/** RFC 5321 §4.1.2: a Dot-string before the `@`; quoted ones are not taken, for nobody has them and many servers break on them. */
const local = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/i
const label = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i

/** The address in the spelling of the envelope (a domain of other letters in punycode), or undefined where it is none. */
export function findMailAddress(text: string): MailAddress | undefined {
  const at = text.lastIndexOf('@')
  const [name, host] = [text.slice(0, at), text.slice(at + 1)]
  if (at < 1 || name.length > 64 || !local.test(name)) return undefined
  const domain = /^[\x21-\x7e]+$/.test(host) ? host : domainToASCII(host)
  if (domain === '' || !domain.split('.').every((part) => label.test(part)) || /^[\d.]+$/.test(domain)) return undefined
  const address = `${name}@${domain.toLowerCase()}`
  return address.length <= 254 ? (address as MailAddress) : undefined
}

/** @throws DomainError invalidAttribute */
export function parseMailAddress(text: string): MailAddress {
  const address = findMailAddress(text.trim())
  if (address !== undefined) return address
  throw new DomainError(
    'invalidAttribute',
    `${JSON.stringify(text.slice(0, 100))} is no mail address. Write for example taro@example.jp.`,
  )
}

/** In lower case. */
export const domainOf = (address: MailAddress) => address.slice(address.lastIndexOf('@') + 1)
