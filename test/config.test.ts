import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { parseSecretKey, readConfig, variables } from '../src/config'
import { tempFolder } from './kit/temp-store'

const hex = 'ab'.repeat(32)
const domain = { KAGAMI_ORGANIZATION_DOMAIN: 'example.jp' }

describe('readConfig', () => {
  it('needs nothing: loopback, SQLite and the embedded targets in var', () => {
    expect(readConfig({})).toMatchObject({
      host: '127.0.0.1',
      port: 8080,
      baseUrl: 'http://127.0.0.1:8080',
      dataDir: path.resolve('var'),
      certsDir: path.resolve('certs'),
      database: { kind: 'sqlite', file: path.resolve('var/kagami.db') },
      role: 'all',
      organizationDomain: 'localhost',
      leaverDays: 0,
      provisioning: { days: 90, rows: 1_000_000 },
      logLevel: 'info',
      rateLimits: true,
      trustedProxies: [],
      chat: { domain: 'localhost', database: { kind: 'sqlite', file: path.resolve('var/chat.db') } },
      mail: { domain: 'localhost', database: { kind: 'sqlite', file: path.resolve('var/mail.db') } },
      bootstrap: {},
      warnings: [expect.stringMatching(/KAGAMI_ORGANIZATION_DOMAIN is not set: .*Set it to your mail domain/)],
    })
  })

  it.each<[rule: string, env: Readonly<Record<string, string>>, config: object]>([
    ['takes the base URL as an origin', { KAGAMI_BASE_URL: 'https://id.example.jp/' }, { baseUrl: 'https://id.example.jp' }],
    [
      'takes the domain from the base URL',
      { KAGAMI_BASE_URL: 'https://id.example.jp' },
      { organizationDomain: 'id.example.jp', chat: { domain: 'id.example.jp' } },
    ],
    [
      'lets chat and mail have their own domains',
      { KAGAMI_ORGANIZATION_DOMAIN: 'Example.JP', KAGAMI_MAIL_DOMAIN: 'mail.example.jp' },
      { organizationDomain: 'example.jp', chat: { domain: 'example.jp' }, mail: { domain: 'mail.example.jp' } },
    ],
    [
      'finds SQLite files in the data folder',
      { KAGAMI_DATA_DIR: '/data', KAGAMI_DATABASE_URL: 'sqlite:x.db' },
      { database: { kind: 'sqlite', file: '/data/x.db' } },
    ],
    [
      'takes a SQLite file by its whole path',
      { KAGAMI_DATABASE_URL: 'sqlite:///srv/x.db' },
      { database: { kind: 'sqlite', file: '/srv/x.db' } },
    ],
    [
      'reads a MySQL URL, decoded',
      { KAGAMI_DATABASE_URL: 'mysql://u%40x:p%2Fw@db/kagami', KAGAMI_SECRET_KEY: hex, KAGAMI_ROLE: 'web' },
      { role: 'web', database: { kind: 'mysql', host: 'db', port: 3306, user: 'u@x', password: 'p/w', database: 'kagami' } },
    ],
    ['reads an address with its port', { KAGAMI_HOST: '::1', KAGAMI_PORT: '0' }, { baseUrl: 'http://[::1]:0', port: 0 }],
    [
      'reads a mail server: SSL, decoded',
      { KAGAMI_SMTP_URL: 'smtps://kagami%40x:p%2Fw%25@mail.example.jp:4650', KAGAMI_SMTP_SENDER: 'no-reply@example.jp' },
      {
        bootstrap: {
          mailServer: {
            host: 'mail.example.jp',
            port: 4650,
            security: 'ssl',
            account: { name: 'kagami@x', password: 'p/w%' },
            sender: 'no-reply@example.jp',
          },
        },
      },
    ],
    [
      'reads a mail server: STARTTLS at the usual port, without an account',
      { KAGAMI_SMTP_URL: 'smtp+starttls://mail.example.jp', KAGAMI_SMTP_SENDER: 'a@example.jp', KAGAMI_SMTP_CA: 'PEM' },
      {
        bootstrap: {
          mailServer: { host: 'mail.example.jp', security: 'starttls', sender: 'a@example.jp', caCertificate: 'PEM' },
        },
      },
    ],
    ['reads days', { KAGAMI_LEAVER_DAYS: '30' }, { leaverDays: 30 }],
    [
      'reads what the provisioning log keeps',
      { KAGAMI_PROVISIONING_DAYS: '7', KAGAMI_PROVISIONING_ROWS: '100000000' },
      { provisioning: { days: 7, rows: 100_000_000 } },
    ],
    ['reads lists of proxies', { KAGAMI_TRUSTED_PROXIES: '10.0.0.0/8, ::1,' }, { trustedProxies: ['10.0.0.0/8', '::1'] }],
    [
      'reads APIs of targets',
      {
        KAGAMI_CHAT_API_URL: 'http://c/api/',
        KAGAMI_CHAT_API_TOKEN: 't',
        KAGAMI_MAIL_API_URL: 'https://m',
        KAGAMI_MAIL_API_KEY: 'k',
      },
      { chat: { api: { url: 'http://c/api', token: 't' } }, mail: { api: { url: 'https://m', key: 'k' } } },
    ],
    ['passes empty variables over', { KAGAMI_PORT: '', KAGAMI_SCIM_TOKEN: '' }, { port: 8080, bootstrap: {} }],
    ['passes what is not its own over', { PORT: '1', KAGAMIX: '1', TEST_SERVICES: 'required' }, { port: 8080 }],
    [
      'reads set-up by metadata',
      { KAGAMI_SAML_IDP_METADATA: '<x/>', KAGAMI_SAML_IDP_LOGOUT_URL: 'https://idp/out' },
      { bootstrap: { samlIdp: { kind: 'metadata', xml: '<x/>', logoutUrl: 'https://idp/out' } } },
    ],
    [
      'reads set-up by single values',
      { KAGAMI_SAML_IDP_SSO_URL: 'https://idp', KAGAMI_SAML_IDP_CERT: 'PEM', KAGAMI_SAML_IDP_ENTITY_ID: 'e' },
      { bootstrap: { samlIdp: { kind: 'values', ssoUrl: 'https://idp', certificates: 'PEM', entityId: 'e' } } },
    ],
    [
      'reads the first administrator and token',
      { KAGAMI_ADMIN_LOGIN: 'root', KAGAMI_ADMIN_PASSWORD: 'pw', KAGAMI_SCIM_TOKEN: 't'.repeat(32) },
      { bootstrap: { adminLogin: 'root', adminPassword: 'pw', scimToken: 't'.repeat(32) } },
    ],
  ])('%s', (_rule, env, config) => {
    expect(readConfig(env)).toMatchObject(config)
  })

  it.each<[what: string, env: Readonly<Record<string, string>>, message: RegExp]>([
    ['an unknown variable', { KAGAMI_PROT: '1' }, /KAGAMI_PROT is not a setting.*Did you mean KAGAMI_PORT\?/],
    ['a misspelt one', { KAGAMI_DATABASE_ULR: 'x' }, /Did you mean KAGAMI_DATABASE_URL\?/],
    ['a port that is none', { KAGAMI_PORT: '70000' }, /KAGAMI_PORT=70000 is not a port\. Use a number from 0 to 65535/],
    ['a port of letters', { KAGAMI_MANAGEMENT_PORT: 'http' }, /KAGAMI_MANAGEMENT_PORT=http is not a port/],
    ['an unknown role', { KAGAMI_ROLE: 'boss' }, /KAGAMI_ROLE=boss is not allowed\. Use one of all, web, worker/],
    [
      'several nodes on SQLite',
      { KAGAMI_ROLE: 'worker' },
      /KAGAMI_ROLE=worker needs a database that nodes can share\. Set KAGAMI_DATABASE_URL=mysql/,
    ],
    ['a log level that is none', { KAGAMI_LOG_LEVEL: 'loud' }, /KAGAMI_LOG_LEVEL=loud.*debug, info/],
    ['half a day', { KAGAMI_LEAVER_DAYS: '0.5' }, /KAGAMI_LEAVER_DAYS=0.5 is not.*whole number from 0 to 9999/],
    ['a switch that is neither on nor off', { KAGAMI_RATE_LIMITS: 'yes' }, /KAGAMI_RATE_LIMITS=yes.*on, off/],
    [
      'a base URL with a path',
      { KAGAMI_BASE_URL: 'https://x/kagami' },
      /KAGAMI_BASE_URL=https:\/\/x\/kagami has a path\. Give Kagami a host name/,
    ],
    [
      'a base URL that is none',
      { KAGAMI_BASE_URL: 'id.example.jp' },
      /KAGAMI_BASE_URL=id\.example\.jp is not a base URL\. Use for example/,
    ],
    ['a base URL with a password', { KAGAMI_BASE_URL: 'https://a:b@x' }, /is not a base URL/],
    [
      'a database URL that is none',
      { KAGAMI_DATABASE_URL: 'postgres://x/y' },
      /KAGAMI_DATABASE_URL is not a database URL\. Use sqlite:FILE or mysql/,
    ],
    ['a MySQL URL without a database', { KAGAMI_DATABASE_URL: 'mysql://x' }, /KAGAMI_DATABASE_URL is not a database URL/],
    [
      'SQLite in memory',
      { KAGAMI_MAIL_DATABASE_URL: 'sqlite::memory:' },
      /KAGAMI_MAIL_DATABASE_URL=sqlite::memory: names no file/,
    ],
    ['a domain that is none', { KAGAMI_CHAT_DOMAIN: 'a b' }, /KAGAMI_CHAT_DOMAIN=a b is not a domain name/],
    [
      'MySQL without the key that nodes share',
      { KAGAMI_DATABASE_URL: 'mysql://u:p@h/d' },
      /KAGAMI_SECRET_KEY is missing.*openssl rand -hex 32/,
    ],
    ['a key that is too short', { KAGAMI_SECRET_KEY: 'abc' }, /KAGAMI_SECRET_KEY must be 32 bytes/],
    [
      'a token that can be guessed',
      { KAGAMI_SCIM_TOKEN: 'short' },
      /KAGAMI_SCIM_TOKEN is too short to be secret\. Use 32 characters or more/,
    ],
    [
      'an API without its token',
      { KAGAMI_CHAT_API_URL: 'http://x' },
      /KAGAMI_CHAT_API_URL is set, but KAGAMI_CHAT_API_TOKEN is not/,
    ],
    ['a key without its API', { KAGAMI_MAIL_API_KEY: 'k' }, /KAGAMI_MAIL_API_KEY is set, but KAGAMI_MAIL_API_URL is not/],
    ['an API that is no URL', { KAGAMI_MAIL_API_URL: 'x', KAGAMI_MAIL_API_KEY: 'k' }, /KAGAMI_MAIL_API_URL=x is not an http URL/],
    [
      'half of a SAML set-up',
      { KAGAMI_SAML_IDP_SSO_URL: 'https://idp' },
      /both KAGAMI_SAML_IDP_SSO_URL and KAGAMI_SAML_IDP_CERT/,
    ],
    [
      'SAML said twice',
      { KAGAMI_SAML_IDP_METADATA: '<x/>', KAGAMI_SAML_IDP_CERT: 'PEM' },
      /KAGAMI_SAML_IDP_METADATA already says.*Keep one form/,
    ],
    [
      'a file that is not there',
      { KAGAMI_SECRET_KEY_FILE: '/nowhere/key' },
      /KAGAMI_SECRET_KEY_FILE names \/nowhere\/key, which cannot be read\. Check the path/,
    ],
    [
      'a value and a file for it',
      { KAGAMI_HOST: 'a', KAGAMI_HOST_FILE: '/x' },
      /KAGAMI_HOST and KAGAMI_HOST_FILE are both set\. Keep one/,
    ],
    ['a file for a variable that does not exist', { KAGAMI_HOTS_FILE: '/x' }, /KAGAMI_HOTS_FILE is not a setting/],
  ])('refuses %s, and says how to mend it', (_what, env, message) => {
    expect(() => readConfig(env)).toThrow(message)
  })

  it('never shows a secret in a refusal', () => {
    for (const env of [{ KAGAMI_SECRET_KEY: 'hush' }, { KAGAMI_SCIM_TOKEN: 'hush' }, { KAGAMI_DATABASE_URL: 'mysql:hush' }]) {
      expect(() => readConfig(env)).toThrow(/^(?!.*hush)/)
    }
  })

  it('reads the content of a file that _FILE names, without its last line break', () => {
    const folder = tempFolder()
    writeFileSync(path.join(folder.path, 'key'), `${hex}\n`)
    expect(readConfig({ KAGAMI_SECRET_KEY_FILE: path.join(folder.path, 'key') }).secretKey).toBe(hex)
    folder.remove()
  })

  it.each([
    ['KAGAMI_PORT', 'tcp://10.0.0.7:8080'],
    ['KAGAMI_SERVICE_HOST', '10.0.0.7'],
    ['KAGAMI_SERVICE_PORT_HTTP', '8080'],
    ['KAGAMI_PORT_8080_TCP', 'tcp://10.0.0.7:8080'],
    ['KAGAMI_PORT_8080_TCP_ADDR', '10.0.0.7'],
    ['KAGAMI_ENV_PATH', '/bin'],
  ])('ignores %s=%s, which a container platform injects, and warns', (name, value) => {
    expect(readConfig({ ...domain, [name]: value })).toMatchObject({
      port: 8080,
      warnings: [expect.stringContaining(`${name} was set by the container platform`)],
    })
  })

  it('warns of plain http where SAML cannot work, not on loopback', () => {
    expect(readConfig({ ...domain, KAGAMI_BASE_URL: 'http://id.example.jp' }).warnings).toEqual([
      expect.stringContaining('Use https'),
    ])
    for (const url of ['http://localhost:1', 'http://127.0.0.2', 'http://[::1]'])
      expect(readConfig({ ...domain, KAGAMI_BASE_URL: url }).warnings).toEqual([])
  })

  it('cannot be changed afterwards', () => {
    expect(() => Object.assign(readConfig({}), { port: 1 })).toThrow(TypeError)
  })
})

describe('variables', () => {
  it('are each explained', () => {
    for (const [name, meaning] of Object.entries(variables)) expect(`${name}: ${meaning}`).toMatch(/^KAGAMI_[A-Z_]+: .{10,}[^.]$/)
  })
})

describe('parseSecretKey', () => {
  it('takes hex and base64', () => {
    const key = Buffer.alloc(32, 0xab)
    expect(parseSecretKey(hex)).toEqual(key)
    expect(parseSecretKey(key.toString('base64'))).toEqual(key)
  })
})
