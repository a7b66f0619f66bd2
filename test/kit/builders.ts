import type { Actor, Scope } from '../../src/domain/access/actor'
import type { Client } from '../../src/domain/access/client'
import type { Token } from '../../src/domain/access/token'
import type { Version } from '../../src/domain/brand'
import type { Group } from '../../src/domain/directory/group'
import { parseLoginName } from '../../src/domain/directory/login-name'
import type { User } from '../../src/domain/directory/user'
import type { ClientId, GroupId, TokenId, UserId } from '../../src/domain/ids'
import type { AccountName } from '../../src/domain/mirror/account'
import type { Link } from '../../src/domain/mirror/link'
import { newUuid } from '../../src/ports/clock'

export const start = Date.UTC(2026, 3, 1, 9)

/** A person in use; what a test does not name does not matter to it. */
export function aUser({
  loginName = 'taro',
  ...rest
}: Partial<Omit<User, 'loginName'>> & { readonly loginName?: string } = {}): User {
  return {
    id: newUuid(start) as UserId,
    kind: 'person',
    status: 'inUse',
    loginName: parseLoginName(loginName),
    profile: {},
    version: 1 as Version,
    createdAt: start,
    updatedAt: start,
    ...rest,
  }
}

export function aGroup(rest: Partial<Group> = {}): Group {
  return {
    id: newUuid(start) as GroupId,
    name: '営業部',
    kind: 'static',
    builtIn: false,
    version: 1 as Version,
    createdAt: start,
    updatedAt: start,
    ...rest,
  }
}

/** A person who has the account `taro`, made and named earlier. */
export function aLink(objectId: UserId, rest: Partial<Link> = {}): Link {
  return { objectId, accountName: 'taro' as AccountName, appliedHash: 'earlier', named: true, aliases: [], ...rest }
}

/** The row of a client that may do what it likes from everywhere. */
export function aClientRow(rest: Partial<Client> = {}): Client {
  return {
    id: newUuid(start) as ClientId,
    name: 'Entra',
    allowedAddresses: [],
    ignoreUnknownMembers: false,
    version: 1 as Version,
    createdAt: start,
    ...rest,
  }
}

export function aToken(client: Client, rest: Partial<Token> = {}): Token {
  return {
    id: newUuid(start) as TokenId,
    kind: 'token',
    clientId: client.id,
    clientName: client.name,
    hash: newUuid(start),
    hint: 'kgm_1234…',
    scopes: ['users:read'],
    createdAt: start,
    ...rest,
  }
}

/** An identity provider with all SCIM scopes. */
export function aClient(
  name = 'entra',
  scopes: readonly Scope[] = ['users:read', 'users:write', 'groups:read', 'groups:write'],
): Extract<Actor, { readonly kind: 'client' }> {
  return { kind: 'client', clientId: newUuid(start) as ClientId, name, scopes: new Set(scopes) }
}
