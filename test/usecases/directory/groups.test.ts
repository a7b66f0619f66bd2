import { administratorsId, type GroupChange } from '../../../src/domain/directory/group'
import type { GroupId } from '../../../src/domain/ids'
import { createAdministrator } from '../../../src/usecases/access/create-administrator'
import { changeGroup } from '../../../src/usecases/directory/change-group'
import { createGroup } from '../../../src/usecases/directory/create-group'
import { createUser } from '../../../src/usecases/directory/create-user'
import { deleteGroup } from '../../../src/usecases/directory/delete-group'
import { getGroup } from '../../../src/usecases/directory/get-group'
import { listGroups } from '../../../src/usecases/directory/list-groups'
import { aClient, aUser } from '../../kit/builders'
import { openUseCaseDeps, type UseCaseDeps } from '../../kit/use-case-deps'

const entra = aClient('entra')

describe('changeGroup', () => {
  let deps: UseCaseDeps
  let id: GroupId
  let taro: string
  beforeEach(async () => {
    deps = await openUseCaseDeps()
    taro = (await createUser(deps, entra, { attributes: { loginName: aUser().loginName, status: 'inUse', profile: {} } })).user.id
    id = (await createGroup(deps, entra, { name: '営業部', externalId: 'g-1', memberIds: [taro] })).id
  })
  afterEach(() => deps.close())
  const change = (of: Partial<GroupChange>) => changeGroup(deps, entra, id, { members: [], ...of })

  it.each<[what: string, of: (taro: string) => Partial<GroupChange>]>([
    ['a name that it has', () => ({ name: '営業部', externalId: 'g-1' })],
    ['a member who is one already', (member) => ({ members: [{ kind: 'add', ids: [member] }] })],
    ['the removal of nobody', () => ({ members: [{ kind: 'remove', ids: [aUser().id] }] })],
    ['the members that it has', (member) => ({ members: [{ kind: 'replace', ids: [member] }] })],
  ])('leaves no trace of %s', async (_what, of) => {
    const lines = await deps.store.read.logs.countAudit()
    deps.clock.advance(1_000)
    const before = await getGroup(deps, entra, id)
    expect(await change(of(taro))).toBe(1)
    expect(await getGroup(deps, entra, id)).toEqual(before)
    expect(await deps.store.read.logs.countAudit()).toBe(lines)
  })

  it.each<[what: string, of: (taro: string) => Partial<GroupChange>]>([
    ['another name', () => ({ name: '総務部' })],
    ['another spelling', () => ({ name: '営業部 ' })],
    ['no externalId', () => ({ externalId: null })],
    ['a member less', (member) => ({ members: [{ kind: 'remove', ids: [member] }] })],
  ])('raises the version for %s', async (_what, of) => {
    deps.clock.advance(1_000)
    expect(await change(of(taro))).toBe(2)
    expect((await getGroup(deps, entra, id)).updatedAt).toBe(deps.clock.now())
  })

  it('carries the steps out in order, all or none', async () => {
    await change({
      members: [
        { kind: 'replace', ids: [] },
        { kind: 'add', ids: [taro] },
      ],
    })
    expect(await deps.store.read.groups.countMembers(id)).toBe(1)
    const failing = change({
      name: 'x',
      members: [
        { kind: 'replace', ids: [] },
        { kind: 'add', ids: ['nobody'] },
      ],
    })
    await expect(failing).rejects.toMatchObject({ code: 'noSuchMember' })
    expect(await deps.store.read.groups.countMembers(id)).toBe(1)
    expect((await getGroup(deps, entra, id)).name).toBe('営業部')
  })

  it('leaves out members that are nobody, for a client that is to ignore them, and takes all others', async () => {
    const lenient = { ...entra, ignoreUnknownMembers: true }
    const nobody = ['nobody', aUser().id]
    for (const kind of ['add', 'replace'] as const) {
      const before = (await getGroup(deps, entra, id)).version
      const steps = { members: [{ kind, ids: [...nobody, taro] }] }
      await expect(changeGroup(deps, entra, id, steps)).rejects.toMatchObject({ code: 'noSuchMember' })
      expect(await changeGroup(deps, lenient, id, steps)).toBe(before) // taro was in it already
    }
    const made = await createGroup(deps, lenient, { name: '総務部', memberIds: [...nobody, taro] })
    expect(await deps.store.read.groups.countMembers(made.id)).toBe(1)
  })

  it('takes no reserved name (D22)', async () => {
    await expect(change({ name: 'Everyone' })).rejects.toMatchObject({ code: 'invalidAttribute' })
  })

  it('never shows or changes a built-in group', async () => {
    await createAdministrator(deps, { kind: 'operator', name: 'x' }, 'root')
    for (const ask of [
      () => getGroup(deps, entra, administratorsId),
      () => changeGroup(deps, entra, administratorsId, { members: [{ kind: 'add', ids: [taro] }] }),
      () => deleteGroup(deps, entra, administratorsId),
    ]) {
      await expect(ask()).rejects.toMatchObject({ code: 'groupNotFound' })
    }
    expect((await listGroups(deps, entra, { startIndex: 1, count: 10 })).total).toBe(1)
    await expect(change({ members: [{ kind: 'add', ids: [administratorsId] }] })).rejects.toMatchObject({ code: 'noSuchMember' })
  })
})
