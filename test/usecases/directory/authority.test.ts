import type { Actor, Scope } from '../../../src/domain/access/actor'
import { scopes } from '../../../src/domain/access/actor'
import type { UserId } from '../../../src/domain/ids'
import { createAdministrator } from '../../../src/usecases/access/create-administrator'
import { createToken } from '../../../src/usecases/access/create-token'
import { listTokens } from '../../../src/usecases/access/list-tokens'
import { revokeToken } from '../../../src/usecases/access/revoke-token'
import { changeGroup } from '../../../src/usecases/directory/change-group'
import { createGroup } from '../../../src/usecases/directory/create-group'
import { createUser } from '../../../src/usecases/directory/create-user'
import { deleteGroup } from '../../../src/usecases/directory/delete-group'
import { deleteUser } from '../../../src/usecases/directory/delete-user'
import { editUser } from '../../../src/usecases/directory/edit-user'
import { getGroup } from '../../../src/usecases/directory/get-group'
import { getUser } from '../../../src/usecases/directory/get-user'
import { listGroups } from '../../../src/usecases/directory/list-groups'
import { listMembers } from '../../../src/usecases/directory/list-members'
import { listUsers } from '../../../src/usecases/directory/list-users'
import { showGroupSync } from '../../../src/usecases/mirror/show-group-sync'
import { showMirror } from '../../../src/usecases/mirror/show-mirror'
import { startGroupSync } from '../../../src/usecases/mirror/start-group-sync'
import { aClient, aGroup, aUser } from '../../kit/builders'
import { openUseCaseDeps, type UseCaseDeps } from '../../kit/use-case-deps'

const page = { startIndex: 1, count: 10 }

/** Every use case that somebody can ask for, with what it needs. */
const asked: readonly (readonly [scope: Scope, name: string, ask: (deps: UseCaseDeps, actor: Actor) => Promise<unknown>])[] = [
  ['users:read', 'getUser', (deps, actor) => getUser(deps, actor, aUser().id)],
  ['users:read', 'listUsers', (deps, actor) => listUsers(deps, actor, page, true)],
  ['users:write', 'createUser', (deps, actor) => createUser(deps, actor, { attributes: aUser() })],
  ['users:write', 'editUser', (deps, actor) => editUser(deps, actor, aUser().id, { apply: (current) => current })],
  ['users:write', 'deleteUser', (deps, actor) => deleteUser(deps, actor, aUser().id)],
  ['groups:read', 'getGroup', (deps, actor) => getGroup(deps, actor, aGroup().id)],
  ['groups:read', 'listGroups', (deps, actor) => listGroups(deps, actor, page)],
  ['groups:read', 'listMembers', (deps, actor) => listMembers(deps, actor, aGroup().id, undefined, 10)],
  ['groups:write', 'createGroup', (deps, actor) => createGroup(deps, actor, { name: 'a', memberIds: [] })],
  ['groups:write', 'changeGroup', (deps, actor) => changeGroup(deps, actor, aGroup().id, { members: [] })],
  ['groups:write', 'deleteGroup', (deps, actor) => deleteGroup(deps, actor, aGroup().id)],
  ['admin', 'createAdministrator', (deps, actor) => createAdministrator(deps, actor, 'root')],
  ['admin', 'createToken', (deps, actor) => createToken(deps, actor, { client: 'c', scopes: ['users:read'] })],
  ['admin', 'listTokens', listTokens],
  ['admin', 'revokeToken', (deps, actor) => revokeToken(deps, actor, 'x')],
  ['admin', 'startGroupSync', startGroupSync],
  ['admin', 'showGroupSync', showGroupSync],
  ['admin', 'showMirror', showMirror],
]

const person = (administrator: boolean): Actor => ({ kind: 'user', userId: 'u' as UserId, name: 'taro', administrator })

describe.each(asked)('with the scope %s, %s', (scope, _name, ask) => {
  let deps: UseCaseDeps
  beforeAll(async () => void (deps = await openUseCaseDeps()))
  afterAll(() => deps.close())

  /** Done, or why not. */
  const codeOf = (actor: Actor) =>
    ask(deps, actor).then(
      () => 'done',
      (error: { readonly code: string }) => error.code,
    )

  it('is refused to a client with every other scope, which is told what it lacks', async () => {
    const others = aClient(
      'other',
      scopes.filter((one) => one !== scope),
    )
    await expect(ask(deps, others)).rejects.toMatchObject({
      code: 'notAllowed',
      detail: expect.stringContaining(scope) as string,
    })
  })

  it('is refused to a person who is no administrator, and leaves no trace', async () => {
    expect(await codeOf(person(false))).toBe('notAllowed')
    expect(await deps.store.read.logs.countAudit()).toBe(0)
  })

  it.each<[who: string, actor: Actor]>([
    ['a client that has it', aClient('mine', [scope])],
    ['an administrator', person(true)],
    ['the command line', { kind: 'operator', name: 'root' }],
  ])('is allowed to %s', async (_who, actor) => {
    expect(await codeOf(actor)).not.toBe('notAllowed')
  })
})
