import type { Actor, Scope } from '../../domain/access/actor'
import { DomainError } from '../../domain/errors'
import type { AsClient } from '../../ports/store/directory'
import type { UnknownMembers } from '../../ports/store/members'

/** Denied by default: a client needs the scope, a signed-in user must be a common administrator. @throws DomainError notAllowed */
export function requireScope(actor: Actor, scope: Scope): void {
  switch (actor.kind) {
    case 'client':
      if (actor.scopes.has(scope)) return
      throw new DomainError(
        'notAllowed',
        `This token lacks the scope ${scope}. Make one that has it: kagami token create --scopes …`,
      )
    case 'user':
      if (actor.administrator) return
      throw new DomainError('notAllowed', 'Only a common administrator may do this.')
    case 'operator':
    case 'system':
      return
  }
}

/** Whose externalIds this actor sees and sets. */
export const asClient = (actor: Actor): AsClient => (actor.kind === 'client' ? actor.clientId : undefined)

/** What becomes of members that are nobody here: each client has a switch. */
export const unknownMembers = (actor: Actor): UnknownMembers =>
  actor.kind === 'client' && actor.ignoreUnknownMembers ? 'ignore' : 'refuse'
