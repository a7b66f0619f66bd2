import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import path from 'node:path'

/** Other SCIM servers from npm, each in a folder of its own with its own packages. */
export const peerNames = ['scimmy', 'jackson'] as const
export type PeerName = (typeof peerNames)[number]

/** Its packages are there, at the versions of its package.json, outside of git. @returns its program */
export function installPeer(name: PeerName): string {
  const source = path.join(__dirname, 'peers', name)
  const folder = path.join(__dirname, '../.cache/bench', name)
  const wanted = readFileSync(path.join(source, 'package.json'), 'utf8')
  const installed = path.join(folder, 'node_modules/installed.json')
  if (!existsSync(installed) || readFileSync(installed, 'utf8') !== wanted) {
    console.error(`installing ${name} (once)`)
    mkdirSync(folder, { recursive: true })
    cpSync(path.join(source, 'package.json'), path.join(folder, 'package.json'))
    const args = ['install', '--omit=dev', '--no-audit', '--no-fund', '--no-package-lock']
    const { status } = spawnSync('npm', args, { cwd: folder, stdio: ['ignore', 2, 2] })
    if (status !== 0)
      throw new Error(`the packages of ${name} could not be installed. Look above, or leave it out by --peers off.`)
    cpSync(path.join(source, 'package.json'), installed)
  }
  cpSync(path.join(source, 'server.mjs'), path.join(folder, 'server.mjs'))
  return path.join(folder, 'server.mjs')
}
