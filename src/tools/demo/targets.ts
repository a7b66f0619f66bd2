import SqliteDatabase from 'better-sqlite3'
import path from 'node:path'

/** What chat and mail hold, read from their own files as their servers would read them. */
export type Held = {
  readonly chat: { readonly accounts: number; readonly active: number; readonly names: readonly string[] }
  readonly mail: { readonly accounts: number; readonly active: number; readonly addresses: readonly string[] }
  readonly groups: readonly { readonly label: string; readonly members: number }[]
}

export function readTargets(folder: string): Held {
  const chat = rows<{ display_name: string; active: number }>(folder, 'chat', 'SELECT * FROM chat_account ORDER BY username')
  const mail = rows<{ address: string; active: number }>(folder, 'mail', 'SELECT * FROM mail_user ORDER BY account')
  return {
    chat: { accounts: chat.length, active: chat.filter(isActive).length, names: chat.map((row) => row.display_name) },
    mail: { accounts: mail.length, active: mail.filter(isActive).length, addresses: mail.map((row) => row.address) },
    groups: rows(
      folder,
      'chat',
      `SELECT label, COUNT(username) AS members FROM chat_group LEFT JOIN chat_group_member ON group_id = id GROUP BY id ORDER BY id`,
    ),
  }
}

const isActive = (row: { readonly active: number }) => row.active === 1

function rows<Row>(folder: string, file: 'chat' | 'mail', query: string): readonly Row[] {
  const database = new SqliteDatabase(path.join(folder, `${file}.db`), { readonly: true })
  try {
    return database.prepare(query).all() as Row[]
  } finally {
    database.close()
  }
}

/** A few lines for people: how many there are, and who came and went since `before`. */
export function describe({ chat, mail, groups }: Held, before?: Held): string {
  const shown = groups.map(({ label, members }) => `${label} (${members})`)
  return [
    `  chat   ${chat.accounts} accounts, ${chat.active} may sign in${differences(chat.names, before?.chat.names)}`,
    `  mail   ${mail.accounts} accounts, ${mail.active} may sign in${differences(mail.addresses, before?.mail.addresses)}`,
    `  groups ${shown.length === 0 ? 'none in chat yet: they come by Sync' : shown.join(', ')}`,
  ].join('\n')
}

function differences(now: readonly string[], before: readonly string[] = []): string {
  const came = now.filter((text) => !before.includes(text)).map((text) => `+ ${text}`)
  const went = before.filter((text) => !now.includes(text)).map((text) => `- ${text}`)
  const all = [...came, ...went]
  return all.length === 0 ? '' : `: ${all.slice(0, 4).join(', ')}${all.length > 4 ? ', …' : ''}`
}
