import type { Request, Response } from 'express'
import type { Actor } from '../domain/access/actor'
import type { Outcome } from '../domain/access/client'
import type { Clock } from '../ports/clock'
import { actorOfToken, type KnownToken, type TokenMemory } from '../usecases/access/authenticate-token'
import type { ClientActivity } from '../usecases/access/client-activity'
import type { GuessLimit } from './guess-limit'
import { contextOf, fromOf, type RequestContext } from './request'
import type { RequestLimit } from './request-limit'

/** Somebody asks too often; a door answers 429. */
export class TooMany extends Error {
  readonly status = 429

  /** @param what wrong tokens of an address, or requests of a client */
  constructor(
    readonly what: 'guesses' | 'requests',
    readonly retryAfterSeconds: number,
    readonly detail: string,
    /** The client, where it is known. */
    readonly actor?: Actor,
  ) {
    super(detail)
  }
}

/** Lets clients in by their tokens. */
export type ClientGate = {
  /**
   * Whose bearer token this request carries.
   *
   * @param resource what is asked for, for the statistics: of a closed set
   * @returns undefined when it carries none, or none that is valid
   * @throws TooMany, DomainError addressNotAllowed
   */
  admit(req: Request, res: Response, resource: string): Promise<Actor | undefined>
  /** The same for a secret that a client sent by other means; it is valid for that client. */
  admitSecret(req: Request, res: Response, resource: string, clientId: string, secret: string): Promise<KnownToken | undefined>
}

export function clientGate(
  deps: { readonly tokens: TokenMemory; readonly activity: ClientActivity; readonly clock: Clock },
  guesses: GuessLimit,
  requests: RequestLimit,
): ClientGate {
  const guessed = async (address: string) => {
    const wait = await guesses.waitSeconds(address)
    if (wait > 0) {
      const detail = 'Too many wrong tokens from this address. Wait a minute, and check the token.'
      throw new TooMany('guesses', wait, detail)
    }
    await guesses.failed(address)
  }

  /** From where, and how often: of a client whose token or secret is valid. */
  const pass = (token: KnownToken, req: Request, res: Response, resource: string): Actor => {
    const context = contextOf(res)
    const operation = `${methods.has(req.method) ? req.method : 'GET'} ${resource}`
    res.on('finish', () => {
      deps.activity.count(token, operation, outcomeOf(res.statusCode), deps.clock.now(), context.address)
    })
    const actor = actorFrom(token, context)
    const wait = requests.take(token.clientId, token.requestsPerSecond)
    if (wait > 0) {
      const detail = `Too many requests of the client ${token.clientName}. Wait ${wait} s, or have its limit raised.`
      throw new TooMany('requests', wait, detail, actor)
    }
    return actor
  }

  return {
    admit: async (req, res, resource) => {
      const bearer = bearerToken(req)
      if (bearer === undefined) return undefined
      const found = deps.tokens.find(bearer)
      const token = found instanceof Promise ? await found : found
      if (token && token.kind !== 'secret') return pass(token, req, res, resource)
      await guessed(contextOf(res).address)
      return undefined
    },
    admitSecret: async (req, res, resource, clientId, secret) => {
      const token = await deps.tokens.find(secret)
      if (token?.kind === 'secret' && token.clientId === clientId.toLowerCase()) {
        pass(token, req, res, resource)
        return token
      }
      await guessed(contextOf(res).address)
      return undefined
    },
  }
}

/** A valid token from an address that its client may not call from is told to who reads the log: it may be stolen. */
function actorFrom(token: KnownToken, context: RequestContext): Actor {
  try {
    return actorOfToken(token, fromOf(context))
  } catch (error) {
    context.log.warn({ client: token.clientName, address: context.address }, 'refused: not an allowed address of this client')
    throw error
  }
}

/** The token of `Authorization: Bearer TOKEN` (RFC 6750 §2.1). */
export function bearerToken(req: Request): string | undefined {
  const [scheme, token, more] = (req.headers.authorization ?? '').split(' ')
  return scheme?.toLowerCase() === 'bearer' && token && more === undefined ? token : undefined
}

/** Any other reads, or is refused. */
const methods = new Set(['POST', 'PUT', 'PATCH', 'DELETE'])

function outcomeOf(status: number): Outcome {
  if (status === 429) return 'limited'
  return status >= 500 ? 'failed' : status >= 400 ? 'refused' : 'ok'
}
