import type { Actor } from '../../domain/access/actor'
import { targetNames } from '../../domain/mirror/account'
import type { Store } from '../../ports/store'
import type { DeadLetter, TargetStatus } from '../../ports/store/mirror'
import { requireScope } from '../directory/authority'

/** How far each target is, and who could not be mirrored and why. @throws DomainError notAllowed */
export async function showMirror(
  deps: { readonly store: Store },
  actor: Actor,
): Promise<{ readonly targets: readonly TargetStatus[]; readonly deadLetters: readonly DeadLetter[] }> {
  requireScope(actor, 'admin')
  const targets: TargetStatus[] = []
  for (const target of targetNames) targets.push(await deps.store.read.mirror.status(target))
  return { targets, deadLetters: await deps.store.read.mirror.deadLetters(100) }
}
