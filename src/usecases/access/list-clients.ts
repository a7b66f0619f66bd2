import type { Actor } from '../../domain/access/actor'
import type { Client, ClientUse } from '../../domain/access/client'
import type { Instant } from '../../domain/brand'
import { DomainError } from '../../domain/errors'
import { parseUuid, type ClientId } from '../../domain/ids'
import type { Store } from '../../ports/store'
import { requireScope } from '../directory/authority'

type Deps = { readonly store: Store }

/** Every client, by name. @throws DomainError notAllowed */
export async function listClients(deps: Deps, actor: Actor): Promise<readonly Client[]> {
  requireScope(actor, 'admin')
  return deps.store.read.clients.list()
}

/** By id, or by name. @throws DomainError notAllowed, clientNotFound */
export async function getClient(deps: Deps, actor: Actor, idOrName: string): Promise<Client> {
  requireScope(actor, 'admin')
  const { clients } = deps.store.read
  const id = parseUuid(idOrName) as ClientId | undefined
  const client = (id && (await clients.find(id))) ?? (await clients.findByName(idOrName.trim()))
  if (!client) throw new DomainError('clientNotFound', `There is no client ${idOrName}. See: kagami client list`)
  return client
}

/** How many objects this client knows by ids of its own: they are forgotten with it. @throws DomainError notAllowed */
export async function countExternalIds(deps: Deps, actor: Actor, id: ClientId): Promise<number> {
  requireScope(actor, 'admin')
  return deps.store.read.clients.countExternalIds(id)
}

/** What a client asked for in the hours that began in [from, to). @throws DomainError notAllowed */
export async function listClientUses(
  deps: Deps,
  actor: Actor,
  id: ClientId,
  from: Instant,
  to: Instant,
): Promise<readonly ClientUse[]> {
  requireScope(actor, 'admin')
  return deps.store.read.clients.uses(id, from, to)
}
