import { readdirSync } from 'node:fs'
import path from 'node:path'
import { createTransport } from 'nodemailer'
import { openMailTarget } from '../../../src/connectors/mail/mail-target'
import { argon2Passwords } from '../../../src/connectors/passwords'
import type { UserId } from '../../../src/domain/ids'
import type { AccountName, Fence, MailAccount } from '../../../src/domain/mirror/account'
import type { MailTarget } from '../../../src/ports/targets'
import { openMailbox, sendMail } from '../../kit/mail'
import { describeWith } from '../../services/describe-with'
import { startDovecot, type Dovecot } from '../../services/dovecot'
import { startMariadb, type Mariadb } from '../../services/mariadb'
import { startPostfix, type Postfix } from '../../services/postfix'
import { hookTimeoutMs } from '../../services/service'

const password = 'ひみつの password 1'

describeWith(['mariadb', 'dovecot', 'postfix'], 'the mail of a real Dovecot and Postfix', () => {
  let mariadb: Mariadb | undefined
  let dovecot: Dovecot
  let postfix: Postfix | undefined
  let target: MailTarget | undefined
  let passwordHash: string
  beforeAll(async () => {
    mariadb = await startMariadb()
    const database = await mariadb.createDatabase()
    dovecot = await startDovecot(database)
    postfix = await startPostfix(database, dovecot)
    target = openMailTarget({ domain: dovecot.domain, database, api: dovecot.api })
    passwordHash = (await argon2Passwords().makeRecords(password)).argon2
  }, hookTimeoutMs)
  afterAll(async () => {
    await target?.close()
    await postfix?.stop()
    await dovecot?.stop()
    await mariadb?.stop()
  }, hookTimeoutMs)

  const addressOf = (name: string) => `${name}@${dovecot.domain}`
  let fence = 0

  /** The account stands as given. */
  async function put(name: string, change: Partial<MailAccount> = {}): Promise<MailAccount> {
    const base = {
      objectId: `id-of-${name}` as UserId,
      name: name as AccountName,
      active: true,
      address: addressOf(name),
      aliases: [],
    }
    const account: MailAccount = { ...base, passwordHash, ...change, hash: String(++fence) }
    const outcomes = await target!.putAccounts([account], fence as Fence)
    expect(outcomes.get(account.objectId)).toEqual({ kind: 'done' })
    return account
  }

  const signIn = (address: string) => openMailbox(dovecot, address, password)
  const send = (to: string, subject: string) => sendMail(postfix!, to, subject)
  /** Signs in at Postfix, as who sends mail does. */
  const submission = (user: string) => {
    const auth = { user, pass: password }
    const transport = createTransport({ host: '127.0.0.1', port: postfix!.smtpPort, ignoreTLS: true, auth })
    return transport.verify().finally(() => transport.close())
  }

  /** What is in his inbox once so many mails are there. */
  async function inbox(address: string, count: number): Promise<readonly string[] | undefined> {
    const mailbox = await signIn(address)
    for (const giveUp = Date.now() + 10_000; ; await new Promise((resolve) => setTimeout(resolve, 50))) {
      const subjects = await mailbox?.subjects()
      if (subjects && subjects.length < count && Date.now() < giveUp) continue
      await mailbox?.signOut()
      return subjects
    }
  }

  it('brings what is sent by SMTP, also to an earlier address, to who signs in by IMAP (C12)', async () => {
    const { address } = await put('taro', { aliases: [addressOf('taro.old')] })
    await send(address, '件名 one')
    await send(addressOf('taro.old'), 'two')
    expect(await inbox(address, 2)).toEqual(expect.arrayContaining(['two', '件名 one']))
    expect(await openMailbox(dovecot, address, 'wrong')).toBeUndefined()
    expect(await send(addressOf('nobody'), 'lost')).toBe(false)
  })

  it('follows a changed address: mail and sign-in by the new one, the mail that was there stays', async () => {
    const { address } = await put('before')
    await send(address, 'first')
    expect(await inbox(address, 1)).toEqual(['first'])
    await put('before', { address: addressOf('after'), aliases: [address] })
    expect(await signIn(address)).toBeUndefined()
    await send(address, 'second')
    expect(await inbox(addressOf('after'), 2)).toEqual(['first', 'second'])
  })

  it('ends the session of who is suspended and lets him in nowhere, until he is back (C13)', async () => {
    const { address } = await put('jiro')
    const session = await signIn(address)
    expect(await submission(address)).toBe(true)
    await put('jiro', { active: false })
    await session?.ended
    expect(await signIn(address)).toBeUndefined()
    await expect(submission(address)).rejects.toThrow('535')
    await send(address, 'meanwhile')
    await put('jiro')
    expect(await inbox(address, 1)).toEqual(['meanwhile'])
  })

  it('ends also a session that began by an earlier address', async () => {
    const { address } = await put('saburo')
    const session = await signIn(address)
    const renamed = { address: addressOf('saburo.new'), aliases: [address] }
    await put('saburo', renamed)
    await put('saburo', { ...renamed, active: false })
    await session?.ended
  })

  it('shows a successor of the name nothing of who was deleted, and keeps nothing of him (C10)', async () => {
    const { objectId, name, address } = await put('hanako')
    await send(address, 'private')
    expect(await inbox(address, 1)).toEqual(['private'])
    const session = await signIn(address)
    const homes = path.join(dovecot.mailFolder, dovecot.domain)
    expect(readdirSync(homes)).toContain(objectId)

    const outcomes = await target!.deleteAccounts([{ objectId, name }], ++fence as Fence)
    expect(outcomes.get(objectId)).toEqual({ kind: 'done' })
    await session?.ended
    expect(readdirSync(homes)).not.toContain(objectId)
    expect(await signIn(address)).toBeUndefined()
    expect(await send(address, 'too late')).toBe(false)

    await put('hanako', { objectId: 'id-of-successor' as UserId })
    expect(await inbox(address, 0)).toEqual([])
  })
})
