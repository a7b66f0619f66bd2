import type { Scope } from '../../domain/access/actor'
import { tokenPrefixes } from '../../domain/access/token'
import type { Instant } from '../../domain/brand'
import type { TokenId } from '../../domain/ids'
import type { Clock } from '../../ports/clock'
import type { Secrets } from '../../ports/secrets'
import type { KnownToken } from './authenticate-token'

/** What an access token says of itself (RFC 6749 §4.4.3): sealed, so no row is written for it and none has to be purged. */
type AccessToken = { readonly secretId: TokenId; readonly scopes: readonly Scope[]; readonly expiresAt: Instant }

const purpose = 'access token'
const lifeMs = 3_600_000

/** An access token for an hour, or as long as the secret lives. It ends with the secret that it came of. */
export function makeAccessToken(
  deps: { readonly secrets: Secrets; readonly clock: Clock },
  secret: KnownToken,
  scopes: readonly Scope[],
): { readonly token: string; readonly expiresInSeconds: number } {
  const now = deps.clock.now()
  const expiresAt = Math.min(now + lifeMs, secret.endsAt)
  const said = JSON.stringify([secret.id, scopes, expiresAt])
  return {
    token: tokenPrefixes.access + deps.secrets.seal(purpose, said),
    expiresInSeconds: Math.floor((expiresAt - now) / 1000),
  }
}

/** undefined when it is none of ours. */
export function openAccessToken(secrets: Secrets, token: string): AccessToken | undefined {
  const said = secrets.open(purpose, token.slice(tokenPrefixes.access.length))
  if (said === undefined) return undefined
  const [secretId, scopes, expiresAt] = JSON.parse(said) as [TokenId, readonly Scope[], Instant]
  return { secretId, scopes, expiresAt }
}
