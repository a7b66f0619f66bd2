import { X509Certificate } from 'node:crypto'
import { isIP } from 'node:net'
import type { Brand, Instant, Version } from '../brand'
import { DomainError } from '../errors'
import type { MailAddress } from './mail-address'

export const mailSecurities = ['plain', 'ssl', 'starttls'] as const
export type MailSecurity = (typeof mailSecurities)[number]

/** The usual port, filled in where none is said (S50). */
export const usualPorts: Readonly<Record<MailSecurity, number>> = { plain: 25, ssl: 465, starttls: 587 }

/** The SMTP server that system mail goes out by (S50). */
export type MailServer = {
  readonly host: string
  readonly port: number
  readonly security: MailSecurity
  /** SMTP-AUTH; absent: none. */
  readonly account?: { readonly name: string; readonly password: string }
  readonly sender: MailAddress
  /** PEM: certificates that are trusted instead of those of well-known authorities. */
  readonly caCertificate?: string
}

/** Server and sender, without the password itself. */
export type MailSettings = {
  /** Absent: no system mail is sent. */
  readonly server?: Omit<MailServer, 'account'> & { readonly account?: string }
  /** 0: nobody has set them yet. */
  readonly version: Version
  /** What an administrator set is never overwritten by the environment. */
  readonly source?: 'environment' | 'administrator'
  readonly changedAt?: Instant
}

/** What an administrator sets; the port is the usual one, and STARTTLS is used, where nothing else is said. */
export type MailServerDraft = {
  readonly host: string
  readonly port?: number
  readonly security?: MailSecurity
  /** Without a password: the one that is known for this account of this server. */
  readonly account?: { readonly name: string; readonly password?: string }
  readonly sender: string
  readonly caCertificate?: string
}

export type MailId = Brand<string, 'MailId'>

/** A mail of ours, plain text. */
export type Mail = {
  readonly id: MailId
  readonly to: readonly MailAddress[]
  readonly subject: string
  readonly text: string
  readonly createdAt: Instant
}

/** Why recipients did not get a mail. */
export type Undelivered = {
  readonly to: readonly MailAddress[]
  /** What the server answered (550), or what the connection died of (ECONNREFUSED). */
  readonly number: string
  /** The address that the server named, where it was one. */
  readonly address?: string
  readonly cause: string
  /** Another try would end alike. */
  readonly final: boolean
}

export const mailFailureStates = ['retrying', 'givenUp', 'sentLater'] as const

/** A mail that failed at least once, as an administrator sees it (S50). */
export type MailFailure = {
  readonly id: MailId
  /** Of the last try. */
  readonly at: Instant
  readonly recipient: string
  /** How many more there were (他○件). */
  readonly others: number
  readonly attempts: number
  readonly server: string
  readonly number: string
  readonly address?: string
  readonly cause: string
  readonly state: (typeof mailFailureStates)[number]
}

/** So many of the last failures are kept. */
export const keptMailFailures = 10

/** The server as the list of failures names it: address, port, settings. */
export const describeServer = ({ host, port, security, account }: MailServer) =>
  `${isIP(host) === 6 ? `[${host}]` : host}:${port} ${securityNames[security]}${account ? `, account ${account.name}` : ''}`

const securityNames: Readonly<Record<MailSecurity, string>> = { plain: 'Plain', ssl: 'SSL', starttls: 'STARTTLS' }

/** How long a mail is tried when its content says nothing else. */
export const mailLifetimeMs = 24 * 3_600_000

/** Soon at first, for somebody waits in front of his screen; later once an hour. */
export function mailRetryMs(attempts: number, random: number): number {
  return Math.round(Math.min(5_000 * 3 ** Math.min(attempts, 8), 3_600_000) * (0.75 + random / 2))
}

/** @throws DomainError invalidAttribute */
export function parseMailHost(text: string): string {
  const host = text.trim().replace(/^\[(.*)\]$/, '$1')
  const isName = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/i.test(host)
  if (isName || isIP(host) !== 0) return host.toLowerCase()
  throw new DomainError(
    'invalidAttribute',
    `${JSON.stringify(text.slice(0, 100))} is no host name. Write for example mail.example.jp, without port or smtp://.`,
  )
}

/** @throws DomainError invalidAttribute */
export function checkMailPort(port: number): number {
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return port
  throw new DomainError('invalidAttribute', 'A port is a whole number from 1 to 65535.')
}

/** SMTP-AUTH sends both as they are. @throws DomainError invalidAttribute */
export function checkMailAccount(account: { readonly name: string; readonly password: string }): typeof account {
  const fits = (text: string) => text !== '' && text.length <= 255 && !/[\x00-\x1f\x7f]/.test(text)
  if (fits(account.name) && fits(account.password)) return account
  throw new DomainError('invalidAttribute', 'Account and password have 1 to 255 characters each, and no control characters.')
}

/** One or more certificates in PEM, each of which can be read. @throws DomainError invalidAttribute */
export function checkCaCertificate(pem: string): string {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []
  try {
    if (blocks.length === 0 || pem.length > 64_000) throw new Error('no certificate')
    for (const block of blocks) new X509Certificate(block)
  } catch (cause) {
    const mend = 'The CA certificate cannot be read. Give it as PEM, beginning with -----BEGIN CERTIFICATE-----.'
    throw new DomainError('invalidAttribute', mend, { cause })
  }
  return `${blocks.join('\n')}\n`
}
