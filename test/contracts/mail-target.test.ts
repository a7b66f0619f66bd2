import { verify } from '@node-rs/argon2'
import SqliteDatabase from 'better-sqlite3'
import path from 'node:path'
import { openMailTarget } from '../../src/connectors/mail/mail-target'
import type { MailAccount } from '../../src/domain/mirror/account'
import { openMailbox, sendMail } from '../kit/mail'
import { tempFolder } from '../kit/temp-store'
import { describeWith } from '../services/describe-with'
import { startDovecot, type Dovecot } from '../services/dovecot'
import { query, startMariadb, type Mariadb } from '../services/mariadb'
import { startPostfix, type Postfix } from '../services/postfix'
import { hookTimeoutMs } from '../services/service'
import { mailTargetContract, type MailSubject } from './mail-target.contract'
import { lockOf } from './targets/lock'
import { passwords, people } from './targets/people'

describe('embedded mail', () => {
  const folder = tempFolder()
  const file = path.join(folder.path, 'mail.db')
  let subject: MailSubject
  beforeAll(async () => {
    const first = <Row>(text: string, ...values: readonly string[]) => {
      const database = new SqliteDatabase(file, { readonly: true })
      const found = database.prepare(text).get(...values) as Row | undefined
      database.close()
      return found
    }
    subject = {
      target: openMailTarget({ domain: 'mail.test', database: { kind: 'sqlite', file } }),
      account: (await people('mail.test')).mail,
      maySignIn: async ({ address }: MailAccount, password) => {
        const found = first<{ password: string }>('SELECT password FROM mail_user WHERE address = ? AND active = 1', address)
        return found !== undefined && verify(found.password.replace('{ARGON2ID}', ''), passwords[password])
      },
      addForeign: async (name) => {
        const database = new SqliteDatabase(file)
        database.prepare("INSERT INTO mail_user (account, address, password, home) VALUES (?, ?, 'x', 'x')").run(name, name)
        database.close()
      },
      reaches: async (address) => {
        const alias = first<{ destination: string }>('SELECT destination FROM mail_alias WHERE address = ?', address)
        const user = first<{ address: string }>('SELECT address FROM mail_user WHERE address = ?', alias?.destination ?? address)
        return user?.address
      },
      ...lockOf(file),
    }
  })
  afterAll(async () => {
    await subject?.target.close()
    folder.remove()
  })
  mailTargetContract(() => subject)
})

describeWith(['mariadb', 'dovecot', 'postfix'], 'Dovecot and Postfix', () => {
  let mariadb: Mariadb
  let dovecot: Dovecot
  let postfix: Postfix
  let subject: MailSubject
  beforeAll(async () => {
    mariadb = await startMariadb()
    const database = await mariadb.createDatabase()
    dovecot = await startDovecot(database)
    postfix = await startPostfix(database, dovecot)
    const { domain, api } = dovecot
    const signIn = (address: string, password: keyof typeof passwords) => openMailbox(dovecot, address, passwords[password])
    subject = {
      target: openMailTarget({ domain, database, api }),
      account: (await people(domain)).mail,
      maySignIn: async ({ address }: MailAccount, password) => {
        const mailbox = await signIn(address, password)
        await mailbox?.signOut()
        return mailbox !== undefined
      },
      addForeign: async (name) =>
        void (await query(
          database,
          `INSERT INTO mail_user (account, address, password, home) VALUES ('${name}', '${name}', 'x', 'x')`,
        )),
      reaches: async (address) => {
        const subjectLine = `To ${address}`
        if (!(await sendMail(postfix, address, subjectLine))) return undefined
        const rows = (await query(database, 'SELECT address FROM mail_user')) as { address: string }[]
        for (const giveUp = Date.now() + 10_000; Date.now() < giveUp; await new Promise((resolve) => setTimeout(resolve, 100))) {
          for (const row of rows) {
            const mailbox = await signIn(row.address, 'first')
            const has = (await mailbox?.subjects())?.includes(subjectLine)
            await mailbox?.signOut()
            if (has) return row.address
          }
        }
        return 'nobody within 10 s'
      },
      breakDown: () => mariadb.down('kill'),
      recover: () => mariadb.up(),
    }
  }, hookTimeoutMs)
  afterAll(async () => {
    await subject?.target.close()
    await postfix?.stop()
    await dovecot?.stop()
    await mariadb?.stop()
  }, hookTimeoutMs)
  mailTargetContract(() => subject)

  it('is down, not done, while only its API does not answer', async () => {
    const { target, account } = subject
    const fence = 1_000_000 as Parameters<typeof target.putAccounts>[1]
    const paused = account('apiless', { active: false })
    await dovecot.down('kill')
    await expect(target.putAccounts([paused], fence)).rejects.toThrow('does not answer')
    expect(await target.health()).toMatchObject({ ready: false })
    await dovecot.up()
    expect((await target.putAccounts([paused], fence)).get(paused.objectId)).toEqual({ kind: 'unchanged' })
  }, 60_000)
})
