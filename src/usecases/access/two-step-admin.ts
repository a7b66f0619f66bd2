import type { Actor } from '../../domain/access/actor'
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
export async function administratorsMust(deps: Deps): Promise<boolean> {
  return (
    ((await deps.store.read.settings.find(key)) as { readonly administratorsMust?: boolean } | undefined)?.administratorsMust ===
    true
  )
}

/** Holds at once, also for sessions that have begun. @throws DomainError notAllowed */
export async function requireTwoStep(deps: Deps, actor: Actor, must: boolean): Promise<void> {
  requireScope(actor, 'admin')
  await deps.store.transact(async (tx) => {
    const before = (await tx.settings.findForUpdate(key)) as { readonly administratorsMust?: boolean } | undefined
    if ((before?.administratorsMust === true) === must) return
    await tx.settings.set(key, { administratorsMust: must })
    await tx.record({
      actor,
      action: 'configure security settings',
      object: { kind: 'setting', id: key, label: 'two-step sign-in' },
      detail: { administratorsMust: must },
    })
  })
}

/** Is this session of an administrator who must set up a second step before anything else? */
export async function mustSetUpTwoStep(deps: Deps, session: Session): Promise<boolean> {
  if (!session.administrator || session.method !== 'password' || session.mustChangePassword) return false
  return (await administratorsMust(deps)) && (await deps.store.read.secondSteps.find(session.userId)) === undefined
}
