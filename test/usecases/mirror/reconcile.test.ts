import type { UserId } from '../../../src/domain/ids'
import type { AccountName, Fence } from '../../../src/domain/mirror/account'
import { reconcile } from '../../../src/usecases/mirror/reconcile'
import { openMirrored, type Mirrored } from './mirrored'

describe('reconcile', () => {
  let at: Mirrored
  beforeEach(async () => {
    at = await openMirrored()
    for (const name of ['a', 'b', 'c']) await at.create(name)
    await at.mirror()
  })
  afterEach(() => at.close())

  it('finds nothing where both sides are alike', async () => {
    expect(await reconcile(at, at.chat)).toEqual({ checked: 3, healed: 0, removed: 0, foreign: 0 })
  })

  it('heals what the target lost, changed or never should have had; a second one does nothing', async () => {
    const high = 1_000 as Fence
    const [a, b] = await at.chat.listAccounts(undefined, 2)
    await at.chat.deleteAccounts([{ objectId: a!.objectId!, name: a!.name }], high)
    await at.chat.putAccounts([{ objectId: b!.objectId!, name: b!.name, active: false, hash: 'other' }], high)
    await at.chat.putAccounts(
      [{ objectId: 'nobody' as UserId, name: 'orphan' as AccountName, active: true, displayName: '', hash: 'x' }],
      1 as Fence,
    )
    for (let i = 0; i <= 1_000; i++) await at.store.transact((tx) => tx.mirror.nextFence('chat'))
    expect(await reconcile(at, at.chat)).toEqual({ checked: 4, healed: 2, removed: 1, foreign: 0 })
    await at.mirror()
    expect(at.accounts().map(([name, , active]) => [name, active])).toEqual([
      ['a', 1],
      ['b', 1],
      ['c', 1],
    ])
    expect(await reconcile(at, at.chat)).toEqual({ checked: 3, healed: 0, removed: 0, foreign: 0 })
  })

  it('leaves accounts alone that are not ours', async () => {
    const foreign = { name: 'someone' as AccountName }
    const withForeign = {
      ...at.chat,
      listAccounts: async (after?: AccountName) =>
        after === undefined ? [...(await at.chat.listAccounts(after, 9)), foreign] : [],
    }
    expect(await reconcile(at, withForeign)).toEqual({ checked: 4, healed: 0, removed: 0, foreign: 1 })
  })
})
