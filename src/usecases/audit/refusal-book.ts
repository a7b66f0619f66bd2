import { createHash } from 'node:crypto'
import type { Actor } from '../../domain/access/actor'
import type { RequestedOperation } from '../../domain/audit/change'
import type { RefusedLine } from '../../domain/audit/provisioning-line'
import type { Instant } from '../../domain/brand'
import { newUuid, type Clock } from '../../ports/clock'
import type { Store } from '../../ports/store'

/** One request, or operation of a Bulk, that was refused. */
export type Refusal = {
  /** Absent: no valid token came. */
  readonly actor?: Actor
  readonly address: string
  readonly requestId: string
  readonly operation: RequestedOperation
  readonly objectKind?: 'user' | 'group'
  readonly status: number
  readonly scimType?: string
  readonly detail: string
  /** What the request names of the object: id, userName, externalId. */
  readonly named: readonly string[]
}

const hourMs = 60 * 60_000

/** So many kinds an hour are told apart; whoever comes after that is told among the others. */
const most = { ofClients: 1_000, ofAddresses: 100 } as const
const mostNamed = 20
const others = 'Other reasons, too many in this hour to be told apart.'

type Kind = Omit<RefusedLine, 'id' | 'count' | 'lastAt' | 'requestId' | 'objects'>
type Entry = {
  readonly key: string
  readonly kind: Kind
  readonly hour: number
  lastAt: Instant
  requestId: string
  /** Not written yet. */
  count: number
  readonly objects: string[]
}

/**
 * The refused requests of this node, added up by kind and hour, until they are written every few seconds and at the end: a refusal costs
 * no write. What happens in memory is bounded, whatever comes.
 */
export class RefusalBook {
  private entries = new Map<string, Entry>()
  private told = { hour: 0, ofClients: 0, ofAddresses: 0 }

  constructor(private readonly clock: Clock) {}

  /** Writes of clients, and whatever comes without a valid token or too often; what people do here is none of it. */
  note(refusal: Refusal): void {
    const { actor, status, named } = refusal
    if (actor && actor.kind !== 'client') return
    if (status < 400 || status >= 500) return
    if (refusal.operation === 'read' && status !== 401 && status !== 429 && actor) return
    const at = this.clock.now()
    const entry = this.entryFor(refusal, at)
    entry.count++
    entry.lastAt = at
    entry.requestId = refusal.requestId
    const names = named.map((name) => name.slice(0, 100))
    entry.objects.splice(0, mostNamed, ...[...new Set([...names, ...entry.objects])].slice(0, mostNamed))
  }

  /** What could not be written is kept for the next time. */
  async write(store: Store): Promise<void> {
    const due = [...this.entries.values()].filter(({ count }) => count > 0)
    const lines = due.map(({ kind, key, lastAt, requestId, count, objects }) => ({
      ...kind,
      id: newUuid(kind.at),
      kindHash: createHash('sha256').update(key).digest('hex'),
      lastAt,
      requestId,
      count,
      objects: [...objects],
    }))
    for (const entry of due) entry.count = 0
    try {
      if (lines.length > 0) await store.transact((tx) => tx.logs.addRefusals(lines), 'bulk')
    } catch (error) {
      for (const [i, entry] of due.entries()) entry.count += lines[i]!.count
      throw error
    }
    const hour = this.hourOf(this.clock.now())
    for (const [key, entry] of this.entries) if (entry.hour < hour && entry.count === 0) this.entries.delete(key)
  }

  private hourOf(at: Instant): number {
    return at - (at % hourMs)
  }

  private entryFor(refusal: Refusal, at: Instant): Entry {
    const hour = this.hourOf(at)
    const exact = kindOf(refusal, at)
    const known = this.entries.get(keyOf(exact, hour))
    if (known) return known
    if (this.told.hour !== hour) this.told = { hour, ofClients: 0, ofAddresses: 0 }
    const side = refusal.actor ? 'ofClients' : 'ofAddresses'
    if (this.told[side] < most[side]) {
      this.told[side]++
      return this.add(exact, hour)
    }
    const { address: _address, scimType: _scimType, ...rest } = exact
    const among: Kind = { ...rest, detail: others }
    return this.entries.get(keyOf(among, hour)) ?? this.add(among, hour)
  }

  private add(kind: Kind, hour: number): Entry {
    const key = keyOf(kind, hour)
    const entry: Entry = { key, kind, hour, lastAt: kind.at, requestId: '', count: 0, objects: [] }
    this.entries.set(key, entry)
    return entry
  }
}

function kindOf({ actor, address, operation, objectKind, status, scimType, detail, named }: Refusal, at: Instant): Kind {
  return {
    result: 'refused',
    at,
    ...(actor?.kind === 'client' ? { clientId: actor.clientId, clientName: actor.name } : { address }),
    operation,
    ...(objectKind === undefined ? {} : { objectKind }),
    status,
    ...(scimType === undefined ? {} : { scimType }),
    detail: status === 429 ? detail.replace(/\d+/g, '…') : withoutNames(detail, named),
  }
}

/** The hour and all but the time of the first. */
const keyOf = ({ at: _at, ...kind }: Kind, hour: number) => `${hour} ${JSON.stringify(kind)}`

const uuid = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi

/** What is the same whomever it was about. */
function withoutNames(detail: string, named: readonly string[]): string {
  // a longer one is refused for its length, and not repeated
  const longestFirst = named.filter((name) => name !== '' && name.length <= 255).sort((a, b) => b.length - a.length)
  let text = detail
  for (const name of longestFirst) {
    const literal = name.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
    text = text.replace(new RegExp(`(?<![\\p{L}\\p{N}])${literal}(?![\\p{L}\\p{N}])`, 'gu'), '…')
  }
  return text
    .replace(uuid, '…')
    .replace(/bulkId:? ?[^\s,]+/g, 'bulkId …')
    .slice(0, 500)
}
