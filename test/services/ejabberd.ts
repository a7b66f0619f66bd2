import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { writeCertificate } from './certificate'
import { query, type MysqlConfig } from './mariadb'
import { freePorts, serviceFolder, startService, type Service } from './service'

export interface Ejabberd extends Service {
  readonly domain: string
  readonly database: MysqlConfig
  readonly api: { readonly url: string; readonly token: string }
  /** XMPP for clients: STARTTLS, then SASL. */
  readonly clientPort: number
}

const domain = 'chat.test'

/** A throw-away ejabberd on an empty MariaDB database, which gets Debian's schema and the API's token. */
export async function startEjabberd(database: MysqlConfig): Promise<Ejabberd> {
  const folder = serviceFolder()
  const [clientPort, apiPort] = (await freePorts(2)) as [number, number]
  const api = { url: `http://127.0.0.1:${apiPort}/api`, token: randomBytes(24).toString('hex') }
  for (const name of ['spool', 'log', 'home']) mkdirSync(path.join(folder.path, name))
  await writeCertificate(folder.path, domain)
  await query(database, readFileSync('/usr/share/ejabberd/sql/mysql.sql', 'utf8'))
  await query(
    database,
    `INSERT INTO oauth_token (token, jid, scope, expire) VALUES ('${api.token}', 'apiadmin@${domain}', 'ejabberd:admin', 4102444800)`,
  )
  writeFileSync(path.join(folder.path, 'ejabberd.yml'), ejabberdYml(folder.path, clientPort, apiPort, database), { mode: 0o600 })
  const service = await startService(folder, {
    // without a node name: no epmd, no cookie, no distribution port, so copies do not meet
    command: ['/usr/bin/erl', '-noinput', '-mnesia', 'dir', `"${folder.path}/spool"`, '-s', 'ejabberd'],
    env: {
      HOME: path.join(folder.path, 'home'),
      ERL_LIBS: erlangLibraries(),
      ERL_CRASH_DUMP_BYTES: '0',
      EJABBERD_CONFIG_PATH: path.join(folder.path, 'ejabberd.yml'),
      EJABBERD_LOG_PATH: path.join(folder.path, 'log', 'ejabberd.log'),
    },
    ready: () => fetch(`${api.url}/status`, { signal: AbortSignal.timeout(2_000) }),
    logs: [path.join(folder.path, 'log', 'ejabberd.log')],
  })
  const stop = async () => {
    await service.down('kill') // nothing of it is kept, and an orderly end takes seconds
    await service.stop()
  }
  return { ...service, stop, domain, database, api, clientPort }
}

/** Debian keeps ejabberd's modules in the folder of the machine's architecture. */
function erlangLibraries(): string {
  const libraries = readdirSync('/usr/lib').map((name) => path.join('/usr/lib', name))
  return libraries.find((folder) => existsSync(path.join(folder, 'ejabberd-23.01'))) ?? '/usr/lib'
}

const ejabberdYml = (folder: string, clientPort: number, apiPort: number, database: MysqlConfig) => `loglevel: warning
hosts:
  - ${domain}
certfiles:
  - ${folder}/server.pem
acme:
  auto: false
auth_method: sql
default_db: sql
sql_type: mysql
sql_server: ${database.host}
sql_port: ${database.port}
sql_database: ${database.database}
sql_username: ${database.user}
sql_password: ${database.password}
sql_pool_size: 2
new_sql_schema: false
auth_password_format: scram
auth_scram_hash: sha256
auth_use_cache: false
oauth_access: api
oauth_expire: 31536000
listen:
  -
    port: ${clientPort}
    ip: "127.0.0.1"
    module: ejabberd_c2s
    access: c2s
    starttls_required: true
  -
    port: ${apiPort}
    ip: "127.0.0.1"
    module: ejabberd_http
    request_handlers:
      /api: mod_http_api
acl:
  admin:
    user:
      - apiadmin@${domain}
  suspended:
    shared_group:
      - suspended
access_rules:
  api:
    - allow: admin
  c2s:
    - deny: suspended
    - allow: all
api_permissions:
  "identity server":
    who:
      oauth:
        scope: "ejabberd:admin"
        access:
          allow:
            - acl: admin
    what:
      - "*"
      - "!stop"
      - "!restart"
modules:
  mod_admin_extra: {}
  mod_disco: {}
  mod_http_api: {}
  mod_last: {}
  mod_offline: {}
  mod_ping: {}
  mod_privacy: {}
  mod_private: {}
  mod_roster:
    versioning: true
  mod_shared_roster:
    use_cache: false
  mod_vcard: {}
`
