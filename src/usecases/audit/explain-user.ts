import type { Actor } from '../../domain/access/actor'
import { explain, type Explanation } from '../../domain/audit/explain'
import type { RefusedLine } from '../../domain/audit/provisioning-line'
import type { User } from '../../domain/directory/user'
import { parseUuid, type UserId } from '../../domain/ids'
import { targetNames } from '../../domain/mirror/account'
import type { Reader, Store } from '../../ports/store'
import { requireScope } from '../directory/authority'
import { listProvisioning } from './list-provisioning'

export type ExplainedUser = Explanation & { readonly id?: UserId; readonly loginName?: string }

/**
 * Where a person is on his way from SCIM to chat and mail, and what hinders him. Also of who was deleted, and of a name that nobody has:
 * his creation may have been refused.
 *
 * @param who id or userName
 * @throws DomainError notAllowed
 */
export async function explainUser(deps: { readonly store: Store }, actor: Actor, who: string): Promise<ExplainedUser> {
  requireScope(actor, 'admin')
  const { read } = deps.store
  const user = await findUser(read, who)
  const deleted = user ? undefined : await read.explain.deleted(who)
  const id = user?.id ?? deleted?.id
  const loginName = user?.loginName ?? deleted?.loginName
  const names = new Set([who, ...(id ? [id, loginName!, ...(await read.explain.externalIds(id))] : [])])
  const [lastDone] = id ? (await read.logs.done({ objectId: id }, undefined, 1)).lines : []
  const accounts = []
  for (const target of targetNames) if (id) accounts.push(await read.explain.account(target, id))
  const explanation = explain({
    name: who,
    ...(user ? { user } : {}),
    ...(deleted ? { deleted } : {}),
    nearNames: id ? [] : await read.explain.namesLike(who.slice(0, 3)),
    names,
    ...(lastDone ? { lastDone } : {}),
    refused: await refusalsOf(deps, actor, names),
    accounts,
  })
  return { ...(id ? { id, loginName: loginName! } : {}), ...explanation }
}

async function findUser({ users }: Reader, who: string): Promise<User | undefined> {
  const id = parseUuid(who)
  return (id === undefined ? undefined : await users.find(id as UserId, undefined)) ?? (await users.findByLoginName(who))
}

/** The last one first. */
async function refusalsOf(
  deps: { readonly store: Store },
  actor: Actor,
  names: ReadonlySet<string>,
): Promise<readonly RefusedLine[]> {
  const found: RefusedLine[] = []
  for (const name of names) {
    const { lines } = await listProvisioning(deps, actor, { name, result: 'refused' }, 3)
    for (const line of lines) if (line.result === 'refused') found.push(line)
  }
  return found.sort((a, b) => b.lastAt - a.lastAt)
}
