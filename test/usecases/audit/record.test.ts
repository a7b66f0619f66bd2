import type { DialectRule } from '../../../src/domain/directory/dialect'
import { createGroup } from '../../../src/usecases/directory/create-group'
import { changeGroup } from '../../../src/usecases/directory/change-group'
import { createUser } from '../../../src/usecases/directory/create-user'
import { deleteGroup } from '../../../src/usecases/directory/delete-group'
import { deleteUser } from '../../../src/usecases/directory/delete-user'
import { editUser } from '../../../src/usecases/directory/edit-user'
import { aClient, aUser } from '../../kit/builders'
import { openUseCaseDeps, type UseCaseDeps } from '../../kit/use-case-deps'

const entra = aClient('entra')
const dialect: ReadonlySet<DialectRule> = new Set<DialectRule>(['stringBoolean'])
const attributes = { loginName: aUser().loginName, status: 'inUse', profile: {} } as const

describe('each request leaves one line an object', () => {
  let deps: UseCaseDeps
  beforeEach(async () => void (deps = await openUseCaseDeps()))
  afterEach(() => deps.close())
  const lines = async () => (await deps.store.read.logs.done({}, undefined, 100)).lines.toReversed()
  const step = async <T>(work: Promise<T>): Promise<T> => {
    const done = await work
    deps.clock.advance(1)
    return done
  }

  it('of a user: what was asked, in which dialect, what changed, and never a password', async () => {
    const draft = { attributes: { ...attributes, externalId: 'e-1' }, password: 'secret words', dialect }
    const { user } = await step(createUser(deps, entra, draft))
    const suspend = { apply: () => ({ ...attributes, externalId: 'e-1', status: 'suspended' as const }), dialect }
    await step(editUser(deps, entra, user.id, suspend))
    await step(editUser(deps, entra, user.id, suspend))
    await step(editUser(deps, entra, user.id, { ...suspend, password: 'another secret', replaces: true }))
    await step(deleteUser(deps, entra, user.id))
    await step(createUser(deps, entra, draft))
    const created = [
      { attribute: 'userName', to: 'taro' },
      { attribute: 'active', to: true },
      { attribute: 'externalId', to: 'e-1' },
      { attribute: 'password', to: 'set' },
    ]
    const common = { clientName: 'entra', objectId: user.id, label: 'taro', restored: false, dialect: ['stringBoolean'] }
    expect(await lines()).toMatchObject([
      { ...common, operation: 'create', changes: created },
      { ...common, operation: 'patch', changes: [{ attribute: 'active', from: true, to: false }] },
      { ...common, operation: 'replace', action: 'update user password', changes: [{ attribute: 'password', to: 'set' }] },
      { ...common, operation: 'delete', changes: [], dialect: [] },
      { ...common, operation: 'create', changes: created, restored: true },
    ])
    expect(JSON.stringify(await lines())).not.toContain('secret')
  })

  it('of a group: names and members that came and went', async () => {
    const ids: string[] = []
    for (const loginName of ['a', 'b'])
      ids.push(
        (await createUser(deps, entra, { attributes: { ...attributes, loginName: aUser({ loginName }).loginName } })).user.id,
      )
    deps.clock.advance(1)
    const { id } = await step(createGroup(deps, entra, { name: 'g', memberIds: ids, dialect }))
    await step(changeGroup(deps, entra, id, { members: [{ kind: 'remove', ids: [ids[0]!] }], dialect }))
    await step(changeGroup(deps, entra, id, { members: [{ kind: 'remove', ids: [ids[0]!] }] }))
    await step(changeGroup(deps, entra, id, { name: 'h', members: [{ kind: 'replace', ids: [] }], replaces: true }))
    await step(deleteGroup(deps, entra, id))
    const [created, ...rest] = (await lines()).slice(2)
    expect(created).toMatchObject({
      operation: 'create',
      objectKind: 'group',
      dialect: ['stringBoolean'],
      changes: [
        { attribute: 'displayName', to: 'g' },
        { attribute: 'members', to: expect.arrayContaining(ids) as string[] },
      ],
    })
    expect(rest).toMatchObject([
      { operation: 'patch', action: 'update group user', changes: [{ attribute: 'members', from: [ids[0]] }] },
      {
        operation: 'replace',
        action: 'update group',
        label: 'h',
        changes: [
          { attribute: 'displayName', from: 'g', to: 'h' },
          { attribute: 'members', from: [ids[1]] },
        ],
      },
      { operation: 'delete', label: 'h', changes: [] },
    ])
  })

  it('of a person or the command line none', async () => {
    await createUser(deps, { kind: 'operator', name: 'x' }, { attributes, dialect })
    expect(await lines()).toEqual([])
    expect(await deps.store.read.logs.countAudit()).toBe(1)
  })
})
