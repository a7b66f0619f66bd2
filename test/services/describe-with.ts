import { appendFileSync, existsSync } from 'node:fs'

/** What of Debian's packages shows that a server is there. */
const files = {
  mariadb: '/usr/sbin/mariadbd',
  ejabberd: '/usr/share/ejabberd/sql/mysql.sql',
  dovecot: '/usr/sbin/dovecot',
  postfix: '/usr/sbin/postfix',
  simplesamlphp: '/usr/share/simplesamlphp/www',
  chromium: '/usr/bin/chromium',
} as const

export type ServerName = keyof typeof files

/**
 * A suite that needs real servers. Without one of them it is not run: its name and the reason are shown and appended to the file that
 * TEST_SKIPPED_FILE names; with TEST_SERVICES=required it fails.
 */
export function describeWith(servers: readonly ServerName[], name: string, suite: () => void): void {
  const reason = servers.map(whyNot).find((why) => why !== undefined)
  if (reason === undefined) return describe(name, suite)
  if (process.env['TEST_SERVICES'] === 'required') {
    return describe(name, () => it('has its servers', () => Promise.reject(new Error(reason))))
  }
  const list = process.env['TEST_SKIPPED_FILE']
  if (list) appendFileSync(list, `${name}: ${reason}\n`)
  describe.skip(`${name} (not run: ${reason})`, suite)
}

function whyNot(server: ServerName): string | undefined {
  if (!existsSync(files[server])) return `${server} is not installed; run test/services/install.sh as root`
  if (server === 'postfix' && process.getuid?.() !== 0) return 'postfix runs as root only'
  return undefined
}
