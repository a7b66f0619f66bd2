import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import path from 'node:path'
import { writeCertificate } from './certificate'
import type { Dovecot } from './dovecot'
import type { MysqlConfig } from './mariadb'
import { freePorts, serviceFolder, startService, type Service } from './service'

export interface Postfix extends Service {
  readonly smtpPort: number
  /** PEM; for `localhost`, by STARTTLS. */
  readonly certificate: string
}

/** A throw-away Postfix: mail for people in the database goes to Dovecot, who signs in may send. Other mail stays in the queue. */
export async function startPostfix(database: MysqlConfig, dovecot: Dovecot): Promise<Postfix> {
  const folder = serviceFolder()
  const [smtpPort] = (await freePorts(1)) as [number]
  const at = (name: string) => path.join(folder.path, name)
  for (const name of ['etc', 'queue', 'data', 'log', 'maps']) mkdirSync(at(name))
  execFileSync('/usr/bin/chown', ['postfix', at('data')])
  for (const [name, text] of Object.entries(queries)) {
    writeFileSync(at(`maps/${name}.cf`), mapCf(database, text), { mode: 0o640 })
    execFileSync('/usr/bin/chgrp', ['postfix', at(`maps/${name}.cf`)])
    chmodSync(at('maps'), 0o755)
  }
  await writeCertificate(folder.path, `mx.${dovecot.domain}`)
  writeFileSync(at('etc/main.cf'), mainCf(folder.path, dovecot))
  writeFileSync(at('etc/master.cf'), masterCf(smtpPort))
  execFileSync('/usr/sbin/postfix', ['-c', at('etc'), 'check'], { stdio: 'ignore' }) // makes the folders of the queue
  const service = await startService(folder, {
    // not `postfix start-fg`: its shell script ends at a signal and leaves this one running
    command: ['/usr/lib/postfix/sbin/master', '-s', '-c', at('etc')],
    ready: () => greeting(smtpPort),
    logs: [at('log/mail.log')],
  })
  return { ...service, smtpPort, certificate: readFileSync(at('crt.pem'), 'utf8') }
}

function greeting(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', timeout: 2_000 })
    socket.once('data', (data) => (data.toString().startsWith('220') ? resolve() : reject(new Error(data.toString()))))
    socket.once('error', reject).once('timeout', () => reject(new Error('no greeting')))
    socket.once('data', () => socket.end('QUIT\r\n')).once('close', () => reject(new Error('closed')))
  })
}

const queries = {
  domains: "SELECT domain FROM mail_domain WHERE domain = '%s'",
  mailboxes: "SELECT address FROM mail_user WHERE address = '%s'",
  aliases: "SELECT destination FROM mail_alias WHERE address = '%s'",
  receive: "SELECT '550 5.2.1 Mailbox does not accept mail' FROM mail_user WHERE address = '%s' AND receive = 0",
}

const mapCf = ({ host, port, database, user, password }: MysqlConfig, text: string) => `hosts = inet:${host}:${port}
user = ${user}
password = ${password}
dbname = ${database}
query = ${text}
`

const map = (folder: string, name: keyof typeof queries) => `proxy:mysql:${folder}/maps/${name}.cf`

const mainCf = (folder: string, { domain, lmtpPort, saslPort }: Dovecot) => `compatibility_level = 3.6
queue_directory = ${folder}/queue
data_directory = ${folder}/data
maillog_file = ${folder}/log/mail.log
maillog_file_prefixes = ${folder}
mail_owner = postfix
setgid_group = postdrop
daemon_directory = /usr/lib/postfix/sbin
command_directory = /usr/sbin
shlib_directory = /usr/lib/postfix
meta_directory = /etc/postfix
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mx.${domain}
mydomain = ${domain}
myorigin = ${domain}
mydestination =
mynetworks =
alias_maps =
alias_database =
local_recipient_maps =
local_transport = error:local delivery is off
default_transport = retry:tests send nothing away
disable_dns_lookups = yes
virtual_mailbox_domains = ${map(folder, 'domains')}
virtual_mailbox_maps = ${map(folder, 'mailboxes')}
virtual_alias_maps = ${map(folder, 'aliases')}
virtual_transport = lmtp:inet:127.0.0.1:${lmtpPort}
proxy_read_maps = $virtual_mailbox_domains $virtual_mailbox_maps $virtual_alias_maps ${map(folder, 'receive')}
recipient_delimiter = +
smtpd_relay_restrictions = permit_sasl_authenticated, reject_unauth_destination
smtpd_recipient_restrictions = check_recipient_access ${map(folder, 'receive')}, permit_sasl_authenticated, reject_unauth_destination
smtpd_sasl_auth_enable = yes
smtpd_tls_security_level = may
smtpd_tls_chain_files = ${folder}/server.pem
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:127.0.0.1:${saslPort}
queue_run_delay = 5s
minimal_backoff_time = 5s
maximal_backoff_time = 30s
`

const masterCf = (port: number) => `127.0.0.1:${port} inet n - n - - smtpd
pickup    unix n - n 60 1 pickup
cleanup   unix n - n - 0 cleanup
qmgr      unix n - n 300 1 qmgr
tlsmgr    unix - - n 1000? 1 tlsmgr
rewrite   unix - - n - - trivial-rewrite
bounce    unix - - n - 0 bounce
defer     unix - - n - 0 bounce
trace     unix - - n - 0 bounce
flush     unix n - n 1000? 0 flush
proxymap  unix - - n - - proxymap
smtp      unix - - n - - smtp
error     unix - - n - - error
retry     unix - - n - - error
lmtp      unix - - n - - lmtp
anvil     unix - - n - 1 anvil
scache    unix - - n - 1 scache
postlog   unix-dgram n - n - 1 postlogd
`
