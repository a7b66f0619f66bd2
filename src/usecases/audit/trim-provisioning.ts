import type { Instant } from '../../domain/brand'
import type { Clock } from '../../ports/clock'
import type { Reader, Store } from '../../ports/store'
import type { ProvisioningPart } from '../../ports/store/logs'

/** How long, and how many lines of done and of refused requests each, the provisioning log keeps. */
export type ProvisioningBounds = { readonly days: number; readonly rows: number }

const day = 24 * 60 * 60_000
const chunk = 1_000

/** A change that began earlier has its line by now: what was counted is counted for ever. */
const settledMs = 10 * 60_000

/**
 * The provisioning log is within its bounds, but for what came in the last minutes; its oldest lines went. What the audit log keeps
 * stays there. How many lines there are is known from one run to the next, so that only new ones are counted.
 *
 * @returns how many went
 */
export async function trimProvisioning(
  deps: { readonly store: Store; readonly clock: Clock },
  { days, rows }: ProvisioningBounds,
): Promise<number> {
  const now = deps.clock.now()
  let gone = 0
  for (const part of ['done', 'refused'] as const) {
    await countNew(deps.store, part, now - settledMs)
    for (;;) {
      const some = await deps.store.transact(async (tx) => {
        const known = await knownOf(tx, part)
        const old = await tx.logs.letGo(part, chunk, now - days * day)
        const left = Math.max(0, known.lines - old)
        const over = left > rows ? await tx.logs.letGo(part, Math.min(left - rows, chunk)) : 0
        if (old + over > 0) await tx.settings.set(keyOf(part), { ...known, lines: left - over })
        return old + over
      }, 'bulk')
      gone += some
      if (some === 0) break
    }
  }
  return gone
}

const hourMs = 60 * 60_000

/** The time that a UUIDv7 begins with. */
const timeOf = (id: string | undefined): Instant | undefined =>
  id === undefined ? undefined : parseInt(id.slice(0, 8) + id.slice(9, 13), 16)

/** Lines before `to` are counted. */
type Known = { readonly lines: number; readonly to: Instant }

const keyOf = (part: ProvisioningPart) => `provisioning.${part}`

const knownOf = async ({ settings }: Pick<Reader, 'settings'>, part: ProvisioningPart) =>
  ((await settings.find(keyOf(part))) as Known | undefined) ?? { lines: 0, to: 0 }

async function countNew(store: Store, part: ProvisioningPart, to: Instant): Promise<void> {
  const known = await knownOf(store.read, part)
  if (to <= known.to) return
  let { lines, to: from } = known
  // in the beginning from the first line on; an hour at a time holds nobody up
  if (from === 0) from = timeOf(await store.read.logs.oldest(part)) ?? to
  for (; from < to; from += hourMs) {
    lines += await store.read.logs.count(part, from, Math.min(from + hourMs, to))
    await new Promise((resolve) => setImmediate(resolve))
  }
  await store.transact((tx) => tx.settings.set(keyOf(part), { lines, to }), 'bulk')
}
