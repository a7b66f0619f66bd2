import { spawn, type ChildProcess } from 'node:child_process'
import { createRequire } from 'node:module'
import path from 'node:path'
import { openParts, type Parts } from '../src/assemble'
import { readConfig, type Config, type DatabaseConfig } from '../src/config'
import type { Actor } from '../src/domain/access/actor'
import type { UserId } from '../src/domain/ids'
import { authenticateToken } from '../src/usecases/access/authenticate-token'
import { bootstrap } from '../src/usecases/system/bootstrap'
import { tempFolder } from '../test/kit/temp-store'
import { freePorts } from '../test/services/service'
import { openClient, type Client } from './client'
import { databaseUrl } from './databases'

/** Kagami or the floor: a server in a process of its own, and its database as seen from beside it. */
export type Side = {
  readonly name: SideName
  readonly client: Client
  readonly parts: Parts
  readonly config: Config
  /** Whose token the client sends. */
  readonly actor: Extract<Actor, { readonly kind: 'client' }>
  /** How many people have been made; the next one has this number. */
  known: number
  /** Those who came by `seed`. */
  readonly seeded: UserId[]
  stop(): Promise<void>
}

export const sideNames = ['product', 'floor'] as const
export type SideName = (typeof sideNames)[number]

const tsx = createRequire(__filename).resolve('tsx')
const programs: Readonly<Record<SideName, readonly string[]>> = {
  product: [path.join(__dirname, '../dist/src/main.js')],
  floor: ['--import', tsx, path.join(__dirname, 'floor/server.ts')],
}

const token = 'the-bearer-token-of-the-benchmark-client'

/** Both have the same tables and the same set-up; only the server differs. */
export async function startSide(name: SideName, database: DatabaseConfig): Promise<Side> {
  const folder = tempFolder()
  const [port] = await freePorts(1)
  const environment = {
    KAGAMI_PORT: String(port),
    KAGAMI_DATA_DIR: folder.path,
    KAGAMI_DATABASE_URL: databaseUrl(database),
    KAGAMI_SECRET_KEY: '07'.repeat(32),
    KAGAMI_ORGANIZATION_DOMAIN: 'example.jp',
    KAGAMI_SCIM_TOKEN: token,
  }
  const config = readConfig(environment)
  const parts = await openParts(config)
  await bootstrap(parts, { scimToken: token }, parts.node)
  const actor = await authenticateToken({ ...parts, lastUsed: new Map() }, token, {})
  if (actor?.kind !== 'client') throw new Error('the token of the set-up is not known')
  const program = await startProgram(programs[name], environment, config.baseUrl)
  const client = openClient(config.baseUrl, token)
  const stop = async () => {
    client.close()
    await program.stop()
    await parts.store.close()
    folder.remove()
  }
  return { name, client, parts, config, actor, known: 0, seeded: [], stop }
}

async function startProgram(args: readonly string[], environment: Readonly<Record<string, string>>, url: string) {
  const env = { PATH: process.env['PATH'], ...environment }
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.on('data', (part: Buffer) => (said += part.toString()))
  const kill = () => void child.kill('SIGKILL')
  process.once('exit', kill)
  await answering(child, url).catch((error: unknown) => {
    kill()
    throw new Error(`${args.at(-1)} did not start:\n${said}`, { cause: error })
  })
  return {
    stop: async () => {
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGTERM')
      await ended
      process.off('exit', kill)
    },
  }
}

async function answering(child: ChildProcess, url: string): Promise<void> {
  for (const giveUp = Date.now() + 20_000; Date.now() < giveUp; await new Promise((resolve) => setTimeout(resolve, 50))) {
    if (child.exitCode !== null) break
    const answer = await fetch(`${url}/livez`).catch(() => undefined)
    if (answer?.ok) return
  }
  throw new Error('no answer')
}
