import type { User, UserAttributes } from '../../../src/domain/directory/user'
import type { ChatTarget } from '../../../src/ports/targets'
import { TargetDown } from '../../../src/ports/targets'
import { createGroup } from '../../../src/usecases/directory/create-group'
import { deleteUser } from '../../../src/usecases/directory/delete-user'
import { editUser } from '../../../src/usecases/directory/edit-user'
import { listMembers } from '../../../src/usecases/directory/list-members'
import { listLeavers } from '../../../src/usecases/mirror/list-leavers'
import { mirrorAccounts } from '../../../src/usecases/mirror/mirror-accounts'
import { reconcile } from '../../../src/usecases/mirror/reconcile'
import { removeLeaver } from '../../../src/usecases/mirror/remove-leaver'
import { showMirror } from '../../../src/usecases/mirror/show-mirror'
import { entra, openMirrored, type Mirrored } from './mirrored'

const operator = { kind: 'operator', name: 'root' } as const

describe('a deleted person whose accounts are kept', () => {
  let at: Mirrored
  let taro: User
  const attributes: Partial<UserAttributes> = { externalId: 'e-1', familyName: '山田', givenName: '太郎' }
  beforeEach(async () => {
    at = await openMirrored()
    taro = await at.create('taro', attributes)
    await mirrorBoth()
  })
  afterEach(() => at.close())

  const mirrorBoth = async () => {
    await at.mirror()
    await at.mirrorMail()
  }
  const leaves = async (user: User, leaverDays = 10) => {
    await deleteUser({ ...at, leaverDays }, entra, user.id)
    await mirrorBoth()
  }
  const rename = (user: User, loginName: string) =>
    editUser(at, entra, user.id, { apply: (current) => ({ ...current, loginName: loginName as User['loginName'] }) })
  /** The days have gone by. */
  const daysGoBy = async () => {
    at.query('kagami', 'UPDATE directory_tombstone SET accounts_until = 1 WHERE accounts_until > 1')
    at.query('kagami', 'UPDATE mirror_work SET due_at = 1 WHERE due_at > 1')
  }
  const mailUsers = () => at.query('mail', 'SELECT account, address, active, home FROM mail_user ORDER BY account')
  const home = (user: User) => `example.jp/${user.id}`
  const status = async (target: 'chat' | 'mail') => (await showMirror(at, operator)).targets.find((one) => one.target === target)!
  const shutChat = [['taro', '山田 太郎', 0]]
  const shutMail = () => [{ account: 'taro', address: 'taro@example.jp', active: 0, home: home(taro) }]

  it('is suspended in chat and mail at once, and removed when the days have gone by', async () => {
    await leaves(taro)
    expect([at.accounts(), mailUsers()]).toEqual([shutChat, shutMail()])
    expect(await showMirror(at, operator)).toMatchObject({
      leavers: 1,
      deadLetters: [],
      targets: [{ waiting: 0 }, { waiting: 0 }],
    })
    expect(await mirrorAccounts(at, at.chat)).toBe(0)
    await daysGoBy()
    await mirrorBoth()
    expect([at.accounts(), mailUsers()]).toEqual([[], []])
    expect(await showMirror(at, operator)).toMatchObject({ leavers: 0, targets: [{ accounts: 0, waiting: 0 }, { accounts: 0 }] })
    expect(await mirrorAccounts(at, at.chat)).toBe(0)
  })

  it('has no password any more at either', async () => {
    const before = () => [at.query('chat', 'SELECT salt FROM chat_account'), at.query('mail', 'SELECT password FROM mail_user')]
    await editUser(at, entra, taro.id, { apply: (current) => current, password: 'ein langes Wort' })
    await mirrorBoth()
    expect(before()).not.toEqual([[{ salt: null }], [{ password: '{CRYPT}*' }]])
    await leaves(taro)
    expect(before()).toEqual([[{ salt: null }], [{ password: '{CRYPT}*' }]])
  })

  it('goes at once where the setting is off; who never had an account is not kept', async () => {
    await leaves(taro, 0)
    expect([at.accounts(), mailUsers()]).toEqual([[], []])
    const never = await at.create('never@elsewhere.example')
    await leaves(never)
    expect((await listLeavers(at, operator, 10)).total).toBe(0)
  })

  it('is neither healed nor removed by a reconcile, but suspended again where somebody let him in', async () => {
    await leaves(taro)
    const nothing = { checked: 1, healed: 0, removed: 0, foreign: 0 }
    expect([await reconcile(at, at.chat), await reconcile(at, at.mail)]).toEqual([nothing, nothing])
    at.query('chat', `UPDATE chat_account SET active = 1`)
    at.query('chat', `UPDATE kagami_applied SET hash = 'somebody'`)
    expect(await reconcile(at, at.chat)).toEqual({ ...nothing, healed: 1 })
    await at.mirror()
    expect(at.accounts()).toEqual(shutChat)
    expect(await reconcile(at, at.chat)).toEqual(nothing)
    expect(await status('chat')).toMatchObject({ waiting: 0 })
  })

  it('waits on over a restart, and by the date that was fixed when he left', async () => {
    await leaves(taro, 10)
    const [before] = (await listLeavers(at, operator, 10)).leavers
    await at.store.transact(async (tx) => void (await tx.mirror.retryAll('chat')))
    const other = await at.create('jiro', { externalId: 'e-2' })
    await mirrorBoth()
    await leaves(other, 1)
    const { total, leavers } = await listLeavers(at, operator, 10)
    expect(total).toBe(2)
    expect(leavers.map(({ loginName }) => loginName)).toEqual(['jiro', 'taro'])
    expect(leavers[1]).toEqual(before)
    expect(at.accounts().map(([, , active]) => active)).toEqual([0, 0])
  })

  it.each(['workClaimed', 'targetApplied', 'readBack'] as const)(
    'comes to the same end when a worker died at %s, at his suspension and at his removal',
    async (place) => {
      const dying = {
        ...at,
        passing: (checkpoint: string) => {
          if (checkpoint === place) throw new Error('died')
        },
      }
      await deleteUser({ ...at, leaverDays: 10 }, entra, taro.id)
      await expect(mirrorAccounts(dying, at.chat)).rejects.toThrow('died')
      await at.endLeases()
      await at.mirror()
      expect(at.accounts()).toEqual(shutChat)
      await daysGoBy()
      await expect(mirrorAccounts(dying, at.chat)).rejects.toThrow('died')
      await at.endLeases()
      await at.mirror()
      expect(at.accounts()).toEqual([])
      expect(await status('chat')).toMatchObject({ accounts: 0, waiting: 0 })
    },
  )

  it('is removed once by several workers', async () => {
    await leaves(taro)
    await daysGoBy()
    let removals = 0
    const counting: ChatTarget = {
      ...at.chat,
      deleteAccounts: (accounts, fence) => {
        removals += accounts.length
        return at.chat.deleteAccounts(accounts, fence)
      },
    }
    await Promise.all([1, 2, 3].map(() => mirrorAccounts(at, counting)))
    expect([removals, at.accounts()]).toEqual([1, []])
  })

  it('goes when the target is back, where it was down at that date', async () => {
    await leaves(taro)
    await daysGoBy()
    const down: ChatTarget = { ...at.chat, deleteAccounts: () => Promise.reject(new TargetDown('no answer')) }
    await expect(mirrorAccounts(at, down)).rejects.toThrow('no answer')
    expect(await status('chat')).toMatchObject({ accounts: 1, waiting: 1, lastError: 'no answer' })
    await at.later()
    await at.mirror()
    expect(at.accounts()).toEqual([])
  })

  describe('who comes back', () => {
    const comesBack = (loginName = 'taro') => at.create(loginName, { ...attributes, familyName: '鈴木' })

    it('meanwhile has his id, his accounts and his name in chat, but not his groups (C11)', async () => {
      const group = await createGroup(at, entra, { name: '営業部', memberIds: [taro.id] })
      at.query('chat', `UPDATE chat_account SET display_name = 'たろう'`)
      await leaves(taro)
      const back = await comesBack()
      expect(back.id).toBe(taro.id)
      await mirrorBoth()
      expect(at.accounts()).toEqual([['taro', 'たろう', 1]])
      expect(mailUsers()).toEqual([{ ...shutMail()[0], active: 1 }])
      expect(await listMembers(at, entra, group.id, undefined, 10)).toMatchObject({ members: [] })
      expect(await showMirror(at, operator)).toMatchObject({ leavers: 0 })
      await daysGoBy()
      await mirrorBoth()
      expect(at.accounts()).toEqual([['taro', 'たろう', 1]])
    })

    it('by another login name has the same account, and his former address with it', async () => {
      await leaves(taro)
      await comesBack('saburo')
      await mirrorBoth()
      expect(at.accounts()).toEqual([['taro', '山田 太郎', 1]])
      expect(mailUsers()).toEqual([{ account: 'taro', address: 'saburo@example.jp', active: 1, home: home(taro) }])
      expect(at.query('mail', 'SELECT address, destination FROM mail_alias')).toEqual([
        { address: 'taro@example.jp', destination: 'saburo@example.jp' },
      ])
    })

    it('and leaves again is kept anew, or goes, as the setting is then', async () => {
      await leaves(taro)
      await leaves(await comesBack(), 20)
      expect(at.accounts()).toEqual(shutChat)
      await leaves(await comesBack(), 0)
      expect([at.accounts(), mailUsers()]).toEqual([[], []])
    })

    it('after his accounts went has his id, and new, empty ones', async () => {
      await leaves(taro)
      await daysGoBy()
      await mirrorBoth()
      const back = await comesBack()
      expect(back.id).toBe(taro.id)
      await mirrorBoth()
      expect(at.accounts()).toEqual([['taro', '鈴木 太郎', 1]])
    })

    it('while he is being removed ends with one new account', async () => {
      await leaves(taro)
      await daysGoBy()
      const slow: ChatTarget = {
        ...at.chat,
        deleteAccounts: async (accounts, fence) => {
          await comesBack()
          return at.chat.deleteAccounts(accounts, fence)
        },
      }
      await mirrorAccounts(at, slow)
      await at.mirror()
      expect(at.accounts()).toEqual([['taro', '鈴木 太郎', 1]])
    })
  })

  describe('a newcomer of the same name', () => {
    const newcomer = () => at.create('taro', { externalId: 'e-new', familyName: 'New' })
    const isNew = async (user: User) => {
      expect(at.accounts()).toEqual([['taro', 'New', 1]])
      expect(mailUsers()).toEqual([{ ...shutMail()[0], active: 1, home: home(user) }])
    }

    it('waits for a reason that names the date and the mend, without trying all the time', async () => {
      await leaves(taro)
      const user = await newcomer()
      expect(user.id).not.toBe(taro.id)
      await mirrorBoth()
      const { keptUntil } = (await listLeavers(at, operator, 1)).leavers[0]!
      expect([at.accounts(), mailUsers()]).toEqual([shutChat, shutMail()])
      for (const target of ['chat', 'mail'] as const) {
        expect(await status(target)).toMatchObject({ waiting: 1, deadLetters: 0, lastError: expect.any(String) as string })
      }
      const until = new Date(keptUntil).toISOString().slice(0, 16).replace('T', ' ')
      const { lastError } = await status('chat')
      expect(lastError).toBe(
        `The account taro of a deleted user is kept until ${until} UTC. To remove it now: kagami leaver remove ${taro.id}`,
      )
      expect(at.query('kagami', `SELECT DISTINCT due_at FROM mirror_work WHERE object_id = '${user.id}'`)).toEqual([
        { due_at: keptUntil },
      ])
      await daysGoBy()
      await mirrorBoth()
      await isNew(user)
    })

    it('has the name as soon as an administrator ends the wait, which the audit log tells', async () => {
      await leaves(taro)
      const user = await newcomer()
      await mirrorBoth()
      expect(await removeLeaver(at, operator, 'taro')).toMatchObject({ objectId: taro.id })
      await mirrorBoth()
      await isNew(user)
      expect(
        at.query(
          'kagami',
          `SELECT actor_name, object_id, label FROM audit_line WHERE action = 'remove accounts of deleted user'`,
        ),
      ).toEqual([{ actor_name: 'root', object_id: taro.id, label: 'taro' }])
    })

    it('has it too where a worker looked at him just before the account went', async () => {
      await leaves(taro)
      const user = await newcomer()
      const overtaken = {
        ...at,
        passing: (checkpoint: string) => {
          if (checkpoint === 'workClaimed') released ??= removeLeaver(at, operator, taro.id).then(() => at.mirror())
        },
      }
      let released: Promise<void> | undefined
      const slow: ChatTarget = { ...at.chat, findAccounts: async (names) => (await released, at.chat.findAccounts(names)) }
      await mirrorAccounts(overtaken, slow)
      await released
      await mirrorBoth()
      await isNew(user)
    })

    it('waits for a former address as well, and has it when it is free', async () => {
      await rename(taro, 'jiro')
      await mirrorBoth()
      await leaves(taro)
      const jiro = await at.create('jiro', { externalId: 'e-jiro' })
      await mirrorBoth()
      expect(await status('mail')).toMatchObject({
        waiting: 1,
        deadLetters: 0,
        lastError: expect.stringContaining(`leaver remove ${taro.id}`) as string,
      })
      await removeLeaver(at, operator, 'jiro')
      await mirrorBoth()
      expect(mailUsers()).toEqual([{ account: 'jiro', address: 'jiro@example.jp', active: 1, home: home(jiro) }])
    })
  })

  describe('removeLeaver', () => {
    it('refuses who is not kept, and who is meant by several, with the ids', async () => {
      await expect(removeLeaver(at, operator, 'taro')).rejects.toMatchObject({ code: 'leaverNotFound' })
      await leaves(taro)
      const second = await at.create('first.name', { externalId: 'e-2' })
      await mirrorBoth()
      await rename(second, 'taro') // his account is first.name, his login name that of the other's account
      await leaves(second)
      await expect(removeLeaver(at, operator, 'taro')).rejects.toMatchObject({
        code: 'leaverAmbiguous',
        detail: expect.stringContaining(second.id) as string,
      })
      await removeLeaver(at, operator, second.id)
      await expect(removeLeaver(at, operator, second.id)).rejects.toMatchObject({ code: 'leaverNotFound' })
    })

    it('and the list are for administrators', async () => {
      await expect(removeLeaver(at, entra, taro.id)).rejects.toMatchObject({ code: 'notAllowed' })
      await expect(listLeavers(at, entra, 1)).rejects.toMatchObject({ code: 'notAllowed' })
    })
  })
})
