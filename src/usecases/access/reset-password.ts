import { isOneMailbox, isSameAddress, resetAddressOf, resetLimits } from '../../domain/access/password-reset'
import { administratorsId } from '../../domain/directory/group'
import type { User } from '../../domain/directory/user'
import { DomainError } from '../../domain/errors'
import type { Passwords } from '../../ports/passwords'
import type { From } from './begin-session'
import { checkNewPassword } from './password-check'
import { findSignInSettings } from './sign-in-settings'
import { actorFrom, mayReset, resetHash, type ResetDeps } from './reset-request'

/**
 * Whose password a link sets. It uses nothing up.
 *
 * @throws DomainError linkInvalid when it was used or replaced, is too old, or since then the password was changed, or the address is no
 * longer his registered one, or is that which his codes are mailed to
 */
export async function findReset(deps: ResetDeps, token: string): Promise<User> {
  const { resets, users, passwords, secondSteps } = deps.store.read
  const reset = await resets.find(resetHash(token))
  const user = reset && reset.expiresAt > deps.clock.now() ? await users.find(reset.userId, undefined) : undefined
  const address = user?.status === 'inUse' ? resetAddressOf(user, deps.settings.mailDomain) : undefined
  if (!reset || !user || address === undefined || !isSameAddress(reset.address, address)) throw linkInvalid()
  if (isOneMailbox(await secondSteps.find(user.id), address)) throw linkInvalid()
  const password = await passwords.find(user.id)
  if (!(await mayReset(deps)) || !password || password.changedAt > reset.expiresAt - resetLimits.lifetimeMs) throw linkInvalid()
  return user
}

/**
 * Sets the password by a link, which is used up by it (S17). All his sessions end, and he signs in anew, with his second step where he
 * has one; chat and mail follow.
 *
 * @throws DomainError linkInvalid; PasswordRefused with the rules that it breaks
 */
export async function resetPassword(
  deps: ResetDeps & { readonly passwords: Passwords },
  from: From,
  token: string,
  wanted: string,
): Promise<void> {
  const found = await findReset(deps, token)
  const { id } = found
  const { password: policy } = (await findSignInSettings(deps.store.read)).settings
  const administrator = await deps.store.read.groups.isMember(administratorsId, id)
  await checkNewPassword(deps, policy, { user: found, administrator }, wanted)
  const records = await deps.passwords.makeRecords(wanted)
  await deps.store.transact(async (tx) => {
    if (!(await tx.resets.take(resetHash(token)))) throw linkInvalid()
    const user = await tx.users.getForUpdate(id, undefined)
    if (user.status !== 'inUse') throw linkInvalid()
    await tx.passwords.set(id, { ...records, changedAt: deps.clock.now(), temporary: false })
    await tx.sessions.deleteOf(id)
    await tx.record({
      actor: actorFrom(from),
      action: 'reset password',
      object: { kind: 'user', id, label: user.loginName },
      mirror: user.kind === 'person',
    })
  })
}

const linkInvalid = () =>
  new DomainError('linkInvalid', 'This link was used, has been replaced, or is too old. Ask for a new one.')
