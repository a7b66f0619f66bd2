import SqliteDatabase from 'better-sqlite3'
import { createHash, createHmac, pbkdf2Sync } from 'node:crypto'
import path from 'node:path'
import { openChatTarget } from '../../src/connectors/chat/chat-target'
import type { ChatAccount } from '../../src/domain/mirror/account'
import { tempFolder } from '../kit/temp-store'
import { signInXmpp } from '../kit/xmpp'
import { describeWith } from '../services/describe-with'
import { startEjabberd, type Ejabberd } from '../services/ejabberd'
import { query, startMariadb, type Mariadb } from '../services/mariadb'
import { hookTimeoutMs } from '../services/service'
import { chatTargetContract, type ChatSubject } from './chat-target.contract'
import { people, passwords } from './targets/people'
import { lockOf } from './targets/lock'

describe('embedded chat', () => {
  const folder = tempFolder()
  const file = path.join(folder.path, 'chat.db')
  let subject: ChatSubject
  beforeAll(async () => {
    const { chat } = await people('mail.test')
    const target = openChatTarget({ domain: 'chat.test', database: { kind: 'sqlite', file } })
    const row = <Row>(name: string) => {
      const database = new SqliteDatabase(file, { readonly: true })
      const found = database.prepare('SELECT * FROM chat_account WHERE username = ?').get(name) as Row | undefined
      database.close()
      return found
    }
    subject = {
      target,
      account: chat,
      maySignIn: async ({ name }, password) => {
        const found = row<{ active: number; password: string; salt: string; iterationcount: number }>(name)
        return found?.active === 1 && found.password === storedKey(passwords[password], found.salt, found.iterationcount)
      },
      addForeign: async (name) => {
        const database = new SqliteDatabase(file)
        database.prepare('INSERT INTO chat_account (username, display_name, active) VALUES (?, ?, 1)').run(name, name)
        database.close()
      },
      displayNameOf: async (name) => row<{ display_name: string }>(name)?.display_name,
      ...lockOf(file),
    }
  })
  afterAll(async () => {
    await subject?.target.close()
    folder.remove()
  })
  chatTargetContract(() => subject)
})

/** SCRAM-SHA-256's (RFC 5802), for a password as ejabberd takes it. */
function storedKey(password: string, salt: string, iterations: number): string {
  const salted = pbkdf2Sync(password.normalize('NFKC'), Buffer.from(salt, 'base64'), iterations, 32, 'sha256')
  return createHash('sha256').update(createHmac('sha256', salted).update('Client Key').digest()).digest('base64')
}

describeWith(['mariadb', 'ejabberd'], 'ejabberd', () => {
  let mariadb: Mariadb
  let server: Ejabberd
  let subject: ChatSubject
  beforeAll(async () => {
    mariadb = await startMariadb()
    server = await startEjabberd(await mariadb.createDatabase())
    const { chat } = await people('mail.test')
    const { domain, database, api } = server
    subject = {
      target: openChatTarget({ domain, database, api }),
      account: chat,
      maySignIn: ({ name }: ChatAccount, password) =>
        signInXmpp(server, name, passwords[password]).then(
          (session) => session.signOut().then(() => true),
          (error: Error) => {
            if (!/^(not-authorized|not-allowed)$/.test(error.message)) throw error
            return false
          },
        ),
      addForeign: async (name) => void (await query(database, `INSERT INTO users (username, password) VALUES ('${name}', 'x')`)),
      displayNameOf: async (name) => {
        const rows = (await query(database, `SELECT fn FROM vcard_search WHERE lusername = '${name}'`)) as { fn: string }[]
        return rows[0]?.fn
      },
      breakDown: () => mariadb.down('kill'),
      recover: () => mariadb.up(),
    }
  }, hookTimeoutMs)
  afterAll(async () => {
    await subject?.target.close()
    await server?.stop()
    await mariadb?.stop()
  }, hookTimeoutMs)
  chatTargetContract(() => subject)

  it('is down, not done, while only its API does not answer', async () => {
    const { target, account } = subject
    const fence = 1_000_000 as Parameters<typeof target.putAccounts>[1]
    const paused = account('apiless', { active: false })
    await server.down('kill')
    await expect(target.putAccounts([paused], fence)).rejects.toThrow('does not answer')
    expect(await target.health()).toMatchObject({ ready: false })
    await server.up()
    expect((await target.putAccounts([paused], fence)).get(paused.objectId)).toEqual({ kind: 'unchanged' })
  }, 60_000)
})
