import { purgeOld } from '../../../src/usecases/system/purge-old'
import { createUser } from '../../../src/usecases/directory/create-user'
import { deleteUser } from '../../../src/usecases/directory/delete-user'
import { aClient, aClientRow, aToken, aUser } from '../../kit/builders'
import { openUseCaseDeps, type UseCaseDeps } from '../../kit/use-case-deps'

const day = 24 * 60 * 60_000

describe('purgeOld', () => {
  let deps: UseCaseDeps
  beforeEach(async () => void (deps = await openUseCaseDeps()))
  afterEach(() => deps.close())

  it('takes what is past its time, however much, and nothing else', async () => {
    const old = deps.clock.now()
    const { user } = await createUser(deps, aClient(), {
      attributes: { loginName: aUser().loginName, status: 'inUse', profile: {} },
    })
    await deps.store.transact(async (tx) => {
      for (let i = 0; i < 2_500; i++) await tx.consumed.take('assertion', `a${i}`, old)
      await tx.sessions.insert({ idHash: 'old', userId: user.id, method: 'saml', createdAt: old, lastSeenAt: old })
      await tx.sessions.insert({ idHash: 'fresh', userId: user.id, method: 'saml', createdAt: old, lastSeenAt: old + 2 * day })
    })
    expect(await purgeOld(deps)).toBe(0)
    deps.clock.set(old + 2 * day)
    expect(await purgeOld(deps)).toBe(2_501)
    expect(await deps.store.read.sessions.find('old')).toBeUndefined()
    expect(await deps.store.read.sessions.find('fresh')).toBeDefined()
    expect(await deps.store.read.logs.countAudit()).toBe(1)
  })

  it('takes audit lines after a year, also of clients', async () => {
    const at = deps.clock.now()
    await createUser(deps, aClient(), { attributes: { loginName: aUser().loginName, status: 'inUse', profile: {} } })
    deps.clock.set(at + 91 * day)
    expect(await purgeOld(deps)).toBe(1)
    expect((await deps.store.read.logs.done({}, undefined, 1)).lines).toEqual([])
    deps.clock.set(at + 365 * day)
    expect(await purgeOld(deps)).toBe(0)
    deps.clock.advance(1)
    expect(await purgeOld(deps)).toBe(1)
    expect(await deps.store.read.logs.countAudit()).toBe(0)
  })

  it('keeps a line as long as the provisioning log does, though the audit log would not', async () => {
    await createUser(deps, aClient(), { attributes: { loginName: aUser().loginName, status: 'inUse', profile: {} } })
    deps.clock.advance(400 * day)
    expect(await purgeOld({ ...deps, provisioning: { days: 400, rows: 10 } })).toBe(0)
    deps.clock.advance(1)
    expect(await purgeOld({ ...deps, provisioning: { days: 400, rows: 10 } })).toBe(2)
  })

  it('takes what clients did after 90 days, and their tokens 90 days after these have ended', async () => {
    const at = deps.clock.now()
    const [ending, lasting] = [aToken(client, { expiresAt: at }), aToken(client)]
    await deps.store.transact(async (tx) => {
      await tx.clients.insert(client)
      for (const token of [ending, lasting]) await tx.clients.insertToken(token)
      const use = { clientId: client.id, hour: at, operation: 'GET User', outcome: 'ok', requests: 1 } as const
      await tx.clients.addUses([use], new Map())
    })
    deps.clock.set(at + 90 * day)
    expect(await purgeOld(deps)).toBe(0)
    deps.clock.advance(1)
    expect(await purgeOld(deps)).toBe(2)
    expect(await deps.store.read.clients.listTokens()).toEqual([lasting])
  })
  const client = aClientRow()

  it('takes tombstones of people without accounts after 30 days', async () => {
    const { user } = await createUser(deps, aClient(), {
      attributes: { loginName: aUser().loginName, status: 'inUse', profile: {} },
    })
    await deleteUser(deps, aClient(), user.id)
    deps.clock.advance(30 * day)
    expect(await purgeOld(deps)).toBe(0)
    deps.clock.advance(1)
    expect(await purgeOld(deps)).toBe(1)
  })
})
