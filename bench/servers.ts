import { spawn, type ChildProcess } from 'node:child_process'
import { createRequire } from 'node:module'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { openParts, type Parts } from '../src/assemble'
import { readConfig, type Config, type DatabaseConfig } from '../src/config'
import type { Actor } from '../src/domain/access/actor'
import { targetNames } from '../src/domain/mirror/account'
import { actorOfToken, TokenMemory } from '../src/usecases/access/authenticate-token'
import { bootstrap } from '../src/usecases/system/bootstrap'
import { tempFolder } from '../test/kit/temp-store'
import { freePorts } from '../test/services/service'
import { Connection, type Endpoint } from './client'
import { databaseUrl } from './databases'
import { peerProgram, type PeerName } from './peers'

export type ServerName = 'Kagami' | 'floor' | 'argon2' | PeerName

/** A server in a process of its own, on a database of its own. */
export type Server = Endpoint & {
  readonly name: ServerName
  readonly pid: number
  /** Id of the n-th person; as many as there are. */
  readonly ids: string[]
  /** Until it has nothing to do any more but answer. */
  settle(): Promise<void>
  stop(): Promise<void>
}

/** The product, with its database as seen from beside it. */
export type Product = Server & {
  readonly parts: Parts
  readonly config: Config
  /** Whose token is sent. */
  readonly actor: Extract<Actor, { readonly kind: 'client' }>
}

export type FloorServer = Server & { readonly config: Config; readonly database: DatabaseConfig }

const token = 'the-bearer-token-of-the-benchmark-client'
const hourMs = 3_600_000
/** How long a server may take to stop. */
const patienceMs = 20_000

/**
 * As in production: what was built, everything in one process unless the role says otherwise.
 *
 * @param profile a folder in which it leaves its CPU profile
 */
export async function startProduct(database: DatabaseConfig, role: 'all' | 'web', profile?: string): Promise<Product> {
  const { folder, environment, config } = await setUp(database)
  const parts = await openParts(config)
  await bootstrap(parts, { scimToken: token }, parts.node)
  const known = await new TokenMemory(parts).find(token)
  const actor = known && actorOfToken(known, { address: '127.0.0.1', requestId: '' })
  if (actor?.kind !== 'client') throw new Error('the token of the set-up is not known')
  // the hourly comparison would make the accounts of everybody who was seeded, in the middle of a turn
  await parts.store.transact((tx) => tx.leases.take('cron reconcile', 'benchmark', hourMs))
  const profiling = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`]
  const command = ['--max-semi-space-size=8', ...profiling, path.join(__dirname, '../dist/src/main.js')]
  const program = await startProgram(command, { ...environment, KAGAMI_ROLE: role }, () => alive(config.baseUrl))
  const url = `${config.baseUrl}/scim/v2`
  const settle = async () => {
    if (role === 'web') return
    const { mirror } = parts.store.read
    for (const target of targetNames) {
      while ((await mirror.status(target)).waiting > 0) {
        program.requireRunning()
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
    }
  }
  const stop = async () => {
    await program.stop()
    await parts.store.close()
    folder.remove()
  }
  return { name: 'Kagami', url, token, pid: program.pid, ids: [], parts, config, actor, settle, stop }
}

export async function startFloor(database: DatabaseConfig): Promise<FloorServer> {
  const { folder, environment, config } = await setUp(database)
  const tsx = createRequire(__filename).resolve('tsx')
  const command = ['--import', tsx, path.join(__dirname, 'floor/server.ts')]
  const program = await startProgram(command, environment, () => alive(config.baseUrl))
  const stop = async () => {
    await program.stop()
    folder.remove()
  }
  const url = `${config.baseUrl}/scim/v2`
  return { name: 'floor', url, token, pid: program.pid, ids: [], database, config, settle: async () => undefined, stop }
}

export async function startPeer(name: PeerName, database: DatabaseConfig): Promise<Server> {
  const [port] = await freePorts(1)
  const where = database.kind === 'sqlite' ? database.file : databaseUrl(database)
  const program = await startProgram([peerProgram(name), String(port), where], {}, async (output) => {
    const [, ready] = /^READY (.*)$/m.exec(output()) ?? []
    return ready === undefined ? undefined : (JSON.parse(ready) as Endpoint)
  })
  return { name, ...program.ready, pid: program.pid, ids: [], settle: async () => undefined, stop: () => program.stop() }
}

/** @param certificate of the identity provider, PEM */
export async function startSamlPeer(name: PeerName, certificate: string): Promise<Server> {
  const folder = tempFolder()
  const file = path.join(folder.path, 'idp.pem')
  writeFileSync(file, certificate)
  const peer = await startPeer(name, { kind: 'sqlite', file })
  folder.remove()
  return peer
}

export async function startArgon2(phc: string): Promise<Server> {
  const [port] = await freePorts(1)
  const tsx = createRequire(__filename).resolve('tsx')
  const url = `http://127.0.0.1:${port}`
  const command = ['--import', tsx, path.join(__dirname, 'floor/argon2.ts'), String(port), phc]
  const program = await startProgram(command, {}, () => alive(url))
  const stop = () => program.stop()
  return { name: 'argon2', url, token: '', pid: program.pid, ids: [], settle: async () => undefined, stop }
}

async function setUp(database: DatabaseConfig) {
  const folder = tempFolder()
  const [port] = await freePorts(1)
  const environment = {
    KAGAMI_PORT: String(port),
    KAGAMI_DATA_DIR: folder.path,
    KAGAMI_DATABASE_URL: databaseUrl(database),
    KAGAMI_SECRET_KEY: '07'.repeat(32),
    KAGAMI_ORGANIZATION_DOMAIN: 'example.jp',
    KAGAMI_SCIM_TOKEN: token,
    KAGAMI_SCIM_REQUESTS_PER_SECOND: '0',
  }
  return { folder, environment, config: readConfig(environment) }
}

async function alive(url: string): Promise<true | undefined> {
  const answer = await fetch(`${url}/livez`).catch(() => undefined)
  return answer?.ok ? true : undefined
}

/** @param isReady asked until it gives something; it is told what the program has written so far */
async function startProgram<Ready>(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  isReady: (output: () => string) => Promise<Ready | undefined>,
) {
  const env = { PATH: process.env['PATH'], NODE_ENV: 'production', ...environment }
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stderr, child.stdout]) {
    stream.on('data', (part: Buffer) => (output = `${output}${part.toString()}`.slice(-10_000)))
  }
  const kill = () => void child.kill('SIGKILL')
  process.once('exit', kill)
  const ready = await answering(child, () => isReady(() => output)).catch((error: unknown) => {
    kill()
    throw new Error(`${args.join(' ')} did not start:\n${output}`, { cause: error })
  })
  return {
    ready,
    pid: child.pid!,
    requireRunning: () => {
      if (child.exitCode === null && child.signalCode === null) return
      throw new Error(`${args.join(' ')} ended by itself (${child.exitCode ?? child.signalCode}):\n${output}`)
    },
    stop: async () => {
      process.off('exit', kill)
      if (child.exitCode !== null || child.signalCode !== null) return
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGTERM')
      const patience = setTimeout(kill, patienceMs)
      await ended
      clearTimeout(patience)
    },
  }
}

async function answering<Ready>(child: ChildProcess, isReady: () => Promise<Ready | undefined>): Promise<Ready> {
  for (const giveUp = Date.now() + 30_000; Date.now() < giveUp; await new Promise((resolve) => setTimeout(resolve, 50))) {
    if (child.exitCode !== null) break
    const ready = await isReady()
    if (ready !== undefined) return ready
  }
  throw new Error('no answer')
}

/** One request beside everything that is measured. @throws Error when the answer has another status */
export async function askOnce<Body>(
  server: Endpoint,
  method: string,
  target: string,
  expected: number,
  body?: object,
): Promise<Body> {
  const connection = new Connection(server)
  const { status, text } = await connection.ask(method, target, body)
  connection.close()
  if (status !== expected) throw new Error(`${method} ${target} was answered ${status}: ${text.slice(0, 500)}`)
  return (text === '' ? undefined : JSON.parse(text)) as Body
}
