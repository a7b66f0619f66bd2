import type { AccountName } from '../../../src/domain/mirror/account'
import type { WorkResult } from '../../../src/ports/store/mirror'
import { aClient, aLink, aUser } from '../../kit/builders'
import { addUser, deleteUser, type OpenStore, type StoreUnderTest } from './under-test'

const day = 24 * 60 * 60_000

/** What an explanation of one person needs. */
export function explainContract(open: OpenStore): void {
  let at: StoreUnderTest
  beforeAll(async () => void (at = await open()))
  afterAll(() => at.close())
  const explain = () => at.store.read.explain

  it('tells work and account at a target as they come and go', async () => {
    const { id } = await addUser(at.store, aUser({ loginName: 'worked' }))
    const account = () => explain().account('mail', id)
    expect(await account()).toEqual({
      target: 'mail',
      work: { isDone: false, dueAt: 0, attempts: 0, isClaimed: false },
      isApplied: false,
    })
    const { fence } = await at.store.transact((tx) => tx.mirror.claim('mail', 10, 60_000))
    await at.store.transact((tx) =>
      tx.mirror.saveIntents('mail', [
        { objectId: id, accountName: 'taro' as AccountName, intent: 'put', named: false, aliases: [] },
      ]),
    )
    expect(await account()).toMatchObject({ work: { isClaimed: true }, accountName: 'taro', intent: 'put', isApplied: false })
    const settle = (result: WorkResult) => at.store.transact((tx) => tx.mirror.settle('mail', fence, new Map([[id, result]])))
    await settle({ kind: 'retry', reason: 'Busy.', delayMs: 60_000 })
    expect(await account()).toMatchObject({
      work: { isClaimed: false, attempts: 1, reason: 'Busy.', dueAt: expect.any(Number) as number },
    })
    await settle({ kind: 'deadLetter', reason: 'No.' })
    expect(await account()).toMatchObject({ work: { reason: 'No.', deadSince: expect.any(Number) as number } })
    await settle({ kind: 'done', link: aLink(id, { accountName: 'worked' as AccountName }) })
    expect(await account()).toEqual({
      target: 'mail',
      work: { isDone: true, attempts: 0, isClaimed: false, doneAt: expect.any(Number) as number },
      accountName: 'worked',
      isApplied: true,
    })
  })

  it('tells an outage by its last reason, since its first', async () => {
    const outage = async () => (await explain().account('chat', aUser().id)).outage
    const set = (reason: string | undefined) => at.store.transact((tx) => tx.mirror.setOutage('chat', reason))
    expect(await outage()).toBeUndefined()
    await set('refused')
    await at.query(`UPDATE mirror_target SET down_since = 5 WHERE target = 'chat'`)
    await set('timed out')
    expect(await outage()).toEqual({ reason: 'timed out', since: 5 })
    await set(undefined)
    expect(await outage()).toBeUndefined()
  })

  it('finds a deleted person by id and by the last name he had, with his externalIds and until when his accounts are kept', async () => {
    const client = aClient().clientId
    const [first, second] = [aUser({ loginName: 'left', externalId: 'e-1' }), aUser({ loginName: 'left' })]
    for (const user of [first, second]) {
      await addUser(at.store, user, client)
      at.clock.advance(1_000)
      await deleteUser(at.store, user.id)
    }
    expect(await explain().deleted('left')).toMatchObject({ id: second.id, loginName: 'left' })
    expect(await explain().deleted(first.id.toUpperCase())).toMatchObject({ id: first.id })
    expect(await explain().deleted('nobody')).toBeUndefined()
    expect(await explain().externalIds(first.id)).toEqual(['e-1'])
    await at.store.transact((tx) => tx.mirror.keepAccounts(first.id, 3))
    const { keptUntil } = await explain().account('chat', first.id)
    expect(keptUntil! - Date.now()).toBeGreaterThan(2 * day)
  })

  it('finds near names, in any case, and no built-in one', async () => {
    for (const loginName of ['Néar.b', 'near.a', 'ne_r', 'far']) await addUser(at.store, aUser({ loginName }))
    await addUser(at.store, aUser({ loginName: 'near.admin', kind: 'builtIn' }))
    expect(await explain().namesLike('NEA')).toEqual(['near.a'])
    expect(await explain().namesLike('né')).toEqual(['Néar.b'])
    expect(await explain().namesLike('ne_')).toEqual(['ne_r'])
  })
}
