import type { Instant } from '../../domain/brand'
import type { User } from '../../domain/directory/user'
import { DomainError } from '../../domain/errors'
import type { Passwords } from '../../ports/passwords'
import { recordFailedSignIn, type From, type SignInDeps } from './begin-session'

/** Whose password was right, and what has to be said of it. */
export type CheckedPassword = { readonly user: User; readonly facts: PasswordFacts }

export type PasswordFacts = {
  /** When the password was set that was right. */
  readonly passwordAt: Instant
  /** Why nothing but setting a new one is allowed: an administrator set it (S11), or its lifetime is over (S18). */
  readonly mustChange?: 'temporary' | 'expired'
}

/**
 * The first step of a sign-in with the local password (S32). Unknown, wrong, without password and suspended answer alike and in equal
 * time; each is noted.
 *
 * @throws DomainError wrongPassword
 */
export async function checkPassword(
  deps: SignInDeps & { readonly passwords: Passwords },
  from: From,
  loginName: string,
  password: string,
): Promise<CheckedPassword> {
  const { users, passwords } = deps.store.read
  const user = await users.findByLoginName(loginName)
  const row = user && (await passwords.find(user.id))
  const right = await deps.passwords.verify(row?.argon2, password)
  if (user?.status === 'inUse' && row && right) {
    return { user, facts: { passwordAt: row.changedAt, ...(row.temporary ? { mustChange: 'temporary' } : {}) } }
  }
  return refuseSignIn(deps, from, loginName)
}

/** @throws DomainError wrongPassword, whatever was wrong */
export async function refuseSignIn(deps: SignInDeps, from: From, loginName: string): Promise<never> {
  await recordFailedSignIn(deps, from, 'login', loginName)
  throw new DomainError('wrongPassword', 'The login name or the password is wrong.')
}
