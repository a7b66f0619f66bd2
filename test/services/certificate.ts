import { execFile } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'

/** `key.pem`, `crt.pem` and both in `server.pem`, self-signed, in the folder. */
export async function writeCertificate(folder: string, host: string): Promise<void> {
  const [key, certificate] = ['key.pem', 'crt.pem'].map((name) => path.join(folder, name)) as [string, string]
  const names = ['-subj', `/CN=${host}`, '-addext', `subjectAltName=DNS:${host},DNS:localhost,IP:127.0.0.1`]
  const files = ['-keyout', key, '-out', certificate]
  await promisify(execFile)('/usr/bin/openssl', [
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-days',
    '30',
    ...files,
    ...names,
  ])
  writeFileSync(path.join(folder, 'server.pem'), readFileSync(key, 'utf8') + readFileSync(certificate, 'utf8'), { mode: 0o600 })
}
