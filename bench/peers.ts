import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'

/** Other SCIM servers from npm, and other SAML service providers, each in a folder of its own with its own packages. */
export const peerNames = ['scimmy', 'jackson', 'node-saml', 'samlify'] as const
export type PeerName = (typeof peerNames)[number]

const folderOf = (name: PeerName) => path.join(__dirname, '../.cache/bench', name)

export const peerProgram = (name: PeerName) => path.join(folderOf(name), 'server.mjs')

/** Its packages are there afterwards, at the versions of its package.json, outside of git. */
export function installPeer(name: PeerName): void {
  const source = path.join(__dirname, 'peers', name)
  const folder = folderOf(name)
  const wanted = readFileSync(path.join(source, 'package.json'), 'utf8')
  const installed = path.join(folder, 'node_modules/installed.json')
  mkdirSync(folder, { recursive: true })
  cpSync(path.join(source, 'server.mjs'), peerProgram(name))
  if (existsSync(installed) && readFileSync(installed, 'utf8') === wanted) return
  console.error(`installing ${name} (once; some minutes)`)
  cpSync(path.join(source, 'package.json'), path.join(folder, 'package.json'))
  const args = ['install', '--omit=dev', '--no-audit', '--no-fund', '--no-package-lock']
  const { status } = spawnSync('npm', args, { cwd: folder, stdio: ['ignore', 2, 2] })
  if (status !== 0) throw new Error(`the packages of ${name} could not be installed. Look above, or leave it out by --peers off.`)
  writeFileSync(installed, wanted)
}
