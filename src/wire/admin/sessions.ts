import { browserWords } from '../../domain/access/browser-words'
import type { Instant } from '../../domain/brand'

type Shown = {
  readonly idHash: string
  readonly method: 'saml' | 'password'
  readonly createdAt: Instant
  readonly lastSeenAt: Instant
  readonly address?: string
  readonly agent?: string
}

/** A session for an administrator. Its id tells nothing of the cookie. */
export const presentSession = ({ idHash, method, createdAt, lastSeenAt, address, agent }: Shown) => ({
  id: idHash,
  method,
  createdAt: new Date(createdAt).toISOString(),
  lastUsedAt: new Date(lastSeenAt).toISOString(),
  address,
  browser: browserWords(agent),
})
