import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { closeTargets, openParts, openTargets } from './assemble'
import type { Config } from './config'
import { verifierThreads } from './connectors/saml/verifier-threads'
import { makeMetrics } from './doors/health/metrics'
import type { Passing } from './ports/checkpoint'
import type { Log } from './ports/log'
import type { Traffic } from './ports/traffic'
import { ClientActivity } from './usecases/access/client-activity'
import { SamlTraceBook } from './usecases/access/saml-trace'
import { RefusalBook } from './usecases/audit/refusal-book'
import { bootstrap } from './usecases/system/bootstrap'
import { parseSamlIdp } from './wire/saml/parse-saml-idp'
import { startLoop } from './workers/loop'
import { managementApp, webApp } from './web'
import { startWork } from './work'

export type RunningServer = {
  /** Where it really listens; differs from the base URL behind a proxy or with port 0. */
  readonly url: string
  /** Made at this start, shown this once. */
  readonly firstAdministrator?: { readonly loginName: string; readonly password: string }
  /** Answers what has come in, ends what was begun, closes everything. */
  stop(): Promise<void>
}

/** How long a stop waits for requests under way. */
const drainMs = 10_000

/**
 * The whole product, by the configuration: database, set-up, doors, workers, in this order.
 *
 * @param passing told at each checkpoint; tests end the process there
 * @throws ConfigError, InvalidSamlIdp, DomainError, and what `listen` throws
 */
export async function startServer(config: Config, log: Log, passing?: Passing): Promise<RunningServer> {
  const parts = await openParts(config)
  const closers: (() => Promise<unknown>)[] = [() => parts.store.close()]
  const stop = async () => {
    for (const close of closers.splice(0).reverse()) await close()
  }
  try {
    if (passing) parts.store.onMirrorWork(() => passing('changeCommitted'))
    const { samlIdp, ...wanted } = config.bootstrap
    const setUp = { ...wanted, ...(samlIdp && { samlIdp: parseSamlIdp(samlIdp) }) }
    const firstAdministrator = await bootstrap(parts, setUp, parts.node)
    const traffic: Traffic = { answered: 0 }
    const activity = new ClientActivity()
    const stamps = startLoop(
      async () => {
        await activity.write(parts.store)
        return 60_000
      },
      (error) => log.error({ err: error }, 'what clients did was not written'),
    )
    closers.push(
      () => activity.write(parts.store),
      () => stamps.stop(),
    )

    const refusals = new RefusalBook(parts.clock)
    const refusing = startLoop(
      async () => {
        await refusals.write(parts.store)
        return 3_000
      },
      (error) => log.error({ err: error }, 'refused requests were not written'),
    )
    closers.push(
      () => refusals.write(parts.store),
      () => refusing.stop(),
    )

    const samlTrace = new SamlTraceBook(parts.clock)
    const tracing = startLoop(
      async () => {
        await samlTrace.write(parts.store)
        return 1_000
      },
      (error) => log.error({ err: error }, 'sign-ins by SAML were not written'),
    )
    closers.push(
      () => samlTrace.write(parts.store),
      () => tracing.stop(),
    )

    const samlVerifier = verifierThreads()
    closers.push(() => samlVerifier.close())

    if (config.role !== 'web') {
      const targets = openTargets(config)
      closers.push(() => closeTargets(targets))
      closers.push(startWork({ ...parts, log, traffic, ...(passing && { passing }) }, targets, config.database.kind === 'sqlite'))
    }

    let stopping = false
    const web = {
      ...parts,
      log,
      traffic,
      activity,
      refusals,
      samlTrace,
      samlVerifier,
      metrics: makeMetrics(parts.store),
      isStopping: () => stopping,
    }
    if (config.managementPort !== undefined) {
      const management = await listen(managementApp(web), config.host, config.managementPort)
      closers.push(() => drain(management))
    }
    const app = config.role === 'worker' ? managementApp(web) : webApp(web, config)
    const main = await listen(app, config.host, config.port)
    closers.push(() => {
      stopping = true
      return drain(main)
    })
    return { url: urlOf(main), ...(firstAdministrator && { firstAdministrator }), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function listen(app: RequestListener, host: string, port: number): Promise<Server> {
  const server = createServer(app)
  server.keepAliveTimeout = 65_000 // longer than the proxies in front of us keep theirs
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  return server
}

/** Takes nothing new, answers what is under way; a connection that is idle then is closed, for browsers keep theirs open. */
async function drain(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve))
  const idle = setInterval(() => server.closeIdleConnections(), 50)
  const tooLong = setTimeout(() => server.closeAllConnections(), drainMs)
  await closed
  clearInterval(idle)
  clearTimeout(tooLong)
}

function urlOf(server: Server): string {
  const { address, port, family } = server.address() as AddressInfo
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`
}
