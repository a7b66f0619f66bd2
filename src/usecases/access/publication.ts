import type { Actor } from '../../domain/access/actor'
import { firstPublication, type KeptPublication, type Publication } from '../../domain/access/publication'
import type { Version } from '../../domain/brand'
import { checkVersion } from '../../domain/directory/check-version'
import type { Store } from '../../ports/store'
import { requireScope } from '../directory/authority'

const key = 'publication'

/** @throws DomainError notAllowed */
export async function showPublication(deps: { readonly store: Store }, actor: Actor): Promise<KeptPublication> {
  requireScope(actor, 'admin')
  return readPublication(deps)
}

export async function readPublication(deps: { readonly store: Store }): Promise<KeptPublication> {
  return ((await deps.store.read.settings.find(key)) as KeptPublication | undefined) ?? firstPublication
}

/**
 * Every node follows within a second. What changes nothing leaves no line in the audit log.
 *
 * @throws DomainError notAllowed, versionMismatch
 */
export async function changePublication(
  deps: { readonly store: Store },
  actor: Actor,
  change: Partial<Publication>,
  ifVersions?: readonly Version[],
): Promise<KeptPublication> {
  requireScope(actor, 'admin')
  return deps.store.transact(async (tx) => {
    const before = ((await tx.settings.findForUpdate(key)) as KeptPublication | undefined) ?? firstPublication
    checkVersion('setting', before.version, ifVersions)
    const { clickjackingProtection = before.clickjackingProtection } = change
    if (clickjackingProtection === before.clickjackingProtection) return before
    const after: KeptPublication = { clickjackingProtection, version: (before.version + 1) as Version }
    await tx.settings.set(key, after)
    await tx.record({
      actor,
      action: 'configure security settings',
      object: { kind: 'setting', id: key, label: 'clickjacking protection' },
      detail: { clickjackingProtection },
    })
    return after
  })
}
