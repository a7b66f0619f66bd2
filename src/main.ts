import { setFlagsFromString } from 'node:v8'
import { ConfigError, readConfig, type Config } from './config'
import { DomainError } from './domain/errors'
import { jsonLog } from './log'
import { startServer, type RunningServer } from './server'
import { InvalidSamlIdp } from './wire/saml/invalid-saml-idp'

/** The server put together and kept running until it is told to stop. Its log goes to stdout, one JSON object a line. */
export async function main(): Promise<void> {
  tuneEngine()
  try {
    const config = readConfig(process.env)
    const log = jsonLog(config.logLevel, process.stdout)
    const server = await startServer(config, log)
    process.stderr.write(banner(config, server))
    for (const warning of config.warnings) log.warn({}, warning)
    await new Promise<void>((resolve) => {
      for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve())
    })
    log.info({}, 'stopping')
    await server.stop()
    log.info({}, 'stopped')
  } catch (error) {
    process.stderr.write(`\nKagami did not start: ${reasonOf(error)}\n`)
    process.exitCode = 1
  }
}

/** V8's own defaults are made for pages and tools; a server answers from its first second on, and stays. */
function tuneEngine(): void {
  // else garbage grows to four times what lives before it is looked for: after one large body that stays resident
  setFlagsFromString('--heap-growing-percent=50')
  // functions that are used often are optimized sooner: a third of the default
  setFlagsFromString('--interrupt-budget=40000')
}

/** What an operator must know, once, in plain words; not part of the log. */
function banner(config: Config, { url, firstAdministrator }: RunningServer): string {
  const line = (name: string, text: string) => `  ${name.padEnd(16)}${text}\n`
  const lines = [
    `\nKagami is ready at ${config.baseUrl}${config.baseUrl === url ? '' : ` (listening on ${url})`}\n\n`,
    line('Sign in', `${config.baseUrl}/login?saml=off`),
    line('SCIM', `${config.baseUrl}/scim/v2`),
    line('', 'a token for an identity provider: npx kagami token create --client NAME'),
    line('SAML', `${config.baseUrl}/saml/metadata`),
    line('Health', `${config.baseUrl}/readyz`),
    line('Data', config.dataDir),
  ]
  if (firstAdministrator) {
    const { loginName, password } = firstAdministrator
    lines.push(
      `\n  First administrator: ${loginName}\n  One-time password:   ${password}   (shown this once; to be changed at the first sign-in)\n`,
    )
  }
  return `${lines.join('')}\n`
}

/** What to mend; for anything unexpected the whole trace. */
export function reasonOf(error: unknown): string {
  if (error instanceof ConfigError || error instanceof InvalidSamlIdp) return error.message
  if (error instanceof DomainError) return error.detail
  const { code, port, address } = error as NodeJS.ErrnoException & { readonly port?: number; readonly address?: string }
  if (code === 'EADDRINUSE') return `${address}:${port} is in use. Stop the other program, or set KAGAMI_PORT.`
  if (code === 'EACCES') return `${(error as Error).message}. Give this user the right, or choose another place.`
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

if (require.main === module) void main()
