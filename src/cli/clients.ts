import type { Parts } from '../assemble'
import { scopes, type Scope } from '../domain/access/actor'
import { hourMs, type Client, type ClientChange, type ClientUse } from '../domain/access/client'
import { tokenState, type Token } from '../domain/access/token'
import type { Instant } from '../domain/brand'
import { changeClient } from '../usecases/access/change-client'
import { createClient } from '../usecases/access/create-client'
import { createToken } from '../usecases/access/create-token'
import { deleteClient } from '../usecases/access/delete-client'
import { countExternalIds, getClient, listClients, listClientUses } from '../usecases/access/list-clients'
import { listTokens } from '../usecases/access/list-tokens'
import { revokeToken } from '../usecases/access/revoke-token'
import { rotateToken } from '../usecases/access/rotate-token'
import { day, operator, print, tell, Usage, wholeNumber } from './terminal'

export const clientHelp = `  kagami client create NAME               make a client: an identity provider or a script, without tokens
      [--addresses 192.0.2.0/24,2001:db8::/32]   from where it may call; default everywhere
      [--requests-per-second N]                  its own limit on each node
      [--ignore-unknown-members on|off]          leave out members that are nobody here instead of refusing
  kagami client list                      every client
  kagami client show NAME_OR_ID           its settings, tokens, and what it did in the last 7 days
  kagami client change NAME_OR_ID         the options of create, and [--name NEW]; --addresses '' is everywhere,
                                          --requests-per-second 0 the limit of the installation
  kagami client disable NAME_OR_ID        refuse its tokens until it is enabled again
  kagami client enable NAME_OR_ID
  kagami client delete NAME_OR_ID --yes   with its tokens and externalIds; people and groups stay
  kagami token create --client NAME       make a bearer token; it is shown this once. Makes the client too if there is none
      [--scopes users:read,users:write,groups:read,groups:write] [--days N]
      [--secret]                          a secret for OAuth 2.0 client credentials (/oauth/token) instead
      scopes: ${scopes.join(', ')}
  kagami token list [--client NAME]       every token and secret, without what it is
  kagami token rotate ID [--days N]       make one with the same scopes; the old one works on for an overlap
      [--overlap HOURS]                   default 24, 0 ends it now
  kagami token revoke ID                  refuse a token or secret from now on
`

export const clientOptions = {
  client: { type: 'string' },
  scopes: { type: 'string' },
  days: { type: 'string' },
  secret: { type: 'boolean' },
  overlap: { type: 'string' },
  name: { type: 'string' },
  addresses: { type: 'string' },
  'requests-per-second': { type: 'string' },
  'ignore-unknown-members': { type: 'string' },
  yes: { type: 'boolean' },
} as const

type Values = {
  readonly [Name in keyof typeof clientOptions]?:
    ((typeof clientOptions)[Name]['type'] extends 'boolean' ? boolean : string) | undefined
}
type Command = (parts: Parts, values: Values, argument: string) => Promise<void>

export const clientCommands: Readonly<Record<string, Command>> = {
  'client create': async (parts, values, name) => {
    const client = await createClient(parts, operator, { ...changeOf(values), name })
    print(client.id)
    tell(`The client ${client.name} was made. Give it a token: kagami token create --client '${client.name}'`)
  },
  'client list': async (parts) => {
    const clients = await listClients(parts, operator)
    if (clients.length === 0) return print('There are no clients. Make one: kagami client create NAME')
    for (const client of clients) print(clientLine(client))
  },
  'client show': clientShow,
  'client change': async (parts, values, idOrName) => {
    const change = changeOf(values)
    if (Object.keys(change).length === 0) throw new Usage('client change needs an option that says what is to change')
    const { id } = await getClient(parts, operator, idOrName)
    print(clientLine(await changeClient(parts, operator, id, change)))
  },
  'client disable': async (parts, _values, idOrName) => setDisabled(parts, idOrName, true),
  'client enable': async (parts, _values, idOrName) => setDisabled(parts, idOrName, false),
  'client delete': async (parts, values, idOrName) => {
    const { id, name } = await getClient(parts, operator, idOrName)
    const known = await countExternalIds(parts, operator, id)
    const tokens = (await listTokens(parts, operator, id)).length
    if (!values.yes)
      throw new Usage(`${name} has ${tokens} tokens and secrets, and ids of its own for ${known} people and groups. Add --yes`)
    await deleteClient(parts, operator, id)
    print(`The client ${name} is deleted. People and groups stay; ${known} of them have lost the externalId that it gave.`)
  },
  'token create': tokenCreate,
  'token list': tokenList,
  'token rotate': async (parts, values, id) => {
    const overlap = values.overlap === undefined ? {} : { overlapMs: wholeNumber('overlap', values.overlap, 0) * hourMs }
    const { token, row, oldEndsAt } = await rotateToken(parts, operator, id, { ...overlap, ...expiry(parts, values) })
    print(token)
    tell(`${describe(row)} It is shown this once. The old one ends at ${day(oldEndsAt)} UTC.`)
  },
  'token revoke': async (parts, _values, id) => {
    await revokeToken(parts, operator, id)
    print('Revoked.')
  },
}

/** What each command takes as its one argument. */
export const clientArguments: Readonly<Record<string, string>> = {
  'client create': 'a name',
  ...Object.fromEntries(
    ['show', 'change', 'disable', 'enable', 'delete'].map((verb) => [`client ${verb}`, 'the name or the id of a client']),
  ),
  'token rotate': 'the id of a token or secret',
  'token revoke': 'the id of a token or secret',
}

/** @throws Usage */
function changeOf(values: Values): ClientChange {
  const { name, addresses, 'requests-per-second': limit, 'ignore-unknown-members': ignore } = values
  if (ignore !== undefined && ignore !== 'on' && ignore !== 'off') throw new Usage('--ignore-unknown-members needs on or off')
  return {
    ...(name === undefined ? {} : { name }),
    ...(addresses === undefined ? {} : { allowedAddresses: addresses.split(',').filter((part) => part.trim() !== '') }),
    ...(limit === undefined ? {} : { requestsPerSecond: wholeNumber('requests-per-second', limit, 0) || null }),
    ...(ignore === undefined ? {} : { ignoreUnknownMembers: ignore === 'on' }),
  }
}

async function setDisabled(parts: Parts, idOrName: string, disabled: boolean): Promise<void> {
  const { id } = await getClient(parts, operator, idOrName)
  const { name } = await changeClient(parts, operator, id, { disabled })
  print(disabled ? `${name} is disabled: its tokens are refused within a second.` : `${name} is enabled.`)
}

const clientLine = (client: Client) =>
  [
    client.id,
    client.disabledAt === undefined ? 'enabled ' : 'disabled',
    client.name,
    `from ${client.allowedAddresses.join(',') || 'everywhere'}`,
    ...(client.requestsPerSecond === undefined ? [] : [`${client.requestsPerSecond} requests/s`]),
    ...(client.ignoreUnknownMembers ? ['ignores unknown members'] : []),
    `last request ${day(client.lastRequestAt)}`,
  ].join('  ')

async function clientShow(parts: Parts, _values: Values, idOrName: string): Promise<void> {
  const client = await getClient(parts, operator, idOrName)
  print(clientLine(client))
  const now = parts.clock.now()
  for (const token of await listTokens(parts, operator, client.id)) print(`  ${tokenLine(token, now)}`)
  const uses = await listClientUses(parts, operator, client.id, now - 7 * 24 * hourMs, now)
  for (const line of useLines(uses)) print(`  ${line}`)
}

function useLines(uses: readonly ClientUse[]): readonly string[] {
  const sums = new Map<string, number>()
  for (const { operation, outcome, requests } of uses) {
    const key = `${operation} ${outcome}`
    sums.set(key, (sums.get(key) ?? 0) + requests)
  }
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, requests]) => `${key}: ${requests} in 7 days`)
}

const scimScopes: readonly Scope[] = ['users:read', 'users:write', 'groups:read', 'groups:write']

async function tokenCreate(parts: Parts, values: Values): Promise<void> {
  const { client, scopes: wanted, secret } = values
  if (client === undefined) throw new Usage('token create needs --client NAME, the name of the identity provider or script')
  const { token, row } = await createToken(parts, operator, {
    kind: secret ? 'secret' : 'token',
    client,
    scopes: wanted === undefined ? scimScopes : parseScopes(wanted),
    ...expiry(parts, values),
  })
  print(token)
  tell(`${describe(row)} It is shown this once.`)
}

const describe = ({ kind, id, clientId, clientName, scopes: given }: Token) =>
  kind === 'secret'
    ? `Secret ${id} of the client ${clientName}; client_id ${clientId}; scopes ${given.join(', ')}.`
    : `Token ${id} of the client ${clientName}; scopes ${given.join(', ')}.`

/** @throws Usage */
function expiry(parts: Parts, { days }: Values): { readonly expiresAt?: Instant } {
  return days === undefined ? {} : { expiresAt: parts.clock.now() + wholeNumber('days', days, 1) * 24 * hourMs }
}

/** @throws Usage */
function parseScopes(text: string): readonly Scope[] {
  return text.split(',').map((part) => {
    const scope = scopes.find((known) => known === part.trim())
    if (!scope) throw new Usage(`there is no scope ${part.trim()}. Scopes: ${scopes.join(', ')}`)
    return scope
  })
}

async function tokenList(parts: Parts, { client }: Values): Promise<void> {
  const of = client === undefined ? undefined : await getClient(parts, operator, client)
  const tokens = await listTokens(parts, operator, of?.id)
  if (tokens.length === 0) return print('There are no tokens. Make one: kagami token create --client NAME')
  for (const token of tokens) print(tokenLine(token, parts.clock.now()))
}

const tokenLine = (token: Token, now: Instant) =>
  [
    token.id,
    tokenState(token, now).padEnd(7),
    token.kind.padEnd(6),
    token.clientName,
    token.hint,
    token.scopes.join(','),
    ...(token.expiresAt === undefined ? [] : [`expires ${day(token.expiresAt)}`]),
    `last used ${day(token.lastUsedAt)}${token.lastUsedAddress === undefined ? '' : ` from ${token.lastUsedAddress}`}`,
  ].join('  ')
