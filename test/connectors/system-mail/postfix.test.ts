import { openMailTarget } from '../../../src/connectors/mail/mail-target'
import { argon2Passwords } from '../../../src/connectors/passwords'
import { smtpMailer } from '../../../src/connectors/system-mail/smtp-mailer'
import type { UserId } from '../../../src/domain/ids'
import type { AccountName, Fence } from '../../../src/domain/mirror/account'
import type { Mail, MailId, MailServer } from '../../../src/domain/system/mail'
import type { MailAddress } from '../../../src/domain/system/mail-address'
import { start } from '../../kit/builders'
import { openMailbox } from '../../kit/mail'
import { eventually } from '../../kit/server'
import { describeWith } from '../../services/describe-with'
import { startDovecot, type Dovecot } from '../../services/dovecot'
import { startMariadb, type Mariadb } from '../../services/mariadb'
import { startPostfix, type Postfix } from '../../services/postfix'
import { hookTimeoutMs } from '../../services/service'

const password = 'ひみつの password 1'

describeWith(['mariadb', 'dovecot', 'postfix'], 'system mail by a real Postfix', () => {
  let [mariadb, dovecot, postfix]: [Mariadb, Dovecot, Postfix] = [undefined!, undefined!, undefined!]
  beforeAll(async () => {
    mariadb = await startMariadb()
    const database = await mariadb.createDatabase()
    dovecot = await startDovecot(database)
    postfix = await startPostfix(database, dovecot)
    const target = openMailTarget({ domain: dovecot.domain, database, api: dovecot.api })
    const { argon2: passwordHash } = await argon2Passwords().makeRecords(password)
    const accounts = ['no-reply', 'taro'].map((name, i) => ({
      objectId: `id-of-${name}` as UserId,
      name: name as AccountName,
      active: true,
      address: `${name}@${dovecot.domain}`,
      aliases: [],
      passwordHash,
      hash: String(i),
    }))
    await target.putAccounts(accounts, 1 as Fence)
    await target.close()
  }, hookTimeoutMs)
  afterAll(async () => {
    for (const service of [postfix, dovecot, mariadb]) await service?.stop()
  }, hookTimeoutMs)

  const mailer = smtpMailer('id.example.jp')
  const address = (name: string) => `${name}@${dovecot.domain}` as MailAddress
  const server = (rest: Partial<MailServer> = {}): MailServer => ({
    host: 'localhost',
    port: postfix.smtpPort,
    security: 'starttls',
    caCertificate: postfix.certificate,
    account: { name: address('no-reply'), password },
    sender: address('no-reply'),
    ...rest,
  })
  let mails = 0
  const mail = (subject: string, ...to: MailAddress[]): Mail => ({
    id: `0198c0de-0000-7000-8000-00000000000${++mails}` as MailId,
    to,
    subject,
    text: '確認コード\n\n123456\n',
    createdAt: start,
  })

  it('comes in by STARTTLS with an account, and lies in the mailbox', async () => {
    expect(await mailer.send(server(), mail('セキュリティ確認コード', address('taro')))).toEqual([])
    const box = (await openMailbox(dovecot, address('taro'), password))!
    await eventually(async () => (await box.subjects()).includes('セキュリティ確認コード'))
    await box.signOut()
  })

  it('an account that is not needed is left out', async () => {
    const { account: _, ...open } = server({ security: 'plain' })
    expect(await mailer.send(open, mail('without account', address('taro')))).toEqual([])
  })

  it('tells what Postfix refuses: the certificate, the password, relaying, an unknown recipient beside a known one', async () => {
    const { caCertificate: _, ...unknownCa } = server()
    const [untrusted] = await mailer.send(unknownCa, mail('no', address('taro')))
    expect(untrusted).toMatchObject({ final: false, cause: expect.stringMatching(/self.signed/i) as string })
    const wrong = server({ account: { name: address('no-reply'), password: 'wrong' } })
    expect(await mailer.send(wrong, mail('no', address('taro')))).toMatchObject([{ number: '535', final: false }])
    const { account: _account, ...stranger } = server()
    const far = 'somebody@elsewhere.example' as MailAddress
    expect(await mailer.send(stranger, mail('no', far))).toMatchObject([{ number: '554', address: far, final: true }])
    expect(await mailer.send(server(), mail('one of two', address('nobody'), address('taro')))).toMatchObject([
      { to: [address('nobody')], number: '550', final: true },
    ])
    const box = (await openMailbox(dovecot, address('taro'), password))!
    await eventually(async () => (await box.subjects()).includes('one of two'))
    expect(await box.subjects()).not.toContain('no')
    await box.signOut()
  })
})
