import type { Request } from 'express'
import type { Actor } from '../domain/access/actor'
import type { GuessLimit } from './guess-limit'

/** How a door learns whose bearer token it was given. */
export type TokenCheck = {
  /** undefined for a token that is none of ours, has expired, or was revoked. */
  readonly authenticate: (
    token: string,
    from: { readonly address: string; readonly requestId: string },
  ) => Promise<Actor | undefined>
  /** Counts a wrong token of an address. @throws TooManyGuesses */
  readonly guessed: (address: string) => Promise<void>
}

/** An address has sent too many wrong tokens; a door answers 429. */
export class TooManyGuesses extends Error {
  readonly status = 429
}

export function tokenCheck(authenticate: TokenCheck['authenticate'], limit: GuessLimit): TokenCheck {
  return {
    authenticate,
    guessed: async (address) => {
      if ((await limit.waitSeconds(address)) > 0) throw new TooManyGuesses()
      await limit.failed(address)
    },
  }
}

/** The token of `Authorization: Bearer TOKEN` (RFC 6750 §2.1). */
export function bearerToken(req: Request): string | undefined {
  const [scheme, token, more] = (req.headers.authorization ?? '').split(' ')
  return scheme?.toLowerCase() === 'bearer' && token && more === undefined ? token : undefined
}
