import type { Actor } from '../../domain/access/actor'
import type { Version } from '../../domain/brand'
import type { Group } from '../../domain/directory/group'
import { parseUuid, type GroupId, type UserId } from '../../domain/ids'
import { changeGroup } from '../../usecases/directory/change-group'
import { createGroup } from '../../usecases/directory/create-group'
import { usersCreatedTogether } from '../../usecases/directory/create-user'
import { deleteGroup } from '../../usecases/directory/delete-group'
import { deleteUser } from '../../usecases/directory/delete-user'
import { usersEditedTogether } from '../../usecases/directory/edit-user'
import type { UserView } from '../../ports/store/directory'
import { parseGroup, parseGroupPatch, replacingChange } from '../../wire/scim/parse-group'
import { parseUser, replacingEdit } from '../../wire/scim/parse-user'
import { parseUserPatch } from '../../wire/scim/parse-user-patch'
import { ScimError } from '../../wire/scim/scim-error'
import type { ScimDeps } from './scim-door'

/** What a change has left behind; the resource itself where the change had it at hand. */
export type Written<Resource> = { readonly id: string; readonly version: Version; readonly resource?: Resource }

/**
 * What can be done to the resources of one type, with a body as it came. Routes and Bulk do the same: nothing behind these lines knows
 * JSON or an identity provider's dialect.
 */
export type Operations<Resource = unknown> = {
  readonly create: (actor: Actor, body: unknown) => Promise<Written<Resource>>
  readonly replace: (actor: Actor, id: string, body: unknown, ifVersions?: readonly Version[]) => Promise<Written<Resource>>
  readonly patch: (actor: Actor, id: string, body: unknown, ifVersions?: readonly Version[]) => Promise<Written<Resource>>
  readonly remove: (actor: Actor, id: string, ifVersions?: readonly Version[]) => Promise<void>
}

export function userOperations(deps: ScimDeps): Operations<UserView> {
  const createUser = usersCreatedTogether(deps)
  const editUser = usersEditedTogether(deps)
  return {
    create: async (actor, body) => writtenUser(await createUser(actor, parseUser(body))),
    replace: async (actor, text, body, ifVersions) => {
      const id = userId(text)
      return writtenUser(await editUser(actor, id, replacingEdit(parseUser(body)), ifVersions))
    },
    patch: async (actor, text, body, ifVersions) => {
      const id = userId(text)
      return writtenUser(await editUser(actor, id, parseUserPatch(body, id), ifVersions))
    },
    remove: async (actor, id, ifVersions) => deleteUser(deps, actor, userId(id), ifVersions),
  }
}

export function groupOperations(deps: ScimDeps): Operations<Group> {
  return {
    create: async (actor, body) => {
      const group = await createGroup(deps, actor, parseGroup(body))
      return { id: group.id, version: group.version, resource: group }
    },
    replace: async (actor, text, body, ifVersions) => {
      const id = groupId(text)
      return { id, version: await changeGroup(deps, actor, id, replacingChange(parseGroup(body)), ifVersions) }
    },
    patch: async (actor, text, body, ifVersions) => {
      const id = groupId(text)
      return { id, version: await changeGroup(deps, actor, id, parseGroupPatch(body, id), ifVersions) }
    },
    remove: async (actor, id, ifVersions) => deleteGroup(deps, actor, groupId(id), ifVersions),
  }
}

const writtenUser = (view: UserView) => ({ id: view.user.id, version: view.user.version, resource: view })

/** What cannot be an id of ours is nobody's. @throws ScimError 404 */
export const userId = (text: string) => idOf('user', text) as UserId
export const groupId = (text: string) => idOf('group', text) as GroupId

function idOf(what: 'user' | 'group', text: string): string {
  const id = parseUuid(text)
  if (id === undefined) throw new ScimError(404, undefined, `There is no ${what} ${text.slice(0, 80)}.`)
  return id
}
