import { execFile } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { createConnection } from 'mysql2/promise'
import type { DatabaseConfig } from '../../src/config'
import { freePorts, serviceFolder, startService, type Service } from './service'

export type MysqlConfig = Extract<DatabaseConfig, { readonly kind: 'mysql' }>

export interface Mariadb extends Service {
  /** An empty database of its own. */
  createDatabase(): Promise<MysqlConfig>
}

const login = { user: 'kagami', password: 'kagami-test' }

/** A throw-away MariaDB; the first one of a machine takes some seconds more, for the data folder that all copy. */
export async function startMariadb(): Promise<Mariadb> {
  const folder = serviceFolder()
  const [port] = (await freePorts(1)) as [number]
  const at = { host: '127.0.0.1', port, ...login }
  cpSync(await seed(), path.join(folder.path, 'data'), { recursive: true })
  writeFileSync(path.join(folder.path, 'init.sql'), initSql)
  writeFileSync(path.join(folder.path, 'my.cnf'), myCnf(folder.path, port))
  const service = await startService(folder, {
    command: ['/usr/sbin/mariadbd', `--defaults-file=${folder.path}/my.cnf`],
    ready: () => query(at, 'SELECT 1'),
    logs: [path.join(folder.path, 'error.log')],
  })
  let databases = 0
  return {
    ...service,
    createDatabase: async () => {
      const database = `test_${++databases}`
      await query(at, `CREATE DATABASE ${database}`)
      return { kind: 'mysql', ...at, database }
    },
  }
}

type Address = Omit<MysqlConfig, 'kind' | 'database'> & { readonly database?: string }

/** What the statement answers; several may stand in one text. */
export async function query({ host, port, user, password, database }: Address, text: string): Promise<unknown> {
  const connection = await createConnection({
    ...{ host, port, user, password, ...(database === undefined ? {} : { database }) },
    multipleStatements: true,
    connectTimeout: 2_000,
  })
  try {
    return (await connection.query(text))[0]
  } finally {
    await connection.end()
  }
}

const initSql = `CREATE USER IF NOT EXISTS '${login.user}'@'%' IDENTIFIED BY '${login.password}';
GRANT ALL ON *.* TO '${login.user}'@'%' WITH GRANT OPTION;
`

/** Made once on a machine and copied: initialising takes longer than all the rest. Whoever comes second throws his own away. */
async function seed(): Promise<string> {
  const ready = path.join(tmpdir(), `kagami-test-mariadb-seed-${userInfo().username}`)
  if (existsSync(ready)) return ready
  const made = mkdtempSync(`${ready}-`)
  const options = [`--datadir=${made}`, `--user=${userInfo().username}`, '--innodb-log-file-size=16M', '--skip-test-db']
  await promisify(execFile)('/usr/bin/mariadb-install-db', ['--no-defaults', ...options])
  try {
    renameSync(made, ready)
  } catch {
    rmSync(made, { recursive: true })
  }
  return ready
}

const myCnf = (folder: string, port: number) => `[mysqld]
user=${userInfo().username}
datadir=${folder}/data
socket=${folder}/my.sock
pid-file=${folder}/my.pid
log-error=${folder}/error.log
init-file=${folder}/init.sql
tmpdir=${folder}
port=${port}
bind-address=127.0.0.1
skip-name-resolve
character-set-server=utf8mb4
performance_schema=OFF
innodb_buffer_pool_size=64M
innodb_log_file_size=16M
innodb_flush_log_at_trx_commit=2
`
