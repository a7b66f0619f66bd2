import { DomainError } from '../../domain/errors'
import type { Session } from '../../ports/store/access'
import type { From } from './begin-session'
import { checkNewPassword, type PasswordDeps } from './password-check'
import { findSignInSettings } from './sign-in-settings'

/**
 * The user's own change (S11): the current one must be right, the new one as the policy says. His other sessions end; chat and mail
 * follow. Who must change his password may, whatever the policy says.
 *
 * @throws DomainError wrongPassword, notAllowed; PasswordRefused with the rules that it breaks
 */
export async function changePassword(
  deps: PasswordDeps,
  session: Session,
  from: From,
  current: string,
  wanted: string,
): Promise<void> {
  const { userId, administrator } = session
  const { password: policy } = (await findSignInSettings(deps.store.read)).settings
  if (!policy.usersMayChange && !session.mustChangePassword) {
    throw new DomainError('notAllowed', 'Passwords are changed by an administrator here.')
  }
  const row = await deps.store.read.passwords.find(userId)
  if (!(await deps.passwords.verify(row?.argon2, current))) throw wrongCurrent()
  const user = await deps.store.read.users.find(userId, undefined)
  if (!user) throw wrongCurrent()
  await checkNewPassword(deps, policy, { user, administrator }, wanted)
  const records = await deps.passwords.makeRecords(wanted)
  await deps.store.transact(async (tx) => {
    const user = await tx.users.getForUpdate(userId, undefined)
    // another change was faster: what was checked is no longer so
    if ((await tx.passwords.getForUpdate(userId))?.argon2 !== row?.argon2) throw wrongCurrent()
    await tx.passwords.set(userId, { ...records, changedAt: deps.clock.now(), temporary: false })
    await tx.sessions.deleteOf(userId, session.idHash)
    await tx.sessions.passwordChanged(session.idHash)
    await tx.record({
      actor: { kind: 'user', userId, name: user.loginName, administrator, ...from },
      action: 'change password',
      object: { kind: 'user', id: userId, label: user.loginName },
      mirror: user.kind === 'person',
    })
  })
}

const wrongCurrent = () => new DomainError('wrongPassword', 'The current password is wrong.')
