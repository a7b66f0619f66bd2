import { readFileSync } from 'node:fs'
import path from 'node:path'
import { maxRequestsPerSecond } from './domain/access/client'
import type { MailSecurity, MailServerDraft } from './domain/system/mail'
import type { SamlIdpSource } from './wire/saml/parse-saml-idp'

export type Role = 'all' | 'web' | 'worker'
export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent'

export type DatabaseConfig =
  | { readonly kind: 'sqlite'; readonly file: string }
  | {
      readonly kind: 'mysql'
      readonly host: string
      readonly port: number
      readonly user: string
      readonly password: string
      readonly database: string
    }

/** Where chat is: the embedded file when no database is named, else a real ejabberd reached by its database and its API. */
export type ChatConfig = {
  readonly domain: string
  readonly database: DatabaseConfig
  /** Absent: nothing runs beside the tables, so nobody is kicked and no cache is told. */
  readonly api?: { readonly url: string; readonly token: string }
}

/** Where mail is: `mail.db` in the data folder, or the database that Dovecot and Postfix read, with Dovecot's doveadm API. */
export type MailConfig = {
  readonly domain: string
  readonly database: DatabaseConfig
  readonly api?: { readonly url: string; readonly key: string }
}

/** Set-up without hands; read at each start, never overwriting what an administrator changed. */
export type BootstrapConfig = {
  readonly scimToken?: string
  readonly adminLogin?: string
  readonly adminPassword?: string
  readonly samlIdp?: SamlIdpSource
  readonly mailServer?: MailServerDraft
}

export type Config = {
  readonly host: string
  readonly port: number
  /** Without a trailing slash; it is also the SAML entity id. */
  readonly baseUrl: string
  readonly dataDir: string
  readonly certsDir: string
  readonly database: DatabaseConfig
  readonly role: Role
  readonly managementPort?: number
  /** The mail domain of the organization's login names: `taro@DOMAIN` is the account `taro`. */
  readonly organizationDomain: string
  /** How many days the chat and mail accounts of a deleted person are kept, suspended; 0: they go at once. */
  readonly leaverDays: number
  /** What the provisioning log keeps: days, and lines of done and of refused requests each. */
  readonly provisioning: { readonly days: number; readonly rows: number }
  /** 32 bytes. Absent: made at first start for SQLite (`secret.key` in the data folder). */
  readonly secretKey?: string
  readonly logLevel: LogLevel
  readonly rateLimits: boolean
  /** Of one client on one node, unless it has a limit of its own; 0: no limit. */
  readonly scimRequestsPerSecond: number
  /** CIDRs whose X-Forwarded-* headers count. */
  readonly trustedProxies: readonly string[]
  readonly chat: ChatConfig
  readonly mail: MailConfig
  readonly bootstrap: BootstrapConfig
  /** What is odd but no reason to stop: printed at start and by `doctor`. */
  readonly warnings: readonly string[]
}

/** Names the variable and how to mend it. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

/** Every variable that Kagami reads, with what it means: the configuration table of the README is made from it. */
export const variables = {
  KAGAMI_HOST: 'Address to listen on. Default 127.0.0.1',
  KAGAMI_PORT: 'Port to listen on. Default 8080',
  KAGAMI_BASE_URL: 'URL by which browsers and identity providers reach Kagami; also the SAML entity id. Default http://HOST:PORT',
  KAGAMI_DATA_DIR: 'Folder of the SQLite files and the generated secret key. Default var',
  KAGAMI_CERTS_DIR:
    'Folder of the SP key that an operator brings, as sp.key and sp.crt; it wins over the one that Kagami makes. Default certs',
  KAGAMI_DATABASE_URL: 'sqlite:FILE (in the data folder) or mysql://USER:PASSWORD@HOST:PORT/DATABASE. Default sqlite:kagami.db',
  KAGAMI_ROLE: 'all, web or worker. Default all; SQLite knows only all',
  KAGAMI_MANAGEMENT_PORT: 'A port of its own for /livez, /readyz and /metrics. Default: the main port',
  KAGAMI_ORGANIZATION_DOMAIN:
    'Mail domain of the login names: taro@DOMAIN becomes the account taro. Default: the host name of the base URL, localhost for an address',
  KAGAMI_LEAVER_DAYS:
    'Days for which the chat and mail accounts of a deleted person are kept, suspended, before they are removed. Default 0: at once',
  KAGAMI_PROVISIONING_DAYS: 'Days for which the provisioning log keeps a line. Default 90',
  KAGAMI_PROVISIONING_ROWS:
    'Lines that the provisioning log keeps at most, of done and of refused requests each; the oldest go first. Default 1000000',
  KAGAMI_SECRET_KEY:
    '32 bytes as 64 hex digits or base64; seals secrets in the database. Made at first start for SQLite, demanded for MySQL',
  KAGAMI_LOG_LEVEL: 'debug, info, warn, error or silent. Default info',
  KAGAMI_RATE_LIMITS: 'on or off: limits of wrong tokens and passwords, and of requests. Default on',
  KAGAMI_SCIM_REQUESTS_PER_SECOND:
    'How many requests a second one client may send to one node, twice as many in a burst; 0: no limit. A limit of its own wins. Default 5000',
  KAGAMI_TRUSTED_PROXIES: 'Addresses or CIDRs, comma separated, whose X-Forwarded-* headers count. Default none',
  KAGAMI_CHAT_DATABASE_URL: "ejabberd's database, or sqlite:FILE for the embedded one. Default sqlite:chat.db",
  KAGAMI_CHAT_API_URL: "ejabberd's HTTP API, for example http://127.0.0.1:5280/api",
  KAGAMI_CHAT_API_TOKEN: 'Bearer token of that API',
  KAGAMI_CHAT_DOMAIN: 'XMPP host of the accounts. Default: the organization domain',
  KAGAMI_MAIL_DATABASE_URL: 'The database that Dovecot and Postfix read, or sqlite:FILE. Default sqlite:mail.db',
  KAGAMI_MAIL_API_URL: "Dovecot's doveadm HTTP API, for example http://127.0.0.1:8081/doveadm/v1",
  KAGAMI_MAIL_API_KEY: 'Key of that API',
  KAGAMI_MAIL_DOMAIN: 'Domain of the mail addresses. Default: the organization domain',
  KAGAMI_SCIM_TOKEN: 'Set-up: a bearer token of 32 characters or more for a SCIM client named bootstrap',
  KAGAMI_ADMIN_LOGIN: 'Set-up: login name of the first administrator. Default Administrator',
  KAGAMI_ADMIN_PASSWORD: 'Set-up: his password. Default: made at first start and printed once',
  KAGAMI_SAML_IDP_METADATA: "Set-up: the identity provider's metadata XML",
  KAGAMI_SAML_IDP_SSO_URL: "Set-up, instead of metadata: the identity provider's sign-on URL (HTTP-Redirect)",
  KAGAMI_SAML_IDP_CERT: 'Set-up: its signing certificate (PEM)',
  KAGAMI_SAML_IDP_ENTITY_ID: 'Set-up, optional: its entity id; checked only when set',
  KAGAMI_SAML_IDP_LOGOUT_URL: 'Set-up, optional: where a browser goes after signing out',
  KAGAMI_SMTP_URL:
    'Set-up: the server that system mail goes out by: smtps://ACCOUNT:PASSWORD@HOST:PORT (SSL), smtp+starttls://… or smtp://… (not encrypted); account and port are optional',
  KAGAMI_SMTP_SENDER: 'Set-up: the address that system mail comes from',
  KAGAMI_SMTP_CA: 'Set-up, optional: certificates (PEM) that are trusted for that server instead of the well-known authorities',
} as const

type Variable = keyof typeof variables

/**
 * The whole configuration from `KAGAMI_*`, checked. `X_FILE` names a file that holds X's content.
 *
 * @throws ConfigError naming the variable: an unknown one with the nearest name, a bad value with what is allowed.
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const warnings: string[] = []
  const values = readVariables(env, warnings)
  const text = (name: Variable) => values.get(name)
  const host = text('KAGAMI_HOST') ?? '127.0.0.1'
  const port = portNumber('KAGAMI_PORT', text('KAGAMI_PORT')) ?? 8080
  const baseUrl = parseBaseUrl(text('KAGAMI_BASE_URL') ?? `http://${host.includes(':') ? `[${host}]` : host}:${port}`, warnings)
  const dataDir = path.resolve(text('KAGAMI_DATA_DIR') ?? 'var')
  const database = parseDatabaseUrl('KAGAMI_DATABASE_URL', text('KAGAMI_DATABASE_URL') ?? 'sqlite:kagami.db', dataDir)
  const role = oneOf('KAGAMI_ROLE', text('KAGAMI_ROLE') ?? 'all', ['all', 'web', 'worker'])
  if (database.kind === 'sqlite' && role !== 'all') {
    throw new ConfigError(
      `KAGAMI_ROLE=${role} needs a database that nodes can share. Set KAGAMI_DATABASE_URL=mysql://… or KAGAMI_ROLE=all`,
    )
  }
  const organizationDomain = domainName(
    'KAGAMI_ORGANIZATION_DOMAIN',
    text('KAGAMI_ORGANIZATION_DOMAIN') ?? hostDomain(new URL(baseUrl).hostname),
  )
  if (!text('KAGAMI_ORGANIZATION_DOMAIN')) {
    warnings.push(
      `KAGAMI_ORGANIZATION_DOMAIN is not set: a login name with an @ can only be mirrored to chat and mail when it ends in @${organizationDomain}. Set it to your mail domain`,
    )
  }
  const secretKey = text('KAGAMI_SECRET_KEY')
  if (secretKey !== undefined) parseSecretKey(secretKey)
  else if (database.kind === 'mysql') {
    throw new ConfigError(
      'KAGAMI_SECRET_KEY is missing. With MySQL all nodes need the same: make one with `openssl rand -hex 32`',
    )
  }
  const managementPort = portNumber('KAGAMI_MANAGEMENT_PORT', text('KAGAMI_MANAGEMENT_PORT'))
  return Object.freeze({
    host,
    port,
    baseUrl,
    dataDir,
    certsDir: path.resolve(text('KAGAMI_CERTS_DIR') ?? 'certs'),
    database,
    role,
    ...(managementPort === undefined ? {} : { managementPort }),
    organizationDomain,
    leaverDays: wholeNumber('KAGAMI_LEAVER_DAYS', text('KAGAMI_LEAVER_DAYS') ?? '0', 9_999),
    provisioning: {
      days: wholeNumber('KAGAMI_PROVISIONING_DAYS', text('KAGAMI_PROVISIONING_DAYS') ?? '90', 9_999),
      rows: wholeNumber('KAGAMI_PROVISIONING_ROWS', text('KAGAMI_PROVISIONING_ROWS') ?? '1000000', 100_000_000),
    },
    ...(secretKey === undefined ? {} : { secretKey }),
    logLevel: oneOf('KAGAMI_LOG_LEVEL', text('KAGAMI_LOG_LEVEL') ?? 'info', ['debug', 'info', 'warn', 'error', 'silent']),
    rateLimits: oneOf('KAGAMI_RATE_LIMITS', text('KAGAMI_RATE_LIMITS') ?? 'on', ['on', 'off']) === 'on',
    scimRequestsPerSecond: requestLimit('KAGAMI_SCIM_REQUESTS_PER_SECOND', text('KAGAMI_SCIM_REQUESTS_PER_SECOND') ?? '5000'),
    trustedProxies: (text('KAGAMI_TRUSTED_PROXIES') ?? '')
      .split(',')
      .flatMap((part) => (part.trim() === '' ? [] : [part.trim()])),
    chat: {
      domain: domainName('KAGAMI_CHAT_DOMAIN', text('KAGAMI_CHAT_DOMAIN') ?? organizationDomain),
      database: parseDatabaseUrl('KAGAMI_CHAT_DATABASE_URL', text('KAGAMI_CHAT_DATABASE_URL') ?? 'sqlite:chat.db', dataDir),
      ...pair(
        'api',
        'KAGAMI_CHAT_API_URL',
        text('KAGAMI_CHAT_API_URL'),
        'token',
        'KAGAMI_CHAT_API_TOKEN',
        text('KAGAMI_CHAT_API_TOKEN'),
      ),
    },
    mail: {
      domain: domainName('KAGAMI_MAIL_DOMAIN', text('KAGAMI_MAIL_DOMAIN') ?? organizationDomain),
      database: parseDatabaseUrl('KAGAMI_MAIL_DATABASE_URL', text('KAGAMI_MAIL_DATABASE_URL') ?? 'sqlite:mail.db', dataDir),
      ...pair(
        'api',
        'KAGAMI_MAIL_API_URL',
        text('KAGAMI_MAIL_API_URL'),
        'key',
        'KAGAMI_MAIL_API_KEY',
        text('KAGAMI_MAIL_API_KEY'),
      ),
    },
    bootstrap: readBootstrap(text),
    warnings,
  })
}

/** 32 bytes from 64 hex digits or base64. @throws ConfigError */
export function parseSecretKey(text: string): Buffer {
  const key = /^[0-9a-f]{64}$/i.test(text) ? Buffer.from(text, 'hex') : Buffer.from(text, 'base64')
  if (key.length !== 32) {
    throw new ConfigError('KAGAMI_SECRET_KEY must be 32 bytes as 64 hex digits or base64. Make one with `openssl rand -hex 32`')
  }
  return key
}

function readVariables(env: Readonly<Record<string, string | undefined>>, warnings: string[]): Map<Variable, string> {
  const values = new Map<Variable, string>()
  for (const [name, value] of Object.entries(env)) {
    if (!name.startsWith('KAGAMI_') || value === undefined || value === '') continue
    if (isInjected(name, value)) {
      warnings.push(`${name} was set by the container platform and is ignored`)
      continue
    }
    const variable = name.endsWith('_FILE') && isVariable(name.slice(0, -5)) ? (name.slice(0, -5) as Variable) : undefined
    if (variable !== undefined) {
      if (env[variable]) throw new ConfigError(`${variable} and ${name} are both set. Keep one`)
      values.set(variable, readContent(name, value))
    } else if (isVariable(name)) values.set(name, value)
    else throw new ConfigError(`${name} is not a setting of Kagami. Did you mean ${nearest(name)}?`)
  }
  return values
}

/** Kubernetes and Docker links set these for a service that is called `kagami`. */
function isInjected(name: string, value: string): boolean {
  return (
    /^KAGAMI_(SERVICE_(HOST|PORT)(_.*)?|PORT_\d+_(TCP|UDP)(_(PROTO|PORT|ADDR))?|NAME|ENV_.*)$/.test(name) ||
    (name === 'KAGAMI_PORT' && /^(tcp|udp):\/\//.test(value))
  )
}

const isVariable = (name: string): name is Variable => Object.hasOwn(variables, name)

function readContent(name: string, file: string): string {
  try {
    return readFileSync(file, 'utf8').trimEnd()
  } catch (cause) {
    throw new ConfigError(`${name} names ${file}, which cannot be read. Check the path and its permissions`, { cause })
  }
}

function nearest(name: string): string {
  const names = Object.keys(variables)
  return names.map((known) => [distance(name, known), known] as const).sort(([a], [b]) => a - b)[0]![1]
}

/** Levenshtein, one row at a time. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1))
    }
    row = next
  }
  return row[b.length]!
}

function requestLimit(name: Variable, text: string): number {
  const limit = /^\d{1,7}$/.test(text) ? Number(text) : NaN
  if (!(limit <= maxRequestsPerSecond))
    throw new ConfigError(`${name}=${text} is no limit. Use a whole number from 0 (no limit) to ${maxRequestsPerSecond}`)
  return limit
}

function portNumber(name: Variable, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const port = /^\d{1,5}$/.test(text) ? Number(text) : NaN
  if (!(port >= 0 && port <= 65535)) throw new ConfigError(`${name}=${text} is not a port. Use a number from 0 to 65535`)
  return port
}

function wholeNumber(name: Variable, text: string, most: number): number {
  const number = /^\d{1,9}$/.test(text) ? Number(text) : NaN
  if (!(number <= most)) throw new ConfigError(`${name}=${text} is not allowed. Use a whole number from 0 to ${most}`)
  return number
}

function oneOf<const T extends string>(name: Variable, text: string, allowed: readonly T[]): T {
  const found = allowed.find((value) => value === text)
  if (found === undefined) throw new ConfigError(`${name}=${text} is not allowed. Use one of ${allowed.join(', ')}`)
  return found
}

function domainName(name: Variable, text: string): string {
  const domain = text.toLowerCase()
  if (!/^[a-z0-9]([a-z0-9.:-]*[a-z0-9])?$/.test(domain)) throw new ConfigError(`${name}=${text} is not a domain name`)
  return domain
}

function parseBaseUrl(text: string, warnings: string[]): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url || !/^https?:$/.test(url.protocol) || url.search !== '' || url.hash !== '' || url.username !== '') {
    throw new ConfigError(`KAGAMI_BASE_URL=${text} is not a base URL. Use for example https://id.example.jp`)
  }
  if (url.pathname !== '/') throw new ConfigError(`KAGAMI_BASE_URL=${text} has a path. Give Kagami a host name of its own`)
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    warnings.push(`KAGAMI_BASE_URL is ${url.origin}: browsers send no cookie back to SAML sign-in over plain http. Use https`)
  }
  return url.origin
}

/** An address is no domain: people there have their mail at localhost. */
const hostDomain = (hostname: string) => (/^[\d.]+$|^\[/.test(hostname) ? 'localhost' : hostname)

const isLoopback = (hostname: string) => /^(127\.\d+\.\d+\.\d+|localhost|\[::1\])$/.test(hostname)

/** @throws ConfigError */
function parseDatabaseUrl(name: Variable, text: string, dataDir: string): DatabaseConfig {
  if (text.startsWith('sqlite:')) {
    const file = text.slice('sqlite:'.length).replace(/^\/\//, '')
    if (file === '' || file === ':memory:')
      throw new ConfigError(`${name}=${text} names no file. Use for example sqlite:kagami.db`)
    return { kind: 'sqlite', file: path.resolve(dataDir, file) }
  }
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url && /^(mysql|mariadb):$/.test(url.protocol) && url.pathname.length > 1) {
    return {
      kind: 'mysql',
      host: url.hostname,
      port: url.port === '' ? 3306 : Number(url.port),
      user: decodeURIComponent(url.username),
      password: decodeURIComponent(url.password),
      database: decodeURIComponent(url.pathname.slice(1)),
    }
  }
  throw new ConfigError(`${name} is not a database URL. Use sqlite:FILE or mysql://USER:PASSWORD@HOST:PORT/DATABASE`)
}

function pair<A extends string, S extends string>(
  key: A,
  urlName: Variable,
  url: string | undefined,
  secretKey: S,
  secretName: Variable,
  secret: string | undefined,
): { readonly [key in A]?: { readonly url: string } & { readonly [key in S]: string } } {
  if (url === undefined && secret === undefined) return {}
  if (url === undefined) throw new ConfigError(`${secretName} is set, but ${urlName} is not. Set both or none`)
  if (secret === undefined) throw new ConfigError(`${urlName} is set, but ${secretName} is not. Set both or none`)
  if (!URL.canParse(url) || !/^https?:/.test(url)) throw new ConfigError(`${urlName}=${url} is not an http URL`)
  return { [key]: { url: url.replace(/\/$/, ''), [secretKey]: secret } } as {
    readonly [key in A]?: { readonly url: string } & { readonly [key in S]: string }
  }
}

function readBootstrap(text: (name: Variable) => string | undefined): BootstrapConfig {
  const scimToken = text('KAGAMI_SCIM_TOKEN')
  if (scimToken !== undefined && scimToken.length < 32) {
    throw new ConfigError(
      'KAGAMI_SCIM_TOKEN is too short to be secret. Use 32 characters or more, for example `openssl rand -hex 32`',
    )
  }
  const adminLogin = text('KAGAMI_ADMIN_LOGIN')
  const adminPassword = text('KAGAMI_ADMIN_PASSWORD')
  const samlIdp = readSamlIdp(text)
  return {
    ...(scimToken === undefined ? {} : { scimToken }),
    ...(adminLogin === undefined ? {} : { adminLogin }),
    ...(adminPassword === undefined ? {} : { adminPassword }),
    ...(samlIdp === undefined ? {} : { samlIdp }),
    ...readMailServer(text),
  }
}

/** A percent sign that begins no code stands for itself. */
const decoded = (text: string) => text.replace(/(%[0-9a-f]{2})+/gi, (codes) => decodeURIComponent(codes))

/** The names of the encryptions that a URL can say. */
const smtpSchemes: Readonly<Record<string, MailSecurity>> = { 'smtps:': 'ssl', 'smtp+starttls:': 'starttls', 'smtp:': 'plain' }

function readMailServer(text: (name: Variable) => string | undefined): Pick<BootstrapConfig, 'mailServer'> {
  const address = text('KAGAMI_SMTP_URL')
  const sender = text('KAGAMI_SMTP_SENDER')
  const caCertificate = text('KAGAMI_SMTP_CA')
  if (address === undefined && sender === undefined && caCertificate === undefined) return {}
  if (address === undefined || sender === undefined) {
    throw new ConfigError('System mail needs both KAGAMI_SMTP_URL and KAGAMI_SMTP_SENDER')
  }
  const url = URL.canParse(address) ? new URL(address) : undefined
  const security = url && smtpSchemes[url.protocol]
  if (!url || !security || url.hostname === '' || !/^\/?$/.test(url.pathname) || url.search !== '') {
    // its password is not told again
    throw new ConfigError(
      'KAGAMI_SMTP_URL is not the URL of a mail server. Use for example smtps://ACCOUNT:PASSWORD@mail.example.jp',
    )
  }
  const [name, password] = [decoded(url.username), decoded(url.password)]
  if ((name === '') !== (password === '')) {
    throw new ConfigError('KAGAMI_SMTP_URL names an account or a password alone. Give both or none')
  }
  return {
    mailServer: {
      host: url.hostname,
      ...(url.port === '' ? {} : { port: Number(url.port) }),
      security,
      ...(name === '' ? {} : { account: { name, password } }),
      sender,
      ...(caCertificate === undefined ? {} : { caCertificate }),
    },
  }
}

function readSamlIdp(text: (name: Variable) => string | undefined): BootstrapConfig['samlIdp'] {
  const xml = text('KAGAMI_SAML_IDP_METADATA')
  const ssoUrl = text('KAGAMI_SAML_IDP_SSO_URL')
  const certificates = text('KAGAMI_SAML_IDP_CERT')
  const entityId = text('KAGAMI_SAML_IDP_ENTITY_ID')
  const logoutUrl = text('KAGAMI_SAML_IDP_LOGOUT_URL')
  const optional = { ...(entityId === undefined ? {} : { entityId }), ...(logoutUrl === undefined ? {} : { logoutUrl }) }
  if (xml !== undefined) {
    if (ssoUrl ?? certificates ?? entityId) {
      throw new ConfigError(
        'KAGAMI_SAML_IDP_METADATA already says what KAGAMI_SAML_IDP_SSO_URL, …_CERT and …_ENTITY_ID say. Keep one form',
      )
    }
    return { kind: 'metadata', xml, ...(logoutUrl === undefined ? {} : { logoutUrl }) }
  }
  if (ssoUrl !== undefined && certificates !== undefined) return { kind: 'values', ssoUrl, certificates, ...optional }
  if (ssoUrl ?? certificates ?? entityId ?? logoutUrl) {
    throw new ConfigError('SAML needs KAGAMI_SAML_IDP_METADATA, or both KAGAMI_SAML_IDP_SSO_URL and KAGAMI_SAML_IDP_CERT')
  }
  return undefined
}
