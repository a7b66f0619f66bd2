import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { writeCertificate } from './certificate'
import { freePorts, serviceFolder, startService, type Service } from './service'

export interface SimpleSamlPhp extends Service {
  /** What an administrator gives to Kagami. */
  readonly metadata: string
  /** Ends the identity provider's own session, then goes to a page of its own. */
  readonly logoutUrl: string
  readonly ssoUrl: string
  /** PEM, of the key that it signs with. */
  certificate(): string
  /** Settings of the service provider beside the usual ones; they hold from the next request on. */
  set(settings: Readonly<Record<string, PhpValue>>): void
  /** Signs with a new key from now on. */
  rotateKey(next: { readonly key: string; readonly certificate: string }): void
}

/** Another site than the product: browsers must be told that it is here (`--host-resolver-rules`). */
export const idpHost = 'idp.test'

/**
 * A throw-away SimpleSAMLphp, run by PHP's own server, that knows one service provider and signs in whoever is named.
 *
 * @param passwords by login name, which it sends as NameID
 */
export async function startSimpleSamlPhp(
  sp: { readonly entityId: string; readonly acsUrl: string },
  passwords: Readonly<Record<string, string>>,
): Promise<SimpleSamlPhp> {
  const folder = serviceFolder()
  const [port] = (await freePorts(1)) as [number]
  const site = `http://${idpHost}:${port}/simplesaml`
  const at = (name: string) => path.join(folder.path, name)
  for (const name of ['config', 'metadata', 'log', 'tmp', 'data', 'root']) mkdirSync(at(name))
  symlinkSync('/usr/share/simplesamlphp/www', at('root/simplesaml'))
  await writeCertificate(folder.path, idpHost)
  const write = (name: string, content: string) => writeFileSync(at(name), `<?php ${content};\n`)
  write('config/config.php', `$config = ${php(settings(folder.path, site))}`)
  write('config/authsources.php', `$config = ${php({ people: { 0: 'exampleauth:UserPass', ...people(passwords) } })}`)
  write('metadata/saml20-idp-hosted.php', `$metadata['http://${idpHost}:${port}/idp'] = ${php(hosted)}`)
  const set: SimpleSamlPhp['set'] = (more) =>
    write('metadata/saml20-sp-remote.php', `$metadata[${php(sp.entityId)}] = ${php({ ...remote(sp.acsUrl), ...more })}`)
  set({})
  const metadataUrl = `http://127.0.0.1:${port}/simplesaml/saml2/idp/metadata.php`
  const service = await startService(folder, {
    command: ['/usr/bin/php', '-d', `session.save_path=${at('tmp')}`, '-S', `127.0.0.1:${port}`, '-t', at('root')],
    env: { SIMPLESAMLPHP_CONFIG_DIR: at('config') },
    ready: async () => void (await metadataOf(metadataUrl)),
    logs: [at('log/ssp.log')],
  })
  const logoutUrl = `${site}/saml2/idp/SingleLogoutService.php?ReturnTo=${encodeURIComponent(`${site}/logout.php`)}`
  return {
    ...service,
    metadata: await metadataOf(metadataUrl),
    logoutUrl,
    ssoUrl: `${site}/saml2/idp/SSOService.php`,
    certificate: () => readFileSync(at('crt.pem'), 'utf8'),
    set,
    rotateKey: ({ key, certificate }) => {
      writeFileSync(at('key.pem'), key)
      writeFileSync(at('crt.pem'), certificate)
    },
  }
}

async function metadataOf(url: string): Promise<string> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(5_000) })
  if (!answer.ok) throw new Error(`${url} answers ${answer.status}`)
  return answer.text()
}

const settings = (folder: string, site: string) => ({
  baseurlpath: `${site}/`,
  certdir: `${folder}/`,
  loggingdir: `${folder}/log/`,
  datadir: `${folder}/data/`,
  tempdir: `${folder}/tmp`,
  secretsalt: randomBytes(16).toString('hex'),
  'auth.adminpassword': randomBytes(16).toString('hex'),
  technicalcontact_email: 'na@example.org',
  timezone: 'UTC',
  'logging.handler': 'file',
  'logging.logfile': 'ssp.log',
  'enable.saml20-idp': true,
  'module.enable': { exampleauth: true, core: true, saml: true },
  'session.cookie.secure': false,
  'session.phpsession.savepath': `${folder}/tmp`,
  'session.phpsession.cookiename': 'SSPSID',
  'store.type': 'phpsession',
  'language.default': 'en',
  'metadata.sources': [{ type: 'flatfile', directory: `${folder}/metadata` }],
})

const unspecified = 'urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified'

const hosted = {
  host: '__DEFAULT__',
  privatekey: 'key.pem',
  certificate: 'crt.pem',
  auth: 'people',
  NameIDFormat: [unspecified],
  authproc: { 3: { class: 'saml:AttributeNameID', attribute: 'uid', Format: unspecified } },
}

const remote = (acsUrl: string) => ({
  AssertionConsumerService: acsUrl,
  NameIDFormat: unspecified,
  'saml20.sign.response': true,
  'saml20.sign.assertion': true,
})

const people = (passwords: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(passwords).map(([uid, password]) => [`${uid}:${password}`, { uid: [uid] }]))

type PhpValue = string | boolean | readonly PhpValue[] | { readonly [key: string]: PhpValue }

/** The value as PHP writes it; its arrays are lists and maps alike. */
function php(value: PhpValue): string {
  if (typeof value === 'string') return `'${value.replace(/[\\']/g, '\\$&')}'`
  if (typeof value === 'boolean') return String(value)
  return `[${Object.entries(value)
    .map(([key, entry]) => `${/^\d+$/.test(key) ? key : php(key)} => ${php(entry)}`)
    .join(', ')}]`
}
