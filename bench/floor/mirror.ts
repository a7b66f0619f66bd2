import type { Config } from '../../src/config'
import { sqliteFloor, type FloorDatabase, type Statement } from './database'
import { insert } from './rows'

/** As many in one transaction as in one of the product's batches. */
const batchSize = 100

type Due = { readonly id: string; readonly name: string; readonly display: string }

/** The target's rows of everybody who is due, then their work closed: no claim, no fence, no intent, no reading back, no link. */
export async function mirrorAll(database: FloorDatabase, { chat, mail }: Config): Promise<void> {
  if (chat.database.kind !== 'sqlite' || mail.database.kind !== 'sqlite') throw new Error('the floor writes to files only')
  await mirrorTo('chat', database, sqliteFloor(chat.database.file, 'DELETE'), chatRows)
  await mirrorTo('mail', database, sqliteFloor(mail.database.file, 'DELETE'), mailRows)
}

async function mirrorTo(
  name: 'chat' | 'mail',
  database: FloorDatabase,
  target: FloorDatabase,
  rowsOf: (due: readonly Due[]) => Statement,
): Promise<void> {
  for (;;) {
    const due = await database.all<Due>(
      `SELECT u.id, u.login_name AS name, u.display_name AS display FROM mirror_work w JOIN directory_user u ON u.id = w.object_id
        WHERE w.target = ? AND w.due_at = 0 LIMIT ${batchSize}`,
      [name],
    )
    if (due.length === 0) return
    const applied = due.map(({ id, name }) => ({ object_id: id, account_name: name, fence: 1, hash: id }))
    await target.write([rowsOf(due), insert('kagami_applied', applied)])
    const marks = due.map(() => '?').join(', ')
    await database.write([
      [
        `UPDATE mirror_work SET done = wanted, due_at = NULL, done_at = ? WHERE target = ? AND object_id IN (${marks})`,
        [Date.now(), name, ...due.map(({ id }) => id)],
      ],
    ])
  }
}

const chatRows = (due: readonly Due[]) =>
  insert(
    'chat_account',
    due.map(({ name, display }) => ({ username: name, display_name: display, active: 1 })),
  )

const mailRows = (due: readonly Due[]) =>
  insert(
    'mail_user',
    due.map(({ id, name }) => {
      return { account: name, address: `${name}@example.jp`, password: '{CRYPT}*', active: 1, home: `example.jp/${id}` }
    }),
  )
