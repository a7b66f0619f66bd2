import { randomBytes } from 'node:crypto'
import { chmodSync, chownSync, mkdirSync, writeFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import path from 'node:path'
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { openMailTarget } from '../../src/connectors/mail/mail-target'
import { writeCertificate } from './certificate'
import type { MysqlConfig } from './mariadb'
import { freePorts, serviceFolder, startService, type Service } from './service'

export interface Dovecot extends Service {
  readonly domain: string
  readonly api: { readonly url: string; readonly key: string }
  readonly imapPort: number
  readonly lmtpPort: number
  /** Where Postfix asks whether a password is right. */
  readonly saslPort: number
  /** Below it lie the homes. */
  readonly mailFolder: string
}

const domain = 'mail.test'

/** A throw-away Dovecot that looks people up in the mail tables of the database, which are made as the product makes them. */
export async function startDovecot(database: MysqlConfig): Promise<Dovecot> {
  const tables = openMailTarget({ domain, database })
  await tables.health()
  await tables.close()
  const folder = serviceFolder()
  const [imapPort, lmtpPort, apiPort, saslPort] = (await freePorts(4)) as [number, number, number, number]
  const api = { url: `http://127.0.0.1:${apiPort}/doveadm/v1`, key: randomBytes(24).toString('hex') }
  const mailFolder = path.join(folder.path, 'mail')
  for (const name of ['run', 'state', 'mail']) mkdirSync(path.join(folder.path, name))
  for (const name of ['run', 'state']) chmodSync(path.join(folder.path, name), 0o755)
  const owner = mailOwner()
  chownSync(mailFolder, owner.uid, owner.gid)
  await writeCertificate(folder.path, domain)
  const write = (name: string, text: string) => writeFileSync(path.join(folder.path, name), text, { mode: 0o600 })
  write('sql-deny.conf.ext', sqlConf(database, denyQuery))
  write('sql.conf.ext', sqlConf(database, accountQueries(mailFolder, owner)))
  write('dovecot.conf', dovecotConf({ folder: folder.path, owner, imapPort, lmtpPort, apiPort, saslPort, key: api.key }))
  const config = path.join(folder.path, 'dovecot.conf')
  const service = await startService(folder, {
    command: ['/usr/sbin/dovecot', '-F', '-c', config],
    // an open port proves nothing: a mistake in an included file kills the process that knows the passwords, again and again
    ready: () =>
      promisify(execFile)('/usr/bin/doveadm', ['-c', config, 'auth', 'lookup', `nobody@${domain}`]).catch(isUnknownUser),
    logs: [path.join(folder.path, 'dovecot.log')],
  })
  return { ...service, domain, api, imapPort, lmtpPort, saslPort, mailFolder }
}

function isUnknownUser(error: Error & { readonly code?: number }): void {
  if (error.code !== 67) throw error
}

/** Mail processes refuse to run as root: nobody's, then. */
function mailOwner(): MailOwner {
  const { uid, gid, username: name } = userInfo()
  return uid === 0 ? { uid: 65_534, gid: 65_534, name: 'nobody' } : { uid, gid, name }
}

type MailOwner = { readonly uid: number; readonly gid: number; readonly name: string }

const sqlConf = ({ host, port, database, user, password }: MysqlConfig, queries: string) => `driver = mysql
connect = host=${host} port=${port} dbname=${database} user=${user} password=${password}
${queries}
`

/** In a deny passdb: who is found may not sign in, by whatever means. */
const denyQuery = `password_query = SELECT address AS user, NULL AS password, 'Y' AS nopassword FROM mail_user WHERE address = '%u' AND active = 0`

const accountQueries = (mailFolder: string, { uid, gid }: MailOwner) =>
  `password_query = SELECT address AS user, password FROM mail_user WHERE address = '%u' AND active = 1
user_query = SELECT CONCAT('${mailFolder}/', home) AS home, ${uid} AS uid, ${gid} AS gid, CONCAT('*:bytes=', quota_bytes) AS quota_rule FROM mail_user WHERE address = '%u'
iterate_query = SELECT address AS user FROM mail_user`

type Settings = {
  readonly folder: string
  readonly owner: MailOwner
  readonly imapPort: number
  readonly lmtpPort: number
  readonly apiPort: number
  readonly saslPort: number
  readonly key: string
}

const dovecotConf = ({ folder, owner, imapPort, lmtpPort, apiPort, saslPort, key }: Settings) => `base_dir = ${folder}/run
state_dir = ${folder}/state
log_path = ${folder}/dovecot.log
protocols = imap lmtp
listen = 127.0.0.1
first_valid_uid = 1
mail_uid = ${owner.uid}
mail_gid = ${owner.gid}
mail_location = mdbox:~/mdbox
mail_plugins = quota
ssl = yes
ssl_cert = <${folder}/crt.pem
ssl_key = <${folder}/key.pem
# for tests only: no TLS, no delay and no growing penalty after a wrong password
disable_plaintext_auth = no
auth_failure_delay = 0 secs
service anvil {
  unix_listener anvil-auth-penalty {
    mode = 0
  }
  # doveadm becomes the mail owner for some commands and stays so; then it must still reach the list of sessions
  unix_listener anvil {
    user = ${owner.name}
    mode = 0600
  }
}
auth_mechanisms = plain login
auth_username_format = %Lu
passdb {
  driver = sql
  args = ${folder}/sql-deny.conf.ext
  deny = yes
}
passdb {
  driver = sql
  args = ${folder}/sql.conf.ext
}
userdb {
  driver = sql
  args = ${folder}/sql.conf.ext
}
doveadm_api_key = ${key}
namespace inbox {
  inbox = yes
  separator = /
}
service imap-login {
  inet_listener imap {
    port = ${imapPort}
  }
  inet_listener imaps {
    port = 0
  }
}
service lmtp {
  inet_listener lmtp {
    address = 127.0.0.1
    port = ${lmtpPort}
  }
}
service doveadm {
  service_count = 1000
  process_min_avail = 2
  inet_listener http {
    address = 127.0.0.1
    port = ${apiPort}
  }
}
service auth {
  inet_listener sasl {
    address = 127.0.0.1
    port = ${saslPort}
  }
}
lda_mailbox_autocreate = yes
recipient_delimiter = +
postmaster_address = postmaster@${domain}
hostname = ${domain}
protocol lmtp {
  mail_plugins = $mail_plugins sieve
}
plugin {
  quota = count:User quota
  quota_vsizes = yes
  sieve = file:~/sieve;active=~/.dovecot.sieve
}
`
