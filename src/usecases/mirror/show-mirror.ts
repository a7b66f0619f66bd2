import type { Actor } from '../../domain/access/actor'
import { targetNames } from '../../domain/mirror/account'
import type { Store } from '../../ports/store'
import type { DeadLetter, TargetStatus } from '../../ports/store/mirror'
import { requireScope } from '../directory/authority'

/** How far each target is, who could not be mirrored and why, and how many deleted people's accounts are kept for now. @throws DomainError notAllowed */
export async function showMirror(
  deps: { readonly store: Store },
  actor: Actor,
): Promise<{
  readonly targets: readonly TargetStatus[]
  readonly deadLetters: readonly DeadLetter[]
  readonly leavers: number
}> {
  requireScope(actor, 'admin')
  const targets: TargetStatus[] = []
  const { mirror } = deps.store.read
  for (const target of targetNames) targets.push(await mirror.status(target))
  return { targets, deadLetters: await mirror.deadLetters(100), leavers: await mirror.countLeavers() }
}
