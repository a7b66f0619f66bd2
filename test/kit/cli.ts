import { spawn } from 'node:child_process'
import path from 'node:path'

const script = path.join(__dirname, '../../dist/src/cli.js')

export type CliOutcome = { readonly code: number | null; readonly out: string; readonly err: string }

/** The built command line on a data folder of its own, in a process of its own. */
export function cliOn(dataDir: string): {
  readonly env: NodeJS.ProcessEnv
  run(args: readonly string[], input?: string): Promise<CliOutcome>
} {
  const env = {
    PATH: process.env['PATH'],
    KAGAMI_DATA_DIR: dataDir,
    KAGAMI_BASE_URL: 'https://id.example.jp',
    KAGAMI_CERTS_DIR: path.join(dataDir, 'certs'),
    KAGAMI_ORGANIZATION_DOMAIN: 'example.jp',
  }
  return {
    env,
    run: (args, input = '') => {
      const child = spawn(process.execPath, [script, ...args], { env })
      let [out, err] = ['', '']
      child.stdout.on('data', (part) => (out += String(part)))
      child.stderr.on('data', (part) => (err += String(part)))
      child.stdin.on('error', () => undefined) // a command that does not read it has ended
      child.stdin.end(input)
      return new Promise((resolve) => child.on('close', (code) => resolve({ code, out, err })))
    },
  }
}

/** The words of a command line; none of the tests' arguments has a space in it. */
export const words = (line: string): readonly string[] => line.split(' ')
