import { readdirSync } from 'node:fs'
import path from 'node:path'
import { openChatTarget } from '../../../src/connectors/chat/chat-target'
import { openMailTarget } from '../../../src/connectors/mail/mail-target'
import type { User } from '../../../src/domain/directory/user'
import type { ChatTarget, MailTarget } from '../../../src/ports/targets'
import { createUser } from '../../../src/usecases/directory/create-user'
import { deleteUser } from '../../../src/usecases/directory/delete-user'
import { editUser } from '../../../src/usecases/directory/edit-user'
import { mirrorAccounts } from '../../../src/usecases/mirror/mirror-accounts'
import { reconcile } from '../../../src/usecases/mirror/reconcile'
import { removeLeaver } from '../../../src/usecases/mirror/remove-leaver'
import { aClient, aUser } from '../../kit/builders'
import { openMailbox, sendMail } from '../../kit/mail'
import { eventually } from '../../kit/server'
import { openUseCaseDeps, type UseCaseDeps } from '../../kit/use-case-deps'
import { signInXmpp } from '../../kit/xmpp'
import { describeWith } from '../../services/describe-with'
import { startDovecot, type Dovecot } from '../../services/dovecot'
import { startEjabberd, type Ejabberd } from '../../services/ejabberd'
import { query, startMariadb, type Mariadb } from '../../services/mariadb'
import { startPostfix, type Postfix } from '../../services/postfix'
import { hookTimeoutMs } from '../../services/service'

const entra = aClient('entra')
const operator = { kind: 'operator', name: 'root' } as const
const [first, second] = ['ひみつの password 1', 'ひみつの password 2']

describeWith(['mariadb', 'ejabberd', 'dovecot', 'postfix'], 'leavers on MariaDB, ejabberd, Dovecot and Postfix', () => {
  let mariadb: Mariadb | undefined
  let [ejabberd, dovecot, postfix]: [Ejabberd, Dovecot, Postfix] = [undefined!, undefined!, undefined!]
  let [chat, mail, deps]: [ChatTarget, MailTarget, UseCaseDeps] = [undefined!, undefined!, undefined!]
  beforeAll(async () => {
    mariadb = await startMariadb()
    ejabberd = await startEjabberd(await mariadb.createDatabase())
    const mailDatabase = await mariadb.createDatabase()
    dovecot = await startDovecot(mailDatabase)
    postfix = await startPostfix(mailDatabase, dovecot)
    const directory = await mariadb.createDatabase()
    await query(directory, `ALTER DATABASE ${directory.database} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`)
    deps = await openUseCaseDeps(directory)
    chat = openChatTarget({ domain: ejabberd.domain, database: ejabberd.database, api: ejabberd.api })
    mail = openMailTarget({ domain: dovecot.domain, database: mailDatabase, api: dovecot.api })
  }, hookTimeoutMs)
  afterAll(async () => {
    await Promise.all([chat?.close(), mail?.close(), deps?.close()])
    for (const service of [postfix, dovecot, ejabberd, mariadb]) await service?.stop()
  }, hookTimeoutMs)

  const mirror = async () => {
    const at = { ...deps, settings: { organizationDomain: dovecot.domain, mailDomain: dovecot.domain } }
    while ((await mirrorAccounts(at, chat)) > 0);
    while ((await mirrorAccounts(at, mail)) > 0);
  }
  const create = async (loginName: string, externalId: string, password: string) => {
    deps.clock.advance(1)
    const attributes = { loginName: aUser({ loginName }).loginName, externalId, status: 'inUse', profile: {} } as const
    const { user } = await createUser(deps, entra, { attributes, password })
    await mirror()
    return user
  }
  const leaves = async (user: User) => {
    await deleteUser({ ...deps, leaverDays: 30 }, entra, user.id)
    await mirror()
  }
  const suspend = async (user: User, status: User['status']) => {
    await editUser(deps, entra, user.id, { apply: (current) => ({ ...current, status }) })
    await mirror()
  }
  /** What a test that failed has left open would hold up the end of all. */
  const open: { signOut(): Promise<void> }[] = []
  afterEach(async () => {
    const limit = new Promise((resolve) => setTimeout(resolve, 2_000).unref())
    for (const session of open.splice(0)) await Promise.race([session.signOut().catch(() => undefined), limit])
  })
  const inChat = async (name: string, password: string) => {
    const session = await signInXmpp(ejabberd, name, password)
    open.push(session)
    return session
  }
  const address = (name: string) => `${name}@${dovecot.domain}`
  const inMail = async (name: string, password: string) => {
    const mailbox = await openMailbox(dovecot, address(name), password)
    if (mailbox) open.push(mailbox)
    return mailbox
  }
  const send = (name: string, subject: string) => sendMail(postfix, address(name), subject)
  const homes = () => readdirSync(path.join(dovecot.mailFolder, dovecot.domain))

  /** Has a contact, private data and a mail. */
  async function livesIn(name: string, password: string): Promise<void> {
    const session = await inChat(name, password)
    await session.addContact(`friend@${ejabberd.domain}`)
    await session.putPrivate('private')
    await send(name, 'first')
    await holds(name, password, ['first'])
  }

  async function holds(name: string, password: string, subjects: readonly string[]): Promise<void> {
    const mailbox = await inMail(name, password)
    await eventually(async () => JSON.stringify(await mailbox?.subjects()) === JSON.stringify(subjects), 20_000)
    await mailbox?.signOut()
  }

  /** Everything `livesIn` has made, or nothing of it. */
  async function has(name: string, password: string, subjects: readonly string[]): Promise<void> {
    const session = await inChat(name, password)
    const mine = subjects.length > 0
    expect((await session.roster()).map(({ jid }) => jid)).toEqual(mine ? [`friend@${ejabberd.domain}`] : [])
    expect(await session.getPrivate()).toBe(mine ? 'private' : '')
    await holds(name, password, subjects)
  }

  async function isShutOut(name: string, password: string): Promise<void> {
    await expect(inChat(name, password)).rejects.toThrow(/^not-/)
    expect(await inMail(name, password)).toBeUndefined()
  }

  it('a suspended person is shut out at once, and has everything when he is back (C13)', async () => {
    const user = await create('jiro', 'e-jiro', first)
    await livesIn('jiro', first)
    const [session, mailbox] = [await inChat('jiro', first), await inMail('jiro', first)]
    await suspend(user, 'suspended')
    await Promise.all([session.ended, mailbox?.ended])
    await isShutOut('jiro', first)
    await send('jiro', 'meanwhile')
    await suspend(user, 'inUse')
    await has('jiro', first, ['first', 'meanwhile'])
  }, 60_000)

  it('who comes back has his mail and his roster; who has only his name sees nothing of it', async () => {
    const taro = await create('taro', 'e-taro', first)
    await livesIn('taro', first)
    const [session, mailbox] = [await inChat('taro', first), await inMail('taro', first)]
    await leaves(taro)
    await Promise.all([session.ended, mailbox?.ended])
    await isShutOut('taro', first)
    await send('taro', 'meanwhile')
    const nothing = { healed: 0, removed: 0, foreign: 0 }
    expect([await reconcile(deps, chat), await reconcile(deps, mail)]).toMatchObject([nothing, nothing])

    expect((await create('taro', 'e-taro', second)).id).toBe(taro.id)
    await has('taro', second, ['first', 'meanwhile'])

    await leaves(taro)
    const newcomer = await create('taro', 'e-new', first)
    expect(newcomer.id).not.toBe(taro.id)
    for (const password of [first, second]) await isShutOut('taro', password)
    await send('taro', 'for the first one')
    expect(homes()).toContain(taro.id)

    await removeLeaver(deps, operator, 'taro')
    await mirror()
    expect(homes()).not.toContain(taro.id)
    await has('taro', first, [])
    expect(homes()).toContain(newcomer.id)
    expect((await create('taro.2', 'e-taro', second)).id).toBe(taro.id)
    await has('taro.2', second, [])
  }, 90_000)
})
