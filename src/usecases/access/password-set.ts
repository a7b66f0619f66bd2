import { randomBytes } from 'node:crypto'
import type { Actor } from '../../domain/access/actor'
import { expiresAt, isLocked, isTemporary, type ShownPassword } from '../../domain/access/password-state'
import type { User } from '../../domain/directory/user'
import { DomainError } from '../../domain/errors'
import { parseUuid, type UserId } from '../../domain/ids'
import type { Reader, Store } from '../../ports/store'
import { requireScope } from '../directory/authority'
import { checkGivenPassword, type PasswordDeps } from './password-check'
import { findSignInSettings } from './sign-in-settings'

/** What is to be known of somebody's password, but for itself. @param who id or userName @throws DomainError notAllowed, userNotFound */
export async function showPassword(deps: PasswordDeps, actor: Actor, who: string): Promise<ShownPassword> {
  requireScope(actor, 'admin')
  const { read } = deps.store
  const user = await getUser(read, who)
  const [kept, row] = await Promise.all([findSignInSettings(read), read.passwords.find(user.id)])
  const of = { userId: user.id, loginName: user.loginName }
  if (!row) return { ...of, isSet: false, neverExpires: false, temporary: false, failures: 0, locked: false }
  const ends = expiresAt(kept.settings, row)
  return {
    ...of,
    isSet: true,
    changedAt: row.changedAt,
    ...(ends !== undefined && { expiresAt: ends }),
    neverExpires: row.neverExpires,
    temporary: isTemporary(kept, row),
    failures: row.failures,
    locked: isLocked(kept.settings.lockout, row, deps.clock.now()),
  }
}

export type GivenPassword = {
  /** Absent: one is made. */
  readonly password?: string
  /** Absent: as it was (D3). */
  readonly neverExpires?: boolean
}

/**
 * An administrator sets somebody's password (D3, D4): it is temporary, so where the policy says so it must be changed at the next
 * sign-in. Sessions end, a lockout is released, chat and mail follow.
 *
 * @param who id or userName
 * @returns the password, this once
 * @throws DomainError notAllowed, userNotFound; PasswordRefused
 */
export async function setPassword(
  deps: PasswordDeps,
  actor: Actor,
  who: string,
  { password: given, neverExpires }: GivenPassword,
): Promise<{ readonly loginName: string; readonly password: string }> {
  requireScope(actor, 'admin')
  const { id } = await getUser(deps.store.read, who)
  const password = given ?? randomBytes(12).toString('base64url')
  const { settings } = await findSignInSettings(deps.store.read)
  await checkGivenPassword(deps, settings.password, id, password)
  const records = await deps.passwords.makeRecords(password)
  return deps.store.transact(async (tx) => {
    const user = await tx.users.getForUpdate(id, undefined)
    const kept = neverExpires === undefined ? {} : { neverExpires }
    await tx.passwords.set(id, { ...records, ...kept, changedAt: deps.clock.now(), temporary: true })
    await tx.sessions.deleteOf(id)
    await tx.record({
      actor,
      action: 'update user password',
      object: { kind: 'user', id, label: user.loginName },
      detail: { temporary: true, ...kept },
      mirror: user.kind === 'person',
    })
    return { loginName: user.loginName, password }
  })
}

/** Keeps the password, and says whether its lifetime is bound (現在のパスワードを使用する; D4). @throws DomainError notAllowed, userNotFound */
export async function setNeverExpires(
  deps: { readonly store: Store },
  actor: Actor,
  who: string,
  wanted: boolean,
): Promise<void> {
  requireScope(actor, 'admin')
  const { id } = await getUser(deps.store.read, who)
  await deps.store.transact(async (tx) => {
    const user = await tx.users.getForUpdate(id, undefined)
    const row = await tx.passwords.getForUpdate(id)
    if (!row) throw new DomainError('invalidAttribute', `${user.loginName} has no password yet. Set one first.`)
    if (row.neverExpires === wanted) return
    await tx.passwords.setNeverExpires(id, wanted)
    await tx.record({
      actor,
      action: 'update user password',
      object: { kind: 'user', id, label: user.loginName },
      detail: { neverExpires: wanted },
    })
  })
}

async function getUser({ users }: Pick<Reader, 'users'>, who: string): Promise<User> {
  const id = parseUuid(who)
  const user = (id === undefined ? undefined : await users.find(id as UserId, undefined)) ?? (await users.findByLoginName(who))
  if (!user) throw new DomainError('userNotFound', `There is no user ${who}.`)
  return user
}
