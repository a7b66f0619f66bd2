import { spawn, type ChildProcess } from 'node:child_process'
import { chmodSync, closeSync, existsSync, openSync, readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import path from 'node:path'
import { tempFolder } from '../kit/temp-store'

/** A server on loopback, in a folder of its own. */
export interface Service {
  /** Stopped with its data kept; gone when this settles. `kill`: as in a crash. */
  down(how?: 'terminate' | 'kill'): Promise<void>
  /** Started again where it was, and answering. */
  up(): Promise<void>
  /** Stands still without a word, until `thaw`. */
  freeze(): void
  thaw(): void
  /** Stopped, and its folder removed. */
  stop(): Promise<void>
}

export type Program = {
  /** In the foreground, with its absolute path. */
  readonly command: readonly [file: string, ...args: readonly string[]]
  readonly env?: Readonly<Record<string, string>>
  /** Settles when the server answers; a rejection means: not yet. */
  ready(): Promise<unknown>
  /** What to show when it does not come up, beside its output. */
  readonly logs?: readonly string[]
}

/** For `beforeAll` and `afterAll` with several servers on a loaded machine. */
export const hookTimeoutMs = 90_000
const startLimitMs = 25_000
const stopLimitMs = 10_000

/** A folder for a server; servers that give up root may pass through it, not list it. */
export function serviceFolder(): ReturnType<typeof tempFolder> {
  const folder = tempFolder()
  chmodSync(folder.path, 0o711)
  return folder
}

/** The program, answering; it dies with this process, however that ends. */
export async function startService(folder: { readonly path: string; remove(): void }, program: Program): Promise<Service> {
  const output = path.join(folder.path, 'output.log')
  let child: ChildProcess | undefined
  const up = async () => {
    const out = openSync(output, 'a')
    child = spawn('/usr/bin/setpriv', ['--pdeathsig', 'TERM', ...program.command], {
      cwd: folder.path,
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LANG: 'C.UTF-8', ...program.env },
      stdio: ['ignore', out, out], // no pipes: what a daemon forks would hold them open
    })
    closeSync(out)
    try {
      await answering(child, program)
    } catch (error) {
      await end(child, 'SIGKILL')
      throw new Error(`${String(error)}\n${[output, ...(program.logs ?? [])].map(tail).join('\n')}`, { cause: error })
    }
  }
  const down: Service['down'] = async (how = 'terminate') => {
    if (child) await end(child, how === 'kill' ? 'SIGKILL' : 'SIGTERM')
    child = undefined
  }
  await up().catch((error: unknown) => {
    folder.remove()
    throw error
  })
  return {
    up,
    down,
    freeze: () => void child?.kill('SIGSTOP'),
    thaw: () => void child?.kill('SIGCONT'),
    stop: async () => {
      await down()
      folder.remove()
    },
  }
}

async function answering(child: ChildProcess, { command, ready }: Program): Promise<void> {
  const giveUp = Date.now() + startLimitMs
  for (let last: unknown = 'no try yet'; ; await new Promise((resolve) => setTimeout(resolve, 50))) {
    if (hasEnded(child)) throw new Error(`${command[0]} ended with ${child.exitCode ?? child.signalCode}.`)
    if (Date.now() > giveUp) throw new Error(`${command[0]} did not answer in ${startLimitMs} ms (${String(last)}).`)
    try {
      return void (await ready())
    } catch (error) {
      last = error
    }
  }
}

const hasEnded = (child: ChildProcess) => child.exitCode !== null || child.signalCode !== null

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (hasEnded(child)) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill(signal)
  const patience = setTimeout(() => child.kill('SIGKILL'), stopLimitMs)
  await ended
  clearTimeout(patience)
}

const tail = (file: string) => `--- ${file}\n${existsSync(file) ? readFileSync(file, 'utf8').slice(-4_000) : '(not written)'}`

/** Below the ports that the system hands out by itself. */
const [firstPort, blockSize, blocks] = [20_000, 500, 24]

/** Free ports on loopback in the block of this test worker, taken at random: another run on the machine takes others. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const block = Number(process.env['JEST_WORKER_ID'] ?? 0) % blocks
  const held = new Map<number, Server>()
  while (held.size < count) {
    const port = firstPort + block * blockSize + Math.floor(Math.random() * blockSize)
    const listener = held.has(port) ? undefined : await listening(port)
    if (listener) held.set(port, listener)
  }
  await Promise.all([...held.values()].map((listener) => new Promise((resolve) => listener.close(resolve))))
  return [...held.keys()]
}

function listening(port: number): Promise<Server | undefined> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(undefined))
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => resolve(server))
  })
}
