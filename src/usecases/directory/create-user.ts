import type { Actor } from '../../domain/access/actor'
import { passwordSet, userChanges, type AttributeChange } from '../../domain/audit/change'
import type { Version } from '../../domain/brand'
import { checkUserAttributes } from '../../domain/directory/check-user'
import type { DialectRule } from '../../domain/directory/dialect'
import type { User, UserAttributes } from '../../domain/directory/user'
import type { UserId } from '../../domain/ids'
import { newUuid, type Clock } from '../../ports/clock'
import type { PasswordRecords, Passwords } from '../../ports/passwords'
import type { RecordedChange, Store, Tx } from '../../ports/store'
import { Together } from '../together'
import { asClient, requireScope } from './authority'
import { isTaken } from './is-taken'
import type { UserView } from '../../ports/store/directory'

type Deps = { readonly store: Store; readonly clock: Clock; readonly passwords: Passwords }

export type UserDraft = {
  readonly attributes: UserAttributes
  readonly password?: string
  readonly dialect?: ReadonlySet<DialectRule>
}

/** Somebody who may be made, with all that is to be written of him. */
type Creation = {
  readonly actor: Actor
  readonly user: User
  readonly records?: PasswordRecords
  readonly changes: readonly AttributeChange[]
  readonly dialect?: ReadonlySet<DialectRule>
}

/**
 * A new person: in the directory now, in chat and mail within seconds. The same client with the same externalId gets back the person
 * it deleted (his id, never his memberships); an equal login name alone is a new person.
 *
 * @throws DomainError notAllowed, invalidLoginName, invalidAttribute, loginNameTaken, externalIdTaken
 */
export async function createUser(deps: Deps, actor: Actor, draft: UserDraft): Promise<UserView> {
  return createOne(deps.store, await prepare(deps, actor, draft))
}

/** The same for many at once: those of one moment share a transaction, and each is answered by himself. */
export function usersCreatedTogether(deps: Deps): (actor: Actor, draft: UserDraft) => Promise<UserView> {
  const { store } = deps
  const together = new Together<Creation, UserView>(
    (creations) => createAll(store, creations),
    (creation) => createOne(store, creation),
    isTaken, // also of one who comes back
    store.roundsAtOnce,
  )
  return async (actor, draft) => together.do(await prepare(deps, actor, draft))
}

/** Before the transaction: authority, rules, hashes. */
async function prepare(deps: Deps, actor: Actor, { attributes, password, dialect }: UserDraft): Promise<Creation> {
  requireScope(actor, 'users:write')
  checkUserAttributes(attributes)
  const records = password === undefined ? undefined : await deps.passwords.makeRecords(password)
  const now = deps.clock.now()
  return {
    actor,
    user: { ...attributes, id: newUuid(now) as UserId, kind: 'person', version: 1 as Version, createdAt: now, updatedAt: now },
    changes: [...userChanges(undefined, attributes), ...(records ? [passwordSet] : [])],
    ...(records && { records }),
    ...(dialect && { dialect }),
  }
}

const createOne = (store: Store, creation: Creation): Promise<UserView> =>
  store.transact(async (tx) => {
    const { actor, user: draft } = creation
    const user = await tx.users.insert(draft, asClient(actor))
    await setPassword(tx, creation, user.id)
    await tx.record(recorded(creation, user))
    return { user, groups: [] }
  })

const createAll = (store: Store, creations: readonly Creation[]): Promise<readonly UserView[]> =>
  store.transact(async (tx) => {
    await tx.users.insertNew(creations.map(({ actor, user }) => ({ user, as: asClient(actor) })))
    for (const creation of creations) await setPassword(tx, creation, creation.user.id)
    await tx.recordAll(creations.map((creation) => recorded(creation, creation.user)))
    return creations.map(({ user }) => ({ user, groups: [] }))
  })

async function setPassword(tx: Tx, { records, user: { createdAt } }: Creation, id: UserId): Promise<void> {
  if (records) await tx.passwords.set(id, { ...records, changedAt: createdAt, temporary: false })
}

const recorded = ({ actor, user: draft, changes, dialect }: Creation, user: User): RecordedChange => ({
  actor,
  action: 'add user',
  operation: 'create',
  object: { kind: 'user', id: user.id, label: user.loginName },
  detail: { changes, ...(user.id === draft.id ? {} : { restored: true }) },
  ...(dialect && { dialect }),
  mirror: true,
})
