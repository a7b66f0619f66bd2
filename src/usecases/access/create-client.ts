import type { Actor } from '../../domain/access/actor'
import { checkRequestLimit, parseClientName, type Client, type ClientChange } from '../../domain/access/client'
import { parseAllowedAddresses } from '../../domain/access/client-addresses'
import type { Version } from '../../domain/brand'
import type { ClientId } from '../../domain/ids'
import { newUuid, type Clock } from '../../ports/clock'
import type { Store } from '../../ports/store'
import { requireScope } from '../directory/authority'

export type ClientDraft = ClientChange & { readonly name: string }

/** A new client, without tokens. @throws DomainError notAllowed, invalidAttribute, clientNameTaken */
export async function createClient(
  deps: { readonly store: Store; readonly clock: Clock },
  actor: Actor,
  draft: ClientDraft,
): Promise<Client> {
  requireScope(actor, 'admin')
  const now = deps.clock.now()
  const client = withChange(
    {
      id: newUuid(now) as ClientId,
      name: draft.name,
      allowedAddresses: [],
      ignoreUnknownMembers: false,
      version: 1 as Version,
      createdAt: now,
    },
    draft,
    now,
  )
  await deps.store.transact(async (tx) => {
    await tx.clients.insert(client)
    await tx.record({
      actor,
      action: 'create client',
      object: { kind: 'client', id: client.id, label: client.name },
      detail: told(client),
    })
  })
  return client
}

/** @throws DomainError invalidAttribute */
export function withChange(client: Client, change: ClientChange, now: number): Client {
  const { requestsPerSecond: ownLimit, disabledAt, ...kept } = client
  const limit = change.requestsPerSecond === undefined ? ownLimit : (change.requestsPerSecond ?? undefined)
  if (limit !== undefined) checkRequestLimit(limit)
  const disabled = change.disabled ?? disabledAt !== undefined
  return {
    ...kept,
    ...(change.name === undefined ? {} : { name: parseClientName(change.name) }),
    ...(change.allowedAddresses === undefined ? {} : { allowedAddresses: parseAllowedAddresses(change.allowedAddresses) }),
    ...(change.ignoreUnknownMembers === undefined ? {} : { ignoreUnknownMembers: change.ignoreUnknownMembers }),
    ...(limit === undefined ? {} : { requestsPerSecond: limit }),
    ...(disabled ? { disabledAt: disabledAt ?? now } : {}),
  }
}

/** What is told of a client in the audit log. */
export const told = ({ name, allowedAddresses, requestsPerSecond, ignoreUnknownMembers, disabledAt }: Client) => ({
  name,
  allowedAddresses,
  ...(requestsPerSecond === undefined ? {} : { requestsPerSecond }),
  ignoreUnknownMembers,
  disabled: disabledAt !== undefined,
})
