import type { Store } from '../../ports/store'
import type { Session } from '../../ports/store/access'
import type { From } from './begin-session'

/** Ends this session (S37); the identity provider's own session is not ours to end. */
export async function signOut(deps: { readonly store: Store }, session: Session, from: From): Promise<void> {
  await deps.store.transact(async (tx) => {
    await tx.sessions.delete(session.idHash)
    await tx.record({
      actor: { kind: 'user', userId: session.userId, name: session.loginName, administrator: session.administrator, ...from },
      action: 'logout',
      object: { kind: 'user', id: session.userId, label: session.loginName },
    })
  })
}
