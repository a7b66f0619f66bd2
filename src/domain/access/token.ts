import { createHash } from 'node:crypto'

/** Every token of ours begins so: a leaked one is recognised by scanners and people. */
export const tokenPrefix = 'kgm_'

/** What is kept of a token. SHA-256 is enough: a token is 256 random bits, there is nothing to guess. */
export function tokenHash(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}

/** Enough of a token to recognise it, too little to use it. */
export const tokenHint = (token: string) => `${token.slice(0, 8)}…`
