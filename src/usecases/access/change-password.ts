import { DomainError } from '../../domain/errors'
import { foldCase } from '../../domain/text'
import type { Clock } from '../../ports/clock'
import type { Passwords } from '../../ports/passwords'
import type { Store } from '../../ports/store'
import type { Session } from '../../ports/store/access'
import type { From } from './begin-session'

export const minPasswordLength = 12
const maxPasswordLength = 256

/**
 * The user's own change (S11): the current one must be right, the new one another. His other sessions end; chat and mail follow.
 *
 * @throws DomainError wrongPassword, passwordRefused with the rule it breaks
 */
export async function changePassword(
  deps: { readonly store: Store; readonly clock: Clock; readonly passwords: Passwords },
  session: Session,
  from: From,
  current: string,
  wanted: string,
): Promise<void> {
  const row = await deps.store.read.passwords.find(session.userId)
  if (!(await deps.passwords.verify(row?.argon2, current))) {
    throw new DomainError('wrongPassword', 'The current password is wrong.')
  }
  checkNewPassword(session.loginName, current, wanted)
  const records = await deps.passwords.makeRecords(wanted)
  await deps.store.transact(async (tx) => {
    const user = await tx.users.getForUpdate(session.userId, undefined)
    await tx.passwords.set(user.id, { ...records, changedAt: deps.clock.now(), temporary: false })
    await tx.sessions.deleteOf(user.id, session.idHash)
    await tx.record({
      actor: { kind: 'user', userId: user.id, name: user.loginName, administrator: session.administrator, ...from },
      action: 'change password',
      object: { kind: 'user', id: user.id, label: user.loginName },
      mirror: user.kind === 'person',
    })
  })
}

function checkNewPassword(loginName: string, current: string, wanted: string): void {
  const refuse = (why: string) => new DomainError('passwordRefused', why)
  if (wanted.length < minPasswordLength) throw refuse(`The new password needs at least ${minPasswordLength} characters.`)
  if (wanted.length > maxPasswordLength) throw refuse(`The new password may have at most ${maxPasswordLength} characters.`)
  if (wanted === current) throw refuse('The new password is the current one. Choose another.')
  if (foldCase(wanted) === foldCase(loginName)) throw refuse('The new password is the login name. Choose another.')
}
