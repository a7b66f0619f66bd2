import type { Actor } from '../../domain/access/actor'
import { passwordSet, userChanges } from '../../domain/audit/change'
import type { Version } from '../../domain/brand'
import { checkUserAttributes } from '../../domain/directory/check-user'
import type { User, UserAttributes, UserEdit } from '../../domain/directory/user'
import { DomainError } from '../../domain/errors'
import type { UserId } from '../../domain/ids'
import type { Clock } from '../../ports/clock'
import type { Passwords } from '../../ports/passwords'
import type { Store } from '../../ports/store'
import { asClient, requireScope } from './authority'
import { viewUser, type UserView } from './user-view'

/**
 * Changes a person: PUT, PATCH and forms alike. What changes nothing leaves no trace: version, time and logs stay (RFC 7644 §3.5.2.1).
 * Suspending ends his sessions here, and by the mirror in chat and mail (D5, C13).
 *
 * @param ifVersions refuses the change unless the person is at one of them (If-Match; RFC 7644 §3.14)
 * @throws DomainError notAllowed, userNotFound, versionMismatch, invalidLoginName, invalidAttribute, loginNameTaken, externalIdTaken;
 * what `edit.apply` throws
 */
export async function editUser(
  deps: { readonly store: Store; readonly clock: Clock; readonly passwords: Passwords },
  actor: Actor,
  id: UserId,
  edit: UserEdit,
  ifVersions?: readonly Version[],
): Promise<UserView> {
  requireScope(actor, 'users:write')
  const records = edit.password === undefined ? undefined : await deps.passwords.makeRecords(edit.password)
  return deps.store.transact(async (tx) => {
    const as = asClient(actor)
    const user = await tx.users.getForUpdate(id, as, ifVersions)
    if (user.kind === 'builtIn') throw new DomainError('userNotFound', `There is no user ${id}.`)
    const from = attributesOf(user)
    const to = edit.apply(from)
    const changes = userChanges(from, to)
    const changed = changes.length > 0
    if (changed) checkUserAttributes(to)
    const after = changed ? await tx.users.update(user, to, as) : user
    if (records) await tx.passwords.set(id, { ...records, changedAt: deps.clock.now(), temporary: false })
    if (records || from.status !== to.status) await tx.sessions.deleteOf(id)
    if (!changed && !records) return viewUser(tx.users, user)
    await tx.record({
      actor,
      action: changed ? 'update user' : 'update user password',
      operation: edit.replaces ? 'replace' : 'patch',
      object: { kind: 'user', id, label: to.loginName },
      detail: { changes: records ? [...changes, passwordSet] : changes },
      ...(edit.dialect && { dialect: edit.dialect }),
      mirror: true,
    })
    return viewUser(tx.users, after)
  })
}

function attributesOf(user: User): UserAttributes {
  const { id: _id, kind: _kind, version: _version, createdAt: _createdAt, updatedAt: _updatedAt, ...attributes } = user
  return attributes
}
