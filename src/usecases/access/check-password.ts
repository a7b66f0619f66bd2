import { isLocked, mustChange, releasedUntil, type MustChange } from '../../domain/access/password-state'
import type { SignInSettings } from '../../domain/access/sign-in-settings'
import type { Instant } from '../../domain/brand'
import type { User } from '../../domain/directory/user'
import { DomainError } from '../../domain/errors'
import type { UserId } from '../../domain/ids'
import type { Passwords } from '../../ports/passwords'
import { failedSignIn, type From, type SignInDeps } from './begin-session'
import { findSignInSettings } from './sign-in-settings'

/** Whose password was right, and what has to be said of it. */
export type CheckedPassword = { readonly user: User; readonly facts: PasswordFacts }

export type PasswordFacts = {
  /** When the password was set that was right. */
  readonly passwordAt: Instant
  readonly mustChange?: MustChange
}

/** Stands for nobody where something is done for who is unknown as for who is not. */
const nobody = '00000000-0000-0000-0000-000000000000' as UserId

/**
 * The first step of a sign-in with the local password (S32). Unknown, wrong, without password, locked out and suspended answer alike and
 * in equal time; each is noted, and wrong ones are counted (S12).
 *
 * @throws DomainError wrongPassword
 */
export async function checkPassword(
  deps: SignInDeps & { readonly passwords: Passwords },
  from: From,
  loginName: string,
  password: string,
): Promise<CheckedPassword> {
  const { read } = deps.store
  const [kept, user] = await Promise.all([findSignInSettings(read), read.users.findByLoginName(loginName)])
  const row = await read.passwords.find(user?.id ?? nobody)
  const right = await deps.passwords.verify(row?.argon2, password)
  const now = deps.clock.now()
  const isUsable = right && user?.status === 'inUse' && (row?.usableUntil ?? Infinity) > now
  const attempt = { loginName, user, isRight: isUsable }
  const heard = await isHeard(deps, from, kept.settings, attempt)
  if (!user || !row || !heard) throw wrongPassword()
  const why = mustChange(kept, row, now)
  return { user, facts: { passwordAt: row.changedAt, ...(why !== undefined && { mustChange: why }) } }
}

export const wrongPassword = () => new DomainError('wrongPassword', 'The login name or the password is wrong.')

type Attempt = { readonly loginName: string; readonly user: User | undefined; readonly isRight: boolean }

/**
 * Whether a password counts: it is right and its user not locked out. The others are noted and counted, all in the same statements.
 * Attempts of one user follow each other here, so however many are tried at the same moment, on whichever node, the right one is heard
 * only if no more than the limit of wrong ones went before it. Built-in accounts are never locked out: any stranger knows
 * `Administrator`.
 */
async function isHeard(deps: SignInDeps, from: From, { lockout }: SignInSettings, attempt: Attempt): Promise<boolean> {
  const { loginName, user, isRight } = attempt
  const { failures: limit } = lockout
  if (limit === null && isRight) return true
  const counted = user?.kind === 'person' ? user.id : nobody
  return deps.store.transact(async (tx) => {
    const now = deps.clock.now()
    const isOut = async () => {
      const password = limit === null ? undefined : await tx.passwords.getForUpdate(counted)
      return password !== undefined && isLocked(lockout, password, now)
    }
    if (isRight && !(await isOut())) return true
    if (limit !== null) await tx.passwords.noteFailure(counted, now, limit, releasedUntil(lockout, now))
    await tx.record(failedSignIn(from, 'login', loginName, (await isOut()) ? 'lockout' : undefined))
    return false
  })
}
