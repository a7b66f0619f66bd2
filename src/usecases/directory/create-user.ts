import type { Actor } from '../../domain/access/actor'
import { passwordSet, userChanges } from '../../domain/audit/change'
import type { Version } from '../../domain/brand'
import type { DialectRule } from '../../domain/directory/dialect'
import { checkUserAttributes } from '../../domain/directory/check-user'
import type { User, UserAttributes } from '../../domain/directory/user'
import type { UserId } from '../../domain/ids'
import { newUuid, type Clock } from '../../ports/clock'
import type { Passwords } from '../../ports/passwords'
import type { Store } from '../../ports/store'
import { asClient, requireScope } from './authority'
import type { UserView } from './user-view'

/**
 * A new person: in the directory now, in chat and mail within seconds. The same client with the same externalId gets back the person
 * it deleted (his id, never his memberships); an equal login name alone is a new person.
 *
 * @throws DomainError notAllowed, invalidLoginName, invalidAttribute, loginNameTaken, externalIdTaken
 */
export async function createUser(
  deps: { readonly store: Store; readonly clock: Clock; readonly passwords: Passwords },
  actor: Actor,
  draft: { readonly attributes: UserAttributes; readonly password?: string; readonly dialect?: ReadonlySet<DialectRule> },
): Promise<UserView> {
  requireScope(actor, 'users:write')
  const { attributes, password, dialect } = draft
  checkUserAttributes(attributes)
  const records = password === undefined ? undefined : await deps.passwords.makeRecords(password)
  const now = deps.clock.now()
  const id = newUuid(now) as UserId
  const changes = [...userChanges(undefined, attributes), ...(records ? [passwordSet] : [])]
  return deps.store.transact(async (tx) => {
    const draft: User = { ...attributes, id, kind: 'person', version: 1 as Version, createdAt: now, updatedAt: now }
    const user = await tx.users.insert(draft, asClient(actor))
    if (records) await tx.passwords.set(user.id, { ...records, changedAt: now, temporary: false })
    await tx.record({
      actor,
      action: 'add user',
      operation: 'create',
      object: { kind: 'user', id: user.id, label: user.loginName },
      detail: { changes, ...(user.id === id ? {} : { restored: true }) },
      ...(dialect && { dialect }),
      mirror: true,
    })
    return { user, groups: [] }
  })
}
