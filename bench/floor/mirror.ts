import type { Config } from '../../src/config'
import { sqliteFloor, type FloorDatabase, type Statement } from './database'
import { insert } from './rows'

/** As many in one transaction as in one of the product's batches. */
const batchSize = 100

type Due = { readonly id: string; readonly name: string; readonly display: string }

/** The target's rows of everybody who came since the last time: no claim, no fence, no intent, no reading back, no link. */
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
    const found = await database.all<{ id: string; user_name_key: string; doc: string }>(
      `SELECT id, user_name_key, doc FROM person WHERE id > (SELECT COALESCE(MAX(last_id), '') FROM mirrored WHERE target = ?)
        ORDER BY id LIMIT ${batchSize}`,
      [name],
    )
    if (found.length === 0) break
    const due = found.map(({ id, user_name_key, doc }): Due => {
      const { displayName } = JSON.parse(doc) as { readonly displayName: string }
      return { id, name: user_name_key.slice(0, user_name_key.indexOf('@')), display: displayName }
    })
    await target.write([rowsOf(due), appliedRows(due)])
    await database.write([['REPLACE INTO mirrored VALUES (?, ?)', [name, due.at(-1)!.id]]])
  }
  await target.close()
}

const appliedRows = (due: readonly Due[]) =>
  insert(
    'kagami_applied (object_id, account_name, fence, hash)',
    due.map(({ id, name }) => [id, name, 1, id]),
  )

const chatRows = (due: readonly Due[]) =>
  insert(
    'chat_account (username, display_name, active)',
    due.map(({ name, display }) => [name, display, 1]),
  )

const mailRows = (due: readonly Due[]) =>
  insert(
    'mail_user (account, address, password, active, home)',
    due.map(({ id, name }) => [name, `${name}@example.jp`, '{CRYPT}*', 1, `example.jp/${id}`]),
  )
