import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { ConfigError } from './config'
import type { SpKey, SpKeyUse } from './domain/access/sp-key'

const files: Readonly<Record<SpKeyUse, string>> = { current: 'sp', next: 'sp-next', previous: 'sp-previous' }

/**
 * The key pairs that an operator brings in KAGAMI_CERTS_DIR: `sp.key` and `sp.crt`, and while they are rolled over `sp-next.*` and
 * `sp-previous.*`. They win over those that we made.
 *
 * @throws ConfigError naming the file: one of a pair is missing, cannot be read, is too weak, or belongs to another
 */
export function readSpKeyFiles(folder: string): readonly SpKey[] {
  const keys = (Object.keys(files) as SpKeyUse[]).flatMap((use) => readPair(folder, use) ?? [])
  if (keys.length > 0 && !keys.some(({ use }) => use === 'current'))
    throw new ConfigError(
      `${path.join(folder, 'sp.key')} is missing beside ${files[keys[0]!.use]}.key. Bring the current key as well`,
    )
  return keys
}

function readPair(folder: string, use: SpKeyUse): SpKey | undefined {
  const [keyFile, certificateFile] = ['key', 'crt'].map((kind) => path.join(folder, `${files[use]}.${kind}`)) as [string, string]
  const [key, certificate] = [readText(keyFile), readText(certificateFile)]
  if (key === undefined && certificate === undefined) return undefined
  if (key === undefined || certificate === undefined)
    throw new ConfigError(
      `${key === undefined ? keyFile : certificateFile} is missing. The key and its certificate belong together`,
    )
  const privateKey = attempt(() => createPrivateKey(key))
  if (!privateKey) throw new ConfigError(`${keyFile} holds no private key that can be read. Give it as PEM, without a password`)
  const bits = privateKey.asymmetricKeyDetails?.modulusLength ?? 0
  if (privateKey.asymmetricKeyType !== 'rsa' || bits < 2048)
    throw new ConfigError(`${keyFile} is no RSA key of 2048 bits or more. Make one: openssl req -x509 -newkey rsa:3072 -nodes …`)
  const x509 = attempt(() => new X509Certificate(certificate))
  if (!x509) throw new ConfigError(`${certificateFile} holds no certificate that can be read. Give it as PEM`)
  if (!x509.checkPrivateKey(privateKey)) throw new ConfigError(`${certificateFile} is not the certificate of ${keyFile}`)
  return {
    id: files[use],
    use,
    certificate: x509.toString(),
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    from: 'file',
  }
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT' || (cause as NodeJS.ErrnoException).code === 'ENOTDIR')
      return undefined
    throw new ConfigError(`${file} cannot be read. Check its permissions`, { cause })
  }
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch {
    return undefined
  }
}
