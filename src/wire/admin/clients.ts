import { z } from 'zod'
import { scopes } from '../../domain/access/actor'
import { maxRequestsPerSecond, type Client, type ClientUse, type Outcome } from '../../domain/access/client'
import { tokenState, type Token } from '../../domain/access/token'
import type { Instant } from '../../domain/brand'

const yesNo = z.boolean('Send true or false.')
const name = z.string('Send a text.').min(1, 'Name the client.').max(128, 'Send at most 128 characters.')
const changes = {
  allowedAddresses: z
    .array(z.string('Send a text such as 192.0.2.0/24.'), 'Send a list of addresses and networks, [] for everywhere.')
    .describe('Addresses and networks (CIDR) from which the client may call; [] for everywhere')
    .exactOptional(),
  requestsPerSecond: z
    .int(`Send a whole number from 1 to ${maxRequestsPerSecond}, or null.`)
    .min(1, `Send a whole number from 1 to ${maxRequestsPerSecond}, or null.`)
    .max(maxRequestsPerSecond, `Send a whole number from 1 to ${maxRequestsPerSecond}, or null.`)
    .nullable()
    .describe('On each node; null: as the installation says')
    .exactOptional(),
  ignoreUnknownMembers: yesNo.describe('Members that are nobody here are left out instead of refused').exactOptional(),
  disabled: yesNo.describe('The tokens of a disabled client are refused').exactOptional(),
}
const expiresAt = z.iso
  .datetime({ offset: true, error: 'Send a time such as 2027-01-31T00:00:00Z, or leave it out.' })
  .transform((text) => Date.parse(text))
  .exactOptional()

export const clientDraft = z.strictObject({ name, ...changes })
export const clientChange = z.strictObject({ name: name.exactOptional(), ...changes })
export const tokenDraft = z.strictObject({
  scopes: z
    .array(z.enum(scopes, `Send one of ${scopes.join(', ')}.`), `Send a list of ${scopes.join(', ')}.`)
    .min(1, `Send at least one of ${scopes.join(', ')}.`),
  expiresAt,
})
export const rotation = z.strictObject({
  overlapSeconds: z
    .int('Send a whole number of seconds, 0 to end the old one now.')
    .min(0, 'Send a whole number of seconds, 0 to end the old one now.')
    .max(90 * 86_400, 'Send at most 7776000 seconds (90 days).')
    .describe('How long the old one still works; 86400 when absent')
    .exactOptional(),
  expiresAt: expiresAt.describe('When the new one ends; when absent, after as long as the old one was to live'),
})

const time = (at: Instant | undefined) => (at === undefined ? undefined : new Date(at).toISOString())

export const presentClient = (client: Client) => ({
  id: client.id,
  name: client.name,
  allowedAddresses: client.allowedAddresses,
  requestsPerSecond: client.requestsPerSecond ?? null,
  ignoreUnknownMembers: client.ignoreUnknownMembers,
  disabled: client.disabledAt !== undefined,
  createdAt: time(client.createdAt),
  disabledAt: time(client.disabledAt),
  lastRequestAt: time(client.lastRequestAt),
})

export const presentToken = (token: Token, now: Instant) => ({
  id: token.id,
  hint: token.hint,
  scopes: token.scopes,
  state: tokenState(token, now),
  createdAt: time(token.createdAt),
  expiresAt: time(token.expiresAt),
  revokedAt: time(token.revokedAt),
  lastUsedAt: time(token.lastUsedAt),
  lastUsedAddress: token.lastUsedAddress,
})

type Counts = { readonly [outcome in Outcome]: number }
const none: Counts = { ok: 0, refused: 0, failed: 0, limited: 0 }

/** The same requests twice: by operation, and by hour. */
export function presentStatistics(
  { lastRequestAt }: Client,
  uses: readonly ClientUse[],
  { from, to }: { readonly from: Instant; readonly to: Instant },
) {
  const [operations, hours] = [new Map<string, Counts>(), new Map<Instant, Counts>()]
  for (const { operation, hour, outcome, requests } of uses) {
    const add = (counts = none) => ({ ...counts, [outcome]: counts[outcome] + requests })
    operations.set(operation, add(operations.get(operation)))
    hours.set(hour, add(hours.get(hour)))
  }
  return {
    from: time(from),
    to: time(to),
    lastRequestAt: time(lastRequestAt),
    operations: [...operations].sort(([a], [b]) => (a < b ? -1 : 1)).map(([operation, counts]) => ({ operation, ...counts })),
    hours: [...hours].map(([hour, counts]) => ({ hour: time(hour), ...counts })),
  }
}
