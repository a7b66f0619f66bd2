import { hourMs, type ClientUse, type Outcome } from '../../domain/access/client'
import type { Instant } from '../../domain/brand'
import type { ClientId, TokenId } from '../../domain/ids'
import type { Store } from '../../ports/store'
import type { TokenUse } from '../../ports/store/clients'
import type { KnownToken } from './authenticate-token'

type Count = { -readonly [Key in keyof ClientUse]: ClientUse[Key] }

/** What clients did on this node since it was last written down, once a minute and at the end. */
export class ClientActivity {
  private counts = new Map<string, Count>()
  private lastUses = new Map<TokenId, TokenUse>()
  private lastRequests = new Map<ClientId, Instant>()

  /** @param operation of a closed set: method and resource type */
  count(token: KnownToken, operation: string, outcome: Outcome, at: Instant, address: string): void {
    const hour = at - (at % hourMs)
    this.add({ clientId: token.clientId, hour, operation, outcome, requests: 1 })
    this.lastUses.set(token.id, { at, address })
    this.lastRequests.set(token.clientId, at)
  }

  /** What could not be written is kept for the next time. */
  async write(store: Store): Promise<void> {
    const { counts, lastUses, lastRequests } = this
    if (counts.size === 0) return
    this.counts = new Map()
    this.lastUses = new Map()
    this.lastRequests = new Map()
    try {
      await store.transact(async (tx) => {
        await tx.clients.stampLastUsed(lastUses)
        await tx.clients.addUses([...counts.values()], lastRequests)
      }, 'bulk')
    } catch (error) {
      for (const count of counts.values()) this.add(count)
      this.lastUses = new Map([...lastUses, ...this.lastUses])
      this.lastRequests = new Map([...lastRequests, ...this.lastRequests])
      throw error
    }
  }

  private add(use: Count): void {
    const key = `${use.clientId} ${use.hour} ${use.operation} ${use.outcome}`
    const known = this.counts.get(key)
    if (known) known.requests += use.requests
    else this.counts.set(key, use)
  }
}
