import { randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { parseSecretKey, type Config } from './config'

/**
 * The key that seals secrets in the database: the configured one, or for SQLite the one in the data folder, made at the first start.
 * Without it chat passwords and SAML sign-ins under way cannot be read: back it up with the database.
 *
 * @throws ConfigError
 */
export function secretKey(config: Pick<Config, 'secretKey' | 'dataDir'>): Buffer {
  if (config.secretKey !== undefined) return parseSecretKey(config.secretKey)
  const file = path.join(config.dataDir, 'secret.key')
  try {
    writeFileSync(file, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600, flag: 'wx', flush: true })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  return parseSecretKey(readFileSync(file, 'utf8').trim())
}
