import {
  brokenRules,
  PasswordRefused,
  rulesFor,
  unusable,
  wordsOfInstallation,
  type PasswordRule,
} from '../../domain/access/password-policy'
import type { PasswordPolicy } from '../../domain/access/sign-in-settings'
import type { User } from '../../domain/directory/user'
import type { UserId } from '../../domain/ids'
import type { MirrorSettings } from '../../domain/mirror/plan-account'
import type { Clock } from '../../ports/clock'
import type { Passwords } from '../../ports/passwords'
import type { Store } from '../../ports/store'
import { findSignInSettings } from './sign-in-settings'

export type PasswordDeps = {
  readonly store: Store
  readonly clock: Clock
  readonly passwords: Passwords
  readonly settings: MirrorSettings
}

/**
 * Checks a password that its user sets himself against the policy: at a change, and where he was let in by mail. Old hashes are compared
 * only when everything else is right: each takes as long as a sign-in.
 *
 * @throws PasswordRefused with every rule that it breaks
 */
export async function checkNewPassword(
  deps: PasswordDeps,
  policy: PasswordPolicy,
  { user, administrator }: { readonly user: User; readonly administrator: boolean },
  wanted: string,
): Promise<void> {
  const { loginName, profile } = user
  const owner = { loginName, emails: (profile.emails ?? []).map(({ value }) => value), administrator }
  const { organizationDomain, mailDomain } = deps.settings
  const broken = brokenRules(policy, owner, wordsOfInstallation([organizationDomain, mailDomain]), wanted)
  if (broken.length > 0) throw new PasswordRefused(broken)
  await checkReuse(deps, policy, user.id, wanted)
}

/** What holds for every password, also for those that administrators set. @throws PasswordRefused */
export async function checkGivenPassword(deps: PasswordDeps, policy: PasswordPolicy, id: UserId, wanted: string): Promise<void> {
  const broken = unusable(wanted)
  if (broken.length > 0) throw new PasswordRefused(broken)
  await checkReuse(deps, policy, id, wanted)
}

async function checkReuse(deps: PasswordDeps, { reuseLimit }: PasswordPolicy, id: UserId, wanted: string): Promise<void> {
  if (reuseLimit === 0) return
  const { passwords } = deps.store.read
  const present = await passwords.find(id)
  const before = reuseLimit > 1 ? await passwords.history(id, reuseLimit - 1) : []
  for (const argon2 of present ? [present.argon2, ...before] : before) {
    if (await deps.passwords.verify(argon2, wanted)) throw new PasswordRefused([{ rule: 'reused', limit: reuseLimit }])
  }
}

/** What a form may be told: the rules in force, and whether there is a change at all. */
export async function passwordRules(
  deps: { readonly store: Store },
  administrator: boolean,
): Promise<{ readonly mayChange: boolean; readonly rules: readonly PasswordRule[] }> {
  const { password } = (await findSignInSettings(deps.store.read)).settings
  return { mayChange: password.usersMayChange, rules: rulesFor(password, administrator) }
}
