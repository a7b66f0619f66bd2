import { openChatTarget } from '../../../src/connectors/chat/chat-target'
import { argon2Passwords } from '../../../src/connectors/passwords'
import type { GroupId, UserId } from '../../../src/domain/ids'
import type { AccountName, ChatAccount, Fence, ScramVerifier } from '../../../src/domain/mirror/account'
import type { ChatTarget } from '../../../src/ports/targets'
import { signInXmpp } from '../../kit/xmpp'
import { describeWith } from '../../services/describe-with'
import { startEjabberd, type Ejabberd } from '../../services/ejabberd'
import { query, startMariadb, type Mariadb } from '../../services/mariadb'
import { hookTimeoutMs } from '../../services/service'

const password = 'ひみつの password 1'

describeWith(['mariadb', 'ejabberd'], 'the chat of a real ejabberd', () => {
  let mariadb: Mariadb | undefined
  let server: Ejabberd
  let target: ChatTarget
  let verifier: ScramVerifier
  beforeAll(async () => {
    mariadb = await startMariadb()
    server = await startEjabberd(await mariadb.createDatabase())
    target = openChatTarget({ domain: server.domain, database: server.database, api: server.api })
    verifier = (await argon2Passwords().makeRecords(password)).scram
  }, hookTimeoutMs)
  afterAll(async () => {
    await target?.close()
    await server?.stop()
    await mariadb?.stop()
  }, hookTimeoutMs)

  let fence = 0
  const nextFence = () => ++fence as Fence
  const jid = (name: string) => `${name}@${server.domain}`
  const signIn = (name: string) => signInXmpp(server, name, password)

  /** The account stands as given. */
  async function put(name: string, change: Partial<ChatAccount> = {}): Promise<ChatAccount> {
    const base = { objectId: `id-of-${name}` as UserId, name: name as AccountName, active: true, verifier }
    const account: ChatAccount = { ...base, ...change, hash: String(fence) }
    const outcomes = await target.putAccounts([account], nextFence())
    expect(outcomes.get(account.objectId)).toEqual({ kind: 'done' })
    return account
  }

  async function eventually<T>(read: () => T | undefined | Promise<T | undefined>): Promise<T> {
    for (const giveUp = Date.now() + 10_000; ; await new Promise((resolve) => setTimeout(resolve, 20))) {
      const value = await read()
      if (value !== undefined) return value
      if (Date.now() > giveUp) throw new Error('It did not come within 10 s.')
    }
  }

  /** How many messages wait for who is not there. */
  async function waitingFor(name: string): Promise<number> {
    const rows = (await query(server.database, `SELECT username FROM spool WHERE username = '${name}'`)) as readonly object[]
    return rows.length
  }

  it('shows who signs in the people of his group under its label, and brings their messages (C20)', async () => {
    const [taro, hanako] = [await put('taro'), await put('hanako', { displayName: '山田 花子' })]
    const group = { objectId: 'team' as GroupId, label: '営業部', members: [hanako.name, taro.name] }
    expect(await target.putGroup(group, nextFence())).toEqual({ kind: 'done' })
    const [his, hers] = [await signIn('taro'), await signIn('hanako')]
    expect(await his.roster()).toEqual([expect.objectContaining({ jid: jid('hanako'), name: '山田 花子', groups: ['営業部'] })])
    await hers.present()
    await his.send(jid('hanako'), 'こんにちは')
    expect(await eventually(() => hers.messages[0])).toBe('こんにちは')
    await Promise.all([his.signOut(), hers.signOut()])
  })

  it('ends the session of who is suspended and does not let him in, until he is back (C13)', async () => {
    await put('jiro')
    const session = await signIn('jiro')
    await put('jiro', { active: false })
    expect(await session.ended).toBe('policy-violation')
    await session.signOut()
    await expect(signIn('jiro')).rejects.toThrow('not-allowed')
    await put('jiro')
    await (await signIn('jiro')).signOut()
  })

  it('lets nobody in who has no password here', async () => {
    const account: ChatAccount = { objectId: 'id-of-token' as UserId, name: 'token' as AccountName, active: true, hash: 'token' }
    await target.putAccounts([account], nextFence())
    await expect(signIn('token')).rejects.toThrow('not-authorized')
  })

  it('shows a successor of the name nothing of who was deleted (C10)', async () => {
    await put('friend')
    const { objectId, name } = await put('saburo')
    const session = await signIn('saburo')
    await session.addContact(jid('friend'))
    await session.putPrivate('private')
    await session.signOut()
    const friend = await signIn('friend')
    await friend.addContact(jid('saburo'))
    await friend.send(jid('saburo'), 'for the first one only')
    // the server takes it when it has the time; what comes after the deletion would be the successor's
    await eventually(async () => (await waitingFor('saburo')) || undefined)
    const again = await signIn('saburo')

    const outcomes = await target.deleteAccounts([{ objectId, name }], nextFence())
    expect(outcomes.get(objectId)).toEqual({ kind: 'done' })
    await again.ended
    await again.signOut()
    await expect(signIn('saburo')).rejects.toThrow(/^not-/)

    await put('saburo', { objectId: 'id-of-successor' as UserId })
    const successor = await signIn('saburo')
    expect(await successor.roster()).toEqual([])
    expect(await successor.getPrivate()).toBe('')
    await successor.present()
    await friend.send(jid('saburo'), 'for the second')
    expect(await eventually(() => successor.messages.at(-1))).toBe('for the second')
    expect(successor.messages).toEqual(['for the second'])
    expect(await friend.roster()).toEqual([])
    await Promise.all([successor.signOut(), friend.signOut()])
  })
})
