import type { UserAttributes } from '../../../src/domain/directory/user'
import { administratorsId } from '../../../src/domain/directory/group'
import type { Version } from '../../../src/domain/brand'
import type { UserId } from '../../../src/domain/ids'
import type { ScramVerifier } from '../../../src/domain/mirror/account'
import { createAdministrator } from '../../../src/usecases/access/create-administrator'
import { createGroup } from '../../../src/usecases/directory/create-group'
import { createUser, usersCreatedTogether } from '../../../src/usecases/directory/create-user'
import { deleteUser } from '../../../src/usecases/directory/delete-user'
import { editUser, usersEditedTogether } from '../../../src/usecases/directory/edit-user'
import { getUser } from '../../../src/usecases/directory/get-user'
import { listUsers } from '../../../src/usecases/directory/list-users'
import type { UserView } from '../../../src/ports/store/directory'
import { aClient, aUser } from '../../kit/builders'
import { openUseCaseDeps, type UseCaseDeps } from '../../kit/use-case-deps'

const entra = aClient('entra')
const okta = aClient('okta')

let deps: UseCaseDeps
beforeEach(async () => void (deps = await openUseCaseDeps()))
afterEach(() => deps.close())

const attributes = (loginName: string, rest: Partial<UserAttributes> = {}): UserAttributes => {
  const { status, profile } = aUser()
  return { loginName: aUser({ loginName }).loginName, status, profile, ...rest }
}
const create = async (loginName: string, rest: Partial<UserAttributes> = {}, actor = entra) =>
  (await createUser(deps, actor, { attributes: attributes(loginName, rest) })).user
const edit = (id: UserId, change: Partial<UserAttributes>, password?: string) =>
  editUser(deps, entra, id, { apply: (current) => ({ ...current, ...change }), ...(password === undefined ? {} : { password }) })
const settleAll = () =>
  deps.store.transact(async (tx) => {
    const { fence, work } = await tx.mirror.claim('chat', 100, 60_000)
    await tx.mirror.settle('chat', fence, new Map(work.map(({ objectId }) => [objectId, { kind: 'deadLetter', reason: 'x' }])))
  })

describe('usersCreatedTogether', () => {
  it('makes many of one moment as each alone, and refuses only those that cannot be', async () => {
    const gone = await create('gone', { externalId: 'e-gone' })
    await deleteUser(deps, entra, gone.id)
    await create('taken')
    const together = usersCreatedTogether(deps)
    const emails = [{ value: 'a@example.jp', type: 'work', primary: true }]
    const outcomes = await Promise.allSettled([
      together(entra, { attributes: attributes('a', { externalId: 'e-a', profile: { emails } }) }),
      together(okta, { attributes: attributes('b', { externalId: 'e-a' }) }),
      together(entra, { attributes: attributes('TAKEN') }),
      together(entra, { attributes: attributes('back', { externalId: 'e-gone' }) }),
      together(entra, { attributes: attributes('c', { externalId: 'e-a' }) }),
      together({ ...entra, scopes: new Set() }, { attributes: attributes('d') }),
    ])
    expect(outcomes).toMatchObject([
      { value: { user: { loginName: 'a', version: 1 }, groups: [] } },
      { value: { user: { loginName: 'b', externalId: 'e-a' } } },
      { reason: { code: 'loginNameTaken' } },
      { value: { user: { id: gone.id, version: 2 } } },
      { reason: { code: 'externalIdTaken' } },
      { reason: { code: 'notAllowed' } },
    ])
    const [a] = (await listUsers(deps, entra, { startIndex: 1, count: 10 }, true)).items.filter(
      ({ user }) => user.loginName === 'a',
    )
    expect(a!.user).toEqual((outcomes[0] as PromiseFulfilledResult<UserView>).value.user)
  })

  it('shares one transaction, with a line and mirror work for each', async () => {
    const transact = jest.spyOn(deps.store, 'transact')
    jest.spyOn(deps.passwords, 'makeRecords').mockResolvedValue({ argon2: 'x', scram: { iterations: 1 } as ScramVerifier })
    const together = usersCreatedTogether(deps)
    const views = await Promise.all(
      Array.from({ length: 40 }, (_, i) => together(entra, { attributes: attributes(`many${i}`), password: 'p' })),
    )
    expect(transact).toHaveBeenCalledTimes(1)
    expect(await deps.store.read.users.count()).toBe(40)
    expect(await deps.store.read.logs.countAudit()).toBe(40)
    for (const { user } of views) expect(await deps.store.read.passwords.find(user.id)).toMatchObject({ argon2: 'x' })
    const { work } = await deps.store.transact((tx) => tx.mirror.claim('mail', 100, 60_000))
    expect(work.map(({ objectId }) => objectId).sort()).toEqual(views.map(({ user }) => user.id).sort())
  })
})

describe('usersEditedTogether', () => {
  const change = (edit: Partial<UserAttributes>) => ({ apply: (current: UserAttributes) => ({ ...current, ...edit }) })

  it('changes many of one moment in one transaction, one after the other, and refuses only those that cannot be', async () => {
    const [a, b] = [await create('a', { externalId: 'e-a' }), await create('b')]
    const transact = jest.spyOn(deps.store, 'transact')
    const together = usersEditedTogether(deps)
    const no = new Error('not so')
    const outcomes = await Promise.allSettled([
      together(entra, a.id, change({ displayName: 'A' })),
      together(okta, a.id, change({ externalId: 'o-a' })),
      together(entra, a.id, change({ familyName: '山田' })),
      together(entra, b.id, change({ displayName: 'B' }), [2 as Version]),
      together(entra, aUser().id, change({})),
      together(entra, b.id, {
        apply: () => {
          throw no
        },
      }),
      together(entra, b.id, change({})),
      together(entra, b.id, change({ status: 'suspended' }), [1 as Version]),
    ])
    expect(outcomes).toMatchObject([
      { value: { user: { version: 2, displayName: 'A', externalId: 'e-a' } } },
      { value: { user: { version: 3, displayName: 'A', externalId: 'o-a' } } },
      { value: { user: { version: 4, displayName: 'A', familyName: '山田', externalId: 'e-a' } } },
      { reason: { code: 'versionMismatch' } },
      { reason: { code: 'userNotFound' } },
      { reason: no },
      { value: { user: { version: 1 } } },
      { value: { user: { version: 2, status: 'suspended' } } },
    ])
    expect(transact).toHaveBeenCalledTimes(1)
    expect(await getUser(deps, entra, a.id)).toEqual((outcomes[2] as PromiseFulfilledResult<UserView>).value)
    expect(await deps.store.read.logs.countAudit()).toBe(6)
  })

  it('does not let others suffer from one whose name is taken', async () => {
    const people = await Promise.all(['a', 'b', 'c'].map((name) => create(name)))
    const together = usersEditedTogether(deps)
    const names = ['a2', 'C', 'c2']
    const outcomes = await Promise.allSettled(
      people.map(({ id }, i) => together(entra, id, change({ loginName: aUser({ loginName: names[i]! }).loginName }))),
    )
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(outcomes[1]).toMatchObject({ reason: { code: 'loginNameTaken' } })
    expect((await getUser(deps, entra, people[2]!.id)).user).toMatchObject({ loginName: 'c2', version: 2 })
  })
})

describe('createUser', () => {
  it('hashes a password for sign-in, mail and chat; nobody keeps the password', async () => {
    const { user } = await createUser(deps, entra, { attributes: attributes('taro'), password: 'secret words' })
    const row = await deps.store.read.passwords.find(user.id)
    expect(row).toMatchObject({
      argon2: expect.stringMatching(/^\$argon2id\$/) as string,
      scram: { iterations: 10_000 },
      temporary: false,
    })
    expect(await deps.passwords.verify(row!.argon2, 'secret words')).toBe(true)
    expect(JSON.stringify(row)).not.toContain('secret words')
  })

  it('gives the same client the person back whom it deleted, at a version that he never had, in no group', async () => {
    const user = await create('taro', { externalId: 'e-1' })
    await createGroup(deps, entra, { name: 'g', memberIds: [user.id] })
    await edit(user.id, { displayName: 'T' })
    await deleteUser(deps, entra, user.id)
    const back = await createUser(deps, entra, { attributes: attributes('jiro', { externalId: 'e-1' }) })
    expect(back).toMatchObject({ user: { id: user.id, version: 3, loginName: 'jiro' }, groups: [] })
    expect(await getUser(deps, entra, user.id)).toEqual(back)
    await deleteUser(deps, entra, user.id)
    expect(await create('taro', { externalId: 'e-1' })).toMatchObject({ id: user.id, version: 4 })
  })

  it('takes one who only has the same login name, or comes from another client, for a new person', async () => {
    const user = await create('taro', { externalId: 'e-1' })
    await deleteUser(deps, entra, user.id)
    const others = [await create('taro'), await create('taro2', { externalId: 'e-1' }, okta)]
    for (const other of others) expect(other.id).not.toBe(user.id)
  })
})

describe('editUser', () => {
  it('leaves no trace of what changes nothing: version, time, log and mirror stay (RFC 7644 §3.5.2.1)', async () => {
    const user = await create('taro', { displayName: 'T', profile: { roles: [{ value: 'a' }] } })
    await settleAll()
    const lines = await deps.store.read.logs.countAudit()
    deps.clock.advance(1_000)
    expect((await edit(user.id, { displayName: 'T', profile: { roles: [{ value: 'a' }] } })).user).toEqual(user)
    expect(await deps.store.read.logs.countAudit()).toBe(lines)
    expect(await deps.store.read.mirror.hasDueWork('chat')).toBe(false)
  })

  it('raises the version, and has what could not be mirrored tried again', async () => {
    const user = await create('taro')
    await settleAll()
    deps.clock.advance(1_000)
    const { user: after } = await edit(user.id, { displayName: 'T' })
    expect(after).toEqual({ ...user, displayName: 'T', version: 2, updatedAt: user.createdAt + 1_000 })
    expect((await getUser(deps, entra, user.id)).user).toEqual(after)
    expect(await deps.store.read.mirror.hasDueWork('chat')).toBe(true)
  })

  it('keeps version and ETag when only the password is new, which the mirrors get', async () => {
    const user = await create('taro')
    await edit(user.id, { displayName: 'T' })
    await settleAll()
    const { user: after } = await edit(user.id, {}, 'another secret')
    expect(after.version).toBe(2)
    expect((await getUser(deps, entra, user.id)).user).toEqual(after)
    expect(await deps.store.read.mirror.hasDueWork('chat')).toBe(true)
  })

  it.each<[what: string, change: Partial<UserAttributes>, password: string | undefined, left: boolean]>([
    ['a suspension', { status: 'suspended' }, undefined, false],
    ['a new password', {}, 'another secret', false],
    ['anything else', { displayName: 'T' }, undefined, true],
  ])('by %s: are his sessions left?', async (_what, change, password, left) => {
    const user = await create('taro')
    await deps.store.transact((tx) =>
      tx.sessions.insert({ idHash: 's', userId: user.id, method: 'saml', createdAt: 0, lastSeenAt: 0 }),
    )
    await edit(user.id, change, password)
    await edit(user.id, { status: 'inUse' })
    expect((await deps.store.read.sessions.find('s')) !== undefined).toBe(left)
  })

  it('changes nothing when the edit throws', async () => {
    const user = await create('taro')
    const failing = editUser(deps, entra, user.id, {
      apply: () => {
        throw new Error('no')
      },
    })
    await expect(failing).rejects.toThrow('no')
    expect((await getUser(deps, entra, user.id)).user).toEqual(user)
  })
})

describe('built-in users', () => {
  it('are seen and changed by no client', async () => {
    await createAdministrator(deps, { kind: 'operator', name: 'x' }, 'Administrator')
    const { id } = (await deps.store.read.users.findByLoginName('administrator'))!
    for (const ask of [() => getUser(deps, entra, id), () => edit(id, {}), () => deleteUser(deps, entra, id)]) {
      await expect(ask()).rejects.toMatchObject({ code: 'userNotFound' })
    }
    expect(await listUsers(deps, entra, { startIndex: 1, count: 10 }, true)).toEqual({ total: 0, items: [] })
    await expect(createGroup(deps, entra, { name: 'g', memberIds: [id] })).rejects.toMatchObject({ code: 'noSuchMember' })
  })

  it('keep their login name to themselves', async () => {
    await createAdministrator(deps, { kind: 'operator', name: 'x' }, 'Administrator')
    await expect(create('ADMINISTRATOR')).rejects.toMatchObject({ code: 'loginNameTaken' })
    expect(await deps.store.read.groups.countMembers(administratorsId)).toBe(1)
  })
})
