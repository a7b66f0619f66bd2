import path from 'node:path'
import { embeddedChat } from '../../src/connectors/chat/embedded'
import { mailTables } from '../../src/connectors/mail/tables'
import type { AccountName, MailAccount } from '../../src/domain/mirror/account'
import { newUuid, systemClock } from '../../src/ports/clock'
import type { UserId } from '../../src/domain/ids'
import { TargetDown, type AccountTarget, type ChatTarget, type MailTarget } from '../../src/ports/targets'
import type { Store } from '../../src/ports/store'
import { jsonLog } from '../../src/log'
import { startMirror } from '../../src/workers/mirror'
import type { Loop } from '../../src/workers/loop'
import { removeLeaver } from '../../src/usecases/mirror/remove-leaver'
import { reconcile } from '../../src/usecases/mirror/reconcile'
import { aClient, aUser } from '../kit/builders'
import { eventually } from '../kit/server'
import { openTempStore, tempFolder } from '../kit/temp-store'

const settings = { organizationDomain: 'example.jp', mailDomain: 'example.jp' }
const log = jsonLog('silent', process.stdout)

/** A target as it is, until a test breaks it. */
function breakable(target: MailTarget): MailTarget & { breakBy?: (accounts: readonly MailAccount[]) => void } {
  const outside: ReturnType<typeof breakable> = {
    ...target,
    health: async () => (outside.breakBy ? { ready: false, detail: 'down' } : target.health()),
    putAccounts: async (accounts, fence) => {
      outside.breakBy?.(accounts)
      return target.putAccounts(accounts, fence)
    },
  }
  return outside
}

describe('startMirror', () => {
  let [store, close]: [Store, () => Promise<void>] = [undefined!, undefined!]
  let [chat, mail]: [ChatTarget, ReturnType<typeof breakable>] = [undefined!, undefined!]
  let loops: readonly Loop[] = []
  const folder = tempFolder()
  beforeEach(async () => {
    ;({ store, close } = await openTempStore(undefined, systemClock))
    const file = (name: string) => ({ kind: 'sqlite', file: path.join(folder.path, `${newUuid(0)}${name}`) }) as const
    chat = embeddedChat({ database: file('chat.db') })
    mail = breakable(mailTables({ domain: 'example.jp', database: file('mail.db') }))
    loops = [startMirror({ store, settings, log }, chat), startMirror({ store, settings, log }, mail)]
    store.onMirrorWork(() => loops.forEach((loop) => loop.wake()))
  })
  afterEach(async () => {
    await Promise.all(loops.map((loop) => loop.stop()))
    await Promise.all([chat.close(), mail.close(), close()])
  })
  afterAll(() => folder.remove())

  const add = async (loginName: string): Promise<UserId> => {
    const user = aUser({ loginName })
    await store.transact(async (tx) => {
      await tx.users.insert(user, undefined)
      await tx.record({
        actor: aClient(),
        action: 'add user',
        object: { kind: 'user', id: user.id, label: loginName },
        mirror: true,
      })
    })
    return user.id
  }
  const namesIn = async (target: Pick<AccountTarget<never>, 'listAccounts'>) =>
    (await target.listAccounts(undefined, 100)).map(({ name }) => name as string)

  const outageOf = async (target: 'chat' | 'mail') => (await store.read.explain.account(target, newUuid(0) as UserId)).outage

  it('catches up by itself with a target that was down, while the other goes on', async () => {
    mail.breakBy = () => {
      throw new TargetDown('mail is down')
    }
    await add('hanako')
    await add('taro')
    await eventually(async () => (await namesIn(chat)).length === 2)
    expect(await namesIn(mail)).toEqual([])
    expect(await store.read.mirror.status('mail')).toMatchObject({ accounts: 0, waiting: 2, deadLetters: 0 })
    await eventually(async () => (await outageOf('mail'))?.reason !== undefined)
    expect(await outageOf('chat')).toBeUndefined()
    delete mail.breakBy
    await eventually(async () => (await store.read.mirror.status('mail')).waiting === 0)
    expect(await namesIn(mail)).toEqual(['hanako', 'taro'])
    await eventually(async () => (await outageOf('mail')) === undefined)
  })

  it('names who cannot be mirrored and why; the others are (dead letter)', async () => {
    await add('who@elsewhere.example')
    await add('hanako')
    await eventually(async () => (await namesIn(mail)).length === 1)
    await eventually(async () => (await store.read.mirror.status('mail')).deadLetters === 1)
    expect(await store.read.mirror.deadLetters(10)).toContainEqual(
      expect.objectContaining({ target: 'mail', loginName: 'who@elsewhere.example' }),
    )
  })

  it('gives a newcomer the name within seconds after an administrator ended the wait for who had it', async () => {
    const leaver = await add('taro')
    await eventually(async () => (await namesIn(mail)).length === 1 && (await namesIn(chat)).length === 1)
    await store.transact(async (tx) => {
      await tx.users.delete(await tx.users.getForUpdate(leaver, undefined))
      await tx.mirror.keepAccounts(leaver, 30)
      const object = { kind: 'user', id: leaver, label: 'taro' } as const
      await tx.record({ actor: aClient(), action: 'delete user', object, mirror: true })
    })
    const newcomer = await add('taro')
    const kept = async (target: Pick<AccountTarget<never>, 'listAccounts'>) =>
      (await target.listAccounts(undefined, 9)).map(({ objectId }) => objectId)
    await eventually(async () => (await store.read.mirror.status('mail')).lastError?.includes('is kept until') === true)
    expect([await kept(chat), await kept(mail)]).toEqual([[leaver], [leaver]])
    await removeLeaver({ store }, { kind: 'operator', name: 'root' }, 'taro')
    await eventually(async () => (await kept(chat))[0] === newcomer && (await kept(mail))[0] === newcomer, 5_000)
    await eventually(async () => (await store.read.mirror.status('mail')).waiting === 0)
  })

  it('is healed by a reconcile when somebody tampered with a target, and a second one does nothing', async () => {
    const ids = [await add('hanako'), await add('taro')]
    await eventually(async () => (await namesIn(mail)).length === 2)
    await eventually(async () => (await store.read.mirror.status('mail')).waiting === 0)
    const fence = await store.transact((tx) => tx.mirror.nextFence('mail'))
    await mail.deleteAccounts([{ objectId: ids[0]!, name: 'hanako' as AccountName }], fence)
    expect(await reconcile({ store }, mail)).toMatchObject({ healed: 1, removed: 0, foreign: 0 })
    await eventually(async () => (await namesIn(mail)).length === 2)
    await eventually(async () => (await store.read.mirror.status('mail')).waiting === 0)
    expect(await reconcile({ store }, mail)).toMatchObject({ healed: 0, removed: 0, foreign: 0 })
  })
})
