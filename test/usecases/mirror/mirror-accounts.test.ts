import type { LoginName } from '../../../src/domain/directory/login-name'
import type { UserAttributes } from '../../../src/domain/directory/user'
import type { ChatTarget } from '../../../src/ports/targets'
import { TargetDown } from '../../../src/ports/targets'
import { deleteUser } from '../../../src/usecases/directory/delete-user'
import { editUser } from '../../../src/usecases/directory/edit-user'
import { mirrorAccounts } from '../../../src/usecases/mirror/mirror-accounts'
import { showMirror } from '../../../src/usecases/mirror/show-mirror'
import { entra, openMirrored, type Mirrored } from './mirrored'

describe('mirrorAccounts', () => {
  let at: Mirrored
  beforeEach(async () => void (at = await openMirrored()))
  afterEach(() => at.close())
  const chatStatus = async () => {
    const { targets, deadLetters } = await showMirror(at, { kind: 'operator', name: 'x' })
    return { ...targets.find(({ target }) => target === 'chat')!, letters: deadLetters.filter(({ target }) => target === 'chat') }
  }
  const lying = (rest: Partial<ChatTarget>): ChatTarget => ({ ...at.chat, ...rest })

  it('makes, suspends, resumes and deletes accounts, and has nothing to do afterwards (C10)', async () => {
    const user = await at.create('Taro@example.jp', { familyName: '山田', givenName: '太郎' })
    await at.mirror()
    expect(at.accounts()).toEqual([['taro', '山田 太郎', 1]])
    for (const [status, active] of [
      ['suspended', 0],
      ['inUse', 1],
    ] as const) {
      await editUser(at, entra, user.id, { apply: (current) => ({ ...current, status, familyName: '鈴木' }) })
      await at.mirror()
      expect(at.accounts()).toEqual([['taro', '山田 太郎', active]])
    }
    await deleteUser(at, entra, user.id)
    await at.mirror()
    expect(at.accounts()).toEqual([])
    expect(await mirrorAccounts(at, at.chat)).toBe(0)
    expect(await chatStatus()).toMatchObject({ accounts: 0, waiting: 0, deadLetters: 0 })
  })

  it('takes any number of people, batch by batch', async () => {
    for (let i = 0; i < 250; i++) await at.create(`u${i}`)
    expect(await mirrorAccounts(at, at.chat)).toBe(100)
    await at.mirror()
    expect(at.accounts()).toHaveLength(250)
  })

  it('gives a name to a successor only when the account of the one before is gone', async () => {
    const first = await at.create('taro', { familyName: 'First' })
    await at.mirror()
    await deleteUser(at, entra, first.id)
    await at.create('taro', { familyName: 'Second' })
    expect(await mirrorAccounts(at, at.chat)).toBe(2)
    expect(at.accounts()).toEqual([])
    await at.later()
    await at.mirror()
    expect(at.accounts()).toEqual([['taro', 'Second', 1]])
  })

  it('never gives one account to two people, of whom the second is a dead letter with the mend', async () => {
    await at.create('taro', { familyName: 'First' })
    await at.create('taro@example.jp', { familyName: 'Second' })
    await at.create('jiro')
    await at.mirror()
    expect(at.accounts().map(([name, display]) => [name, display])).toEqual([
      ['jiro', 'jiro'],
      ['taro', 'First'],
    ])
    expect((await chatStatus()).letters).toMatchObject([
      { loginName: 'taro@example.jp', reason: expect.stringContaining('Change one of the login names') as string },
    ])
  })

  it('is asked only for what changes an account: the login name, the status, a password', async () => {
    const { id } = await at.create('taro')
    await at.mirror()
    const due = async (change: Partial<UserAttributes>, password?: string) => {
      const edit = { apply: (current: UserAttributes) => ({ ...current, ...change }) }
      await editUser(at, entra, id, password === undefined ? edit : { ...edit, password })
      const isDue = await at.store.read.mirror.hasDueWork('chat')
      await at.mirror()
      return isDue
    }
    expect(await due({ displayName: 'T', familyName: '山田', profile: { title: '部長' } })).toBe(false)
    expect(await due({ status: 'suspended' })).toBe(true)
    expect(await due({ loginName: 'taro2' as LoginName })).toBe(true)
    expect(await due({}, 'secret words')).toBe(true)
  })

  it('lets one that the target rejects stop nobody else', async () => {
    const bad = await at.create('bad')
    await at.create('good')
    const picky = lying({
      putAccounts: async (accounts, fence) => {
        const outcomes = new Map(
          await at.chat.putAccounts(
            accounts.filter(({ objectId }) => objectId !== bad.id),
            fence,
          ),
        )
        return outcomes.set(bad.id, { kind: 'rejected', reason: 'not this one' })
      },
    })
    await at.mirror(picky)
    expect(at.accounts().map(([name]) => name)).toEqual(['good'])
    expect((await chatStatus()).letters).toMatchObject([{ objectId: bad.id, reason: 'not this one' }])
    await editUser(at, entra, bad.id, { apply: (current) => ({ ...current, displayName: 'x' }) })
    await at.mirror()
    expect(at.accounts().map(([name]) => name)).toEqual(['bad', 'good'])
  })

  it('believes only what it reads back', async () => {
    const user = await at.create('taro')
    const forgetful = lying({
      putAccounts: async (accounts) => new Map(accounts.map(({ objectId }) => [objectId, { kind: 'done' }])),
    })
    await at.mirror(forgetful)
    expect(await chatStatus()).toMatchObject({ waiting: 1, lastError: expect.stringContaining('read back') as string })
    await at.later()
    await at.mirror()
    expect(at.accounts()).toHaveLength(1)
    await deleteUser(at, entra, user.id)
    await at.mirror(
      lying({ deleteAccounts: async (names) => new Map(names.map(({ objectId }) => [objectId, { kind: 'done' }])) }),
    )
    expect(await chatStatus()).toMatchObject({ waiting: 1 })
    await at.later()
    await at.mirror()
    expect(at.accounts()).toEqual([])
  })

  it('loses nothing while the target is down, and catches up', async () => {
    await at.create('taro')
    const down = lying({ putAccounts: () => Promise.reject(new TargetDown('no answer')) })
    await expect(mirrorAccounts(at, down)).rejects.toThrow('no answer')
    expect(await chatStatus()).toMatchObject({ waiting: 1, deadLetters: 0, lastError: 'no answer' })
    expect(await at.store.read.mirror.hasDueWork('mail')).toBe(true)
    await at.store.transact((tx) => tx.mirror.retryWaiting('chat'))
    await at.mirror()
    expect(at.accounts()).toHaveLength(1)
  })

  it.each(['workClaimed', 'targetApplied', 'readBack'] as const)(
    'does it over, with the same end, when its worker died at %s',
    async (place) => {
      const user = await at.create('taro', { familyName: 'Taro' })
      const dying = {
        ...at,
        passing: (checkpoint: string) => {
          if (checkpoint === place) throw new Error('died')
        },
      }
      await expect(mirrorAccounts(dying, at.chat)).rejects.toThrow('died')
      await deleteUser(at, entra, user.id)
      await at.endLeases()
      await at.mirror()
      expect(at.accounts()).toEqual([])
      expect(await chatStatus()).toMatchObject({ accounts: 0, waiting: 0 })
    },
  )

  it('lets a worker that was overtaken undo nothing', async () => {
    const user = await at.create('taro')
    let overtaken = false
    const slow = lying({
      putAccounts: async (accounts, fence) => {
        if (!overtaken) {
          overtaken = true
          await at.endLeases()
          await editUser(at, entra, user.id, { apply: (current) => ({ ...current, status: 'suspended' }) })
          await at.mirror()
        }
        return at.chat.putAccounts(accounts, fence)
      },
    })
    await mirrorAccounts(at, slow)
    expect(at.accounts()).toEqual([['taro', 'taro', 0]])
    expect(await chatStatus()).toMatchObject({ accounts: 1, waiting: 0 })
  })
})
