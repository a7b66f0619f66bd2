import { randomBytes } from 'node:crypto'
import type { Actor } from '../../domain/access/actor'
import type { Version } from '../../domain/brand'
import { administratorsId } from '../../domain/directory/group'
import { parseLoginName } from '../../domain/directory/login-name'
import type { User } from '../../domain/directory/user'
import { DomainError } from '../../domain/errors'
import type { UserId } from '../../domain/ids'
import { newUuid, type Clock } from '../../ports/clock'
import type { Passwords } from '../../ports/passwords'
import type { Store } from '../../ports/store'
import { requireScope } from '../directory/authority'

const provisionalMs = 60 * 60_000

/**
 * A common administrator (D60) with a password for `/login?saml=off`. A person who is in the directory already becomes one; else a
 * built-in account is made, which is neither in SCIM lists nor mirrored.
 *
 * @param password absent: one is made; it is temporary, to be changed at the first sign-in (S11)
 * @param isProvisional for an hour only, to appoint another when nobody can sign in (D61); never a person of the directory
 * @returns the password, this once
 * @throws DomainError notAllowed, invalidLoginName
 */
export async function createAdministrator(
  deps: { readonly store: Store; readonly clock: Clock; readonly passwords: Passwords },
  actor: Actor,
  login: string,
  password?: string,
  isProvisional = false,
): Promise<{ readonly loginName: string; readonly password: string; readonly created: boolean }> {
  requireScope(actor, 'admin')
  const loginName = parseLoginName(login)
  const secret = password ?? randomBytes(12).toString('base64url')
  const records = await deps.passwords.makeRecords(secret)
  const now = deps.clock.now()
  const fresh: User = {
    id: newUuid(now) as UserId,
    kind: 'builtIn',
    loginName,
    status: 'inUse',
    displayName: loginName,
    profile: {},
    version: 1 as Version,
    createdAt: now,
    updatedAt: now,
  }
  return deps.store.transact(async (tx) => {
    const known = await tx.users.findByLoginName(loginName)
    if (known?.status === 'suspended') {
      throw new DomainError(
        'invalidAttribute',
        `${loginName} is suspended. Set the user in use first, or take another login name.`,
      )
    }
    if (known && isProvisional)
      throw new DomainError('loginNameTaken', `There is a user ${loginName} already. Take another login name.`)
    const user = known ?? fresh
    if (!known) await tx.users.insert(fresh, undefined)
    await tx.passwords.set(user.id, { ...records, changedAt: now, temporary: password === undefined && !isProvisional })
    await tx.passwords.setUsableUntil(user.id, isProvisional ? now + provisionalMs : undefined)
    await tx.sessions.deleteOf(user.id)
    await tx.groups.join(administratorsId, user.id)
    await tx.record({
      actor,
      action: isProvisional ? 'add provisional Administrator' : 'assign administrators',
      object: { kind: 'user', id: user.id, label: loginName },
      mirror: user.kind === 'person',
    })
    return { loginName, password: secret, created: !known }
  })
}
