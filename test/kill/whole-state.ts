import SqliteDatabase from 'better-sqlite3'
import path from 'node:path'
import type { Person } from './people'

/** Somebody as an identity provider reads him, and by the people whom it has pushed. */
type Entry = {
  readonly id: string
  readonly userName: string
  readonly externalId: string
  readonly familyName: string
  readonly active: boolean
}
type ChatRow = {
  readonly id: string
  readonly username: string
  readonly name: string
  readonly active: number
  readonly password: number
}
type MailRow = {
  readonly id: string
  readonly account: string
  readonly address: string
  readonly active: number
  readonly password: number
  readonly home: string
}

export type WholeState = {
  readonly directory: readonly Entry[]
  readonly chat: readonly ChatRow[]
  readonly mail: readonly MailRow[]
  /** Earlier addresses, and to whom they go. */
  readonly aliases: readonly { readonly address: string; readonly destination: string }[]
  /** How many accounts chat and mail hold as ours. */
  readonly marks: { readonly chat: number; readonly mail: number }
}

/** Everything there is: the directory by SCIM, chat and mail from their files. */
export async function readWholeState(url: string, token: string, folder: string): Promise<WholeState> {
  const rows = <Row>(file: 'chat' | 'mail', query: string) => {
    const database = new SqliteDatabase(path.join(folder, `${file}.db`), { readonly: true })
    try {
      return database.prepare(query).all() as Row[]
    } finally {
      database.close()
    }
  }
  const marks = (file: 'chat' | 'mail') => rows(file, 'SELECT 1 FROM kagami_applied WHERE account_name IS NOT NULL').length
  return {
    directory: await readDirectory(url, token),
    chat: rows(
      'chat',
      `SELECT object_id AS id, username, display_name AS name, active, password IS NOT NULL AS password
        FROM chat_account LEFT JOIN kagami_applied ON account_name = username ORDER BY object_id`,
    ),
    mail: rows(
      'mail',
      `SELECT object_id AS id, account, address, active, password LIKE '{ARGON2ID}%' AS password, home
        FROM mail_user LEFT JOIN kagami_applied ON account_name = account ORDER BY object_id`,
    ),
    aliases: rows('mail', 'SELECT address, destination FROM mail_alias ORDER BY address'),
    marks: { chat: marks('chat'), mail: marks('mail') },
  }
}

async function readDirectory(url: string, token: string): Promise<readonly Entry[]> {
  type Resource = Omit<Entry, 'familyName'> & { readonly name: { readonly familyName: string } }
  const entries: Entry[] = []
  for (;;) {
    const answer = await fetch(`${url}/scim/v2/Users?startIndex=${entries.length + 1}&count=100`, {
      headers: { authorization: `Bearer ${token}` },
    })
    const { Resources } = (await answer.json()) as { readonly Resources: readonly Resource[] }
    if (Resources.length === 0) return entries.sort((a, b) => (a.id < b.id ? -1 : 1))
    entries.push(
      ...Resources.map(({ id, userName, externalId, name, active }) => ({
        id,
        userName,
        externalId,
        familyName: name.familyName,
        active,
      })),
    )
  }
}

/**
 * What must be there: everybody once and nobody else. An account keeps the login name, a chat name the family name, of the moment of the
 * first mirror, so where a person had several, each of them is right; his earlier addresses from then on still reach him.
 */
export function stateOf(people: readonly Person[], seen: WholeState): WholeState {
  const everybody = [...people].sort((a, b) => (a.id! < b.id! ? -1 : 1))
  const [chat, mail] = [new Map(seen.chat.map((row) => [row.id, row])), new Map(seen.mail.map((row) => [row.id, row]))]
  const address = (name: string) => `${name}@example.jp`
  const facts = everybody.map((person) => {
    const { id, userNames, familyNames, externalId, active, password } = person
    const [userName, familyName] = [userNames.at(-1)!, familyNames.at(-1)!]
    const account = oneOf(userNames, mail.get(id!)?.account)
    const both = { id: id!, active: Number(active), password: Number(password !== undefined) }
    return {
      entry: { id: id!, userName, externalId, familyName, active },
      chat: { ...both, username: oneOf(userNames, chat.get(id!)?.username), name: oneOf(familyNames, chat.get(id!)?.name) },
      mail: { ...both, account, address: address(userName), home: `example.jp/${id}` },
      aliases: userNames
        .slice(userNames.indexOf(account), -1)
        .map((name) => ({ address: address(name), destination: address(userName) })),
    }
  })
  return {
    directory: facts.map(({ entry }) => entry),
    chat: facts.map((one) => one.chat),
    mail: facts.map((one) => one.mail),
    aliases: facts.flatMap(({ aliases }) => aliases).sort((a, b) => (a.address < b.address ? -1 : 1)),
    marks: { chat: people.length, mail: people.length },
  }
}

const oneOf = (allowed: readonly string[], seen: string | undefined) => allowed.find((one) => one === seen) ?? allowed.at(-1)!
