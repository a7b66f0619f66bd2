import type { Actor } from '../../domain/access/actor'
import type { ProvisioningLine } from '../../domain/audit/provisioning-line'
import { DomainError } from '../../domain/errors'
import { parseUuid, type ClientId } from '../../domain/ids'
import type { Store } from '../../ports/store'
import type { ProvisioningQuery, Slice } from '../../ports/store/logs'
import { requireScope } from '../directory/authority'

/** What is asked for; `client` by id, or by the name it has now. */
export type ProvisioningFilter = Omit<ProvisioningQuery, 'clientId'> & { readonly client?: string }

export type ProvisioningPage = {
  readonly lines: readonly ProvisioningLine[]
  /** Where the next page begins; absent: this was the last. */
  readonly next?: string
}

/** So many slices are looked at for one page: about 100,000 lines. */
const mostSlices = 50

/**
 * Done and refused requests, newest first; refused ones by the time of the first. Where what is asked for is rare, a page may hold less
 * than `limit`, even nothing, and `next` still leads on: no page takes long, and nobody waits meanwhile.
 *
 * @param before the `next` of the page before
 * @throws DomainError notAllowed, clientNotFound
 */
export async function listProvisioning(
  deps: { readonly store: Store },
  actor: Actor,
  filter: ProvisioningFilter,
  limit: number,
  before?: string,
): Promise<ProvisioningPage> {
  requireScope(actor, 'admin')
  return pageOf(deps.store, await queryFrom(deps.store, filter), limit, before)
}

/** Every line that fulfils the filter, newest first, in slices. @throws DomainError notAllowed, clientNotFound; before the first slice */
export async function walkProvisioning(
  deps: { readonly store: Store },
  actor: Actor,
  filter: ProvisioningFilter,
): Promise<AsyncIterable<readonly ProvisioningLine[]>> {
  requireScope(actor, 'admin')
  return walk(deps.store, await queryFrom(deps.store, filter))
}

async function* walk(store: Store, query: ProvisioningQuery): AsyncIterable<readonly ProvisioningLine[]> {
  for (let before: string | undefined; ;) {
    const { lines, next } = await pageOf(store, query, 500, before)
    yield lines
    if (next === undefined) return
    before = next
    await others()
  }
}

async function queryFrom(store: Store, { client, ...query }: ProvisioningFilter): Promise<ProvisioningQuery> {
  if (client === undefined) return query
  // a deleted client has lines, but no name any more
  const id = parseUuid(client) ?? (await store.read.clients.findByName(client))?.id
  if (id === undefined) throw new DomainError('clientNotFound', `There is no client ${client}. See: kagami client list`)
  return { ...query, clientId: id as ClientId }
}

async function pageOf(store: Store, query: ProvisioningQuery, limit: number, before?: string): Promise<ProvisioningPage> {
  const { logs } = store.read
  const mayBe = (result: ProvisioningLine['result']) => query.result === undefined || query.result === result
  const done = mayBe('ok')
    ? await gather((from, most) => logs.done(query, from, most), limit + 1, before, await floorOf(store, query))
    : nothing
  const refused =
    mayBe('refused') && query.dialect === undefined
      ? await gather((from, most) => logs.refused(query, from, most), limit + 1, before)
      : nothing
  // as far as both were looked at
  const seenTo = [done.seenTo, refused.seenTo]
    .filter((id) => id !== undefined)
    .sort()
    .at(-1)
  const lines = [...done.lines, ...refused.lines]
    .filter(({ id }) => seenTo === undefined || id >= seenTo)
    .sort((a, b) => (a.id < b.id ? 1 : -1))
  if (lines.length > limit) return { lines: lines.slice(0, limit), next: lines[limit - 1]!.id }
  return { lines, ...(seenTo === undefined ? {} : { next: seenTo }) }
}

/** Others have their turn. */
const others = () => new Promise((resolve) => setImmediate(resolve))

const nothing: Slice<never> = { lines: [] }

/** Behind the oldest line lie those that the audit log alone keeps. Along one object or client there are none of them to pass. */
async function floorOf(store: Store, { clientId, objectId }: ProvisioningQuery): Promise<string | undefined> {
  return clientId === undefined && objectId === undefined ? ((await store.read.logs.oldest('done')) ?? 'none') : undefined
}

async function gather<Line>(
  read: (before: string | undefined, limit: number) => Promise<Slice<Line>>,
  limit: number,
  before: string | undefined,
  floor = '',
): Promise<Slice<Line>> {
  const lines: Line[] = []
  let from = before
  for (let i = 0; i < mostSlices && lines.length < limit; i++) {
    if (i > 0) await others()
    const slice = await read(from, limit - lines.length)
    lines.push(...slice.lines)
    if (slice.seenTo === undefined || slice.seenTo <= floor) return { lines }
    from = slice.seenTo
  }
  return { lines, ...(from === undefined ? {} : { seenTo: from }) }
}
