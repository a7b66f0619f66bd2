import type { Actor } from '../../domain/access/actor'
import { passwordSet, userChanges } from '../../domain/audit/change'
import type { Version } from '../../domain/brand'
import { checkUserAttributes } from '../../domain/directory/check-user'
import { checkVersion } from '../../domain/directory/check-version'
import type { User, UserAttributes, UserEdit } from '../../domain/directory/user'
import { DomainError } from '../../domain/errors'
import type { UserId } from '../../domain/ids'
import { concernsAccounts } from '../../domain/mirror/plan-account'
import type { Clock } from '../../ports/clock'
import type { PasswordRecords, Passwords } from '../../ports/passwords'
import type { RecordedChange, Store, Tx } from '../../ports/store'
import type { AsClient, Locked } from '../../ports/store/directory'
import { Together } from '../together'
import { asClient, requireScope } from './authority'
import { isTaken } from './is-taken'
import type { UserView } from '../../ports/store/directory'

type Deps = { readonly store: Store; readonly clock: Clock; readonly passwords: Passwords }

type EditUser = (actor: Actor, id: UserId, edit: UserEdit, ifVersions?: readonly Version[]) => Promise<UserView>

/** What is asked of one person, with the hashes made. */
type Wanted = {
  readonly actor: Actor
  readonly id: UserId
  readonly edit: UserEdit
  readonly ifVersions: readonly Version[] | undefined
  readonly records: PasswordRecords | undefined
}

/** What became of it. */
type Outcome = { readonly view: UserView } | { readonly refused: unknown }

/**
 * Changes a person: PUT, PATCH and forms alike. What changes nothing leaves no trace: version, time and logs stay (RFC 7644 §3.5.2.1).
 * Suspending ends his sessions here, and by the mirror in chat and mail (D5, C13).
 *
 * @param ifVersions refuses the change unless the person is at one of them (If-Match; RFC 7644 §3.14)
 * @throws DomainError notAllowed, userNotFound, versionMismatch, invalidLoginName, invalidAttribute, loginNameTaken, externalIdTaken;
 * what `edit.apply` throws
 */
export async function editUser(deps: Deps, ...[actor, id, edit, ifVersions]: Parameters<EditUser>): Promise<UserView> {
  const wanted = await prepare(deps, actor, id, edit, ifVersions)
  const [outcome] = await editAll(deps, [wanted])
  return viewOf(outcome!)
}

/** The same for many at once: those of one moment share a transaction, and each is answered by himself. */
export function usersEditedTogether(deps: Deps): EditUser {
  const together = new Together<Wanted, Outcome>(
    (wanted) => editAll(deps, wanted),
    async (one) => (await editAll(deps, [one]))[0]!,
    isTaken,
    deps.store.roundsAtOnce,
  )
  return async (...asked) => viewOf(await together.do(await prepare(deps, ...asked)))
}

/** Before the transaction: authority and hashes. */
async function prepare(deps: Deps, ...[actor, id, edit, ifVersions]: Parameters<EditUser>): Promise<Wanted> {
  requireScope(actor, 'users:write')
  const records = edit.password === undefined ? undefined : await deps.passwords.makeRecords(edit.password)
  return { actor, id, edit, ifVersions, records }
}

function viewOf(outcome: Outcome): UserView {
  if ('refused' in outcome) throw outcome.refused
  return outcome.view
}

/** One after the other, as if each came alone; who is refused has changed nothing, so the others go on. */
const editAll = (deps: Deps, all: readonly Wanted[]): Promise<readonly Outcome[]> =>
  deps.store.transact(async (tx) => {
    const people = await lockAll(tx, all)
    const changes: RecordedChange[] = []
    const after: (Locked | { readonly refused: unknown })[] = []
    for (const wanted of all) {
      const { id } = wanted
      const as = asClient(wanted.actor)
      const known = people.get(id)
      const planned = plan(wanted, known && (known.get(as) ?? (await tx.users.lock([id], as))[0]))
      if ('refused' in planned) {
        after.push(planned)
        continue
      }
      const { user, isInGroups, to, change } = planned
      const now = { user: change?.changed ? await tx.users.update(user, to, as) : user, isInGroups }
      people.set(id, new Map([[as, now]])) // another client would see him as he was
      after.push(now)
      if (!change) continue
      await endOldAccess(deps, tx, wanted, user, to)
      changes.push(change.recorded)
    }
    await tx.recordAll(changes)
    const placed = new Set(after.flatMap((one) => ('user' in one && one.isInGroups ? [one.user.id] : [])))
    const groups = await tx.users.groupsOf([...placed])
    return after.map((one) => ('user' in one ? { view: { user: one.user, groups: groups.get(one.user.id) ?? [] } } : one))
  })

/** Those who are there, as each client sees them: it has its own externalId for everybody. */
async function lockAll(tx: Tx, all: readonly Wanted[]): Promise<Map<UserId, Map<AsClient, Locked>>> {
  const people = new Map<UserId, Map<AsClient, Locked>>()
  for (const as of new Set(all.map(({ actor }) => asClient(actor)))) {
    const ids = new Set(all.flatMap(({ actor, id }) => (asClient(actor) === as ? [id] : [])))
    for (const locked of await tx.users.lock([...ids], as)) {
      const views = people.get(locked.user.id)
      if (views) views.set(as, locked)
      else people.set(locked.user.id, new Map([[as, locked]]))
    }
  }
  return people
}

type Plan = Locked & {
  readonly to: UserAttributes
  /** Absent: nothing is to be done. */
  readonly change?: { readonly changed: boolean; readonly recorded: RecordedChange }
}

function plan(
  { actor, id, edit, ifVersions, records }: Wanted,
  locked: Locked | undefined,
): Plan | { readonly refused: unknown } {
  try {
    const { user } = locked ?? {}
    if (!locked || !user || user.kind === 'builtIn') throw new DomainError('userNotFound', `There is no user ${id}.`)
    checkVersion('user', user.version, ifVersions)
    const from = attributesOf(user)
    const to = edit.apply(from)
    const changes = userChanges(from, to)
    const changed = changes.length > 0
    if (changed) checkUserAttributes(to)
    if (!changed && !records) return { ...locked, to }
    const recorded: RecordedChange = {
      actor,
      action: changed ? 'update user' : 'update user password',
      operation: edit.replaces ? 'replace' : 'patch',
      object: { kind: 'user', id, label: to.loginName },
      detail: { changes: records ? [...changes, passwordSet] : changes },
      ...(edit.dialect && { dialect: edit.dialect }),
      mirror: records !== undefined || concernsAccounts(from, to) ? true : 'failed',
    }
    return { ...locked, to, change: { changed, recorded } }
  } catch (refused) {
    return { refused }
  }
}

/** A new password, and the end of the sessions that the old state had. */
async function endOldAccess(deps: Deps, tx: Tx, { id, records }: Wanted, from: User, to: UserAttributes): Promise<void> {
  if (records) await tx.passwords.set(id, { ...records, changedAt: deps.clock.now(), temporary: false })
  if (records || from.status !== to.status) await tx.sessions.deleteOf(id)
}

function attributesOf(user: User): UserAttributes {
  const { id: _id, kind: _kind, version: _version, createdAt: _createdAt, updatedAt: _updatedAt, ...attributes } = user
  return attributes
}
