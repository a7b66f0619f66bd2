import type { Actor } from '../../domain/access/actor'
import type { Version } from '../../domain/brand'
import { checkVersion } from '../../domain/directory/check-version'
import { DomainError } from '../../domain/errors'
import { parseUuid, type UserId } from '../../domain/ids'
import type { Store } from '../../ports/store'
import type { Session } from '../../ports/store/access'
import { requireScope } from '../directory/authority'
import { remove } from './two-step-settings'

type Deps = { readonly store: Store }
const key = 'twoStep'

/** Of whom something is shown or reset: his id or login name. @throws DomainError notAllowed, userNotFound */
async function getUser(deps: Deps, actor: Actor, nameOrId: string) {
  requireScope(actor, 'admin')
  const { users } = deps.store.read
  const id = parseUuid(nameOrId)
  const user = id === undefined ? await users.findByLoginName(nameOrId) : await users.find(id as UserId, undefined)
  if (!user) throw new DomainError('userNotFound', `There is no user ${nameOrId}.`)
  return user
}

/** @throws DomainError notAllowed, userNotFound */
export async function showTwoStep(deps: Deps, actor: Actor, nameOrId: string) {
  const { id, loginName } = await getUser(deps, actor, nameOrId)
  const step = await deps.store.read.secondSteps.find(id)
  return { id, loginName, ...(step ? { method: step.method, since: step.since, recoveryCodes: step.recovery.length } : {}) }
}

/**
 * Somebody who has lost phone and address signs in with the password alone again, and sets up his second step anew. His own is stopped by
 * himself, with his password.
 *
 * @returns false when he had none
 * @throws DomainError notAllowed, userNotFound
 */
export async function resetTwoStep(deps: Deps, actor: Actor, nameOrId: string): Promise<boolean> {
  const { id, loginName } = await getUser(deps, actor, nameOrId)
  if (actor.kind === 'user' && actor.userId === id) {
    throw new DomainError('notAllowed', 'Stop your own second step at /two-step, with your password.')
  }
  return remove(deps, actor, id, loginName, 'reset two-step sign-in')
}

/** Must common administrators use two steps? Off by default. */
export type TwoStepSettings = { readonly administratorsMust: boolean; readonly version: Version }

/** What an earlier version has written has no version. */
const stored = (value: unknown): TwoStepSettings => ({
  administratorsMust: false,
  version: 0 as Version,
  ...(value as Partial<TwoStepSettings> | undefined),
})

/** @throws DomainError notAllowed */
export async function showTwoStepSettings(deps: Deps, actor: Actor): Promise<TwoStepSettings> {
  requireScope(actor, 'admin')
  return stored(await deps.store.read.settings.find(key))
}

/**
 * Holds at once, also for sessions that have begun.
 *
 * @param ifVersions refuses the change unless the setting is at one of them (If-Match)
 * @returns the setting as it is now; the version is raised only when it really changed
 * @throws DomainError notAllowed, versionMismatch
 */
export async function requireTwoStep(
  deps: Deps,
  actor: Actor,
  must: boolean,
  ifVersions?: readonly Version[],
): Promise<TwoStepSettings> {
  requireScope(actor, 'admin')
  return deps.store.transact(async (tx) => {
    const before = stored(await tx.settings.findForUpdate(key))
    checkVersion('setting', before.version, ifVersions)
    if (before.administratorsMust === must) return before
    const changed: TwoStepSettings = { administratorsMust: must, version: (before.version + 1) as Version }
    await tx.settings.set(key, changed)
    await tx.record({
      actor,
      action: 'configure security settings',
      object: { kind: 'setting', id: key, label: 'two-step sign-in' },
      detail: { administratorsMust: must },
    })
    return changed
  })
}

/** Is this session of an administrator who must set up a second step before anything else? */
export async function mustSetUpTwoStep(deps: Deps, session: Session): Promise<boolean> {
  if (!session.administrator || session.method !== 'password' || session.mustChangePassword) return false
  const { administratorsMust } = stored(await deps.store.read.settings.find(key))
  return administratorsMust && (await deps.store.read.secondSteps.find(session.userId)) === undefined
}
