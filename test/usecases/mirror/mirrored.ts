import path from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { embeddedChat } from '../../../src/connectors/chat/embedded'
import { mailTables } from '../../../src/connectors/mail/tables'
import type { UserAttributes } from '../../../src/domain/directory/user'
import type { User } from '../../../src/domain/directory/user'
import type { ChatTarget, MailTarget } from '../../../src/ports/targets'
import { createUser } from '../../../src/usecases/directory/create-user'
import { mirrorAccounts } from '../../../src/usecases/mirror/mirror-accounts'
import { aClient, aUser } from '../../kit/builders'
import { tempFolder } from '../../kit/temp-store'
import { openUseCaseDeps, type UseCaseDeps } from '../../kit/use-case-deps'

export const settings = { organizationDomain: 'example.jp', mailDomain: 'example.jp' }
export const entra = aClient('entra')

/** A directory and its embedded chat and mail. */
export type Mirrored = UseCaseDeps & {
  readonly settings: typeof settings
  readonly chat: ChatTarget
  readonly mail: MailTarget
  create(loginName: string, rest?: Partial<UserAttributes>): Promise<User>
  /** All due work, batch by batch, at `chat` or at what stands in its place. */
  mirror(chat?: ChatTarget): Promise<void>
  /** What chat holds, by its account names. */
  accounts(): readonly (readonly [name: string, displayName: string, active: number])[]
  /** All due work at mail. */
  mirrorMail(): Promise<void>
  /** What a table of the directory, of `chat` or of `mail` holds; or a change of it past us. */
  query(file: 'kagami' | 'chat' | 'mail', text: string): readonly Readonly<Record<string, unknown>>[]
  /** What waits for its next try is due. */
  later(): Promise<void>
  /** Every claim has ended, as if its worker had died a minute ago. */
  endLeases(): Promise<void>
}

export async function openMirrored(): Promise<Mirrored> {
  const folder = tempFolder()
  const file = (name: string) => path.join(folder.path, `${name}.db`)
  const chat = embeddedChat({ database: { kind: 'sqlite', file: file('chat') } })
  const mail = mailTables({ domain: 'example.jp', database: { kind: 'sqlite', file: file('mail') } })
  const deps = await openUseCaseDeps({ kind: 'sqlite', file: file('kagami') })
  const query: Mirrored['query'] = (name, text) => {
    const database = new BetterSqlite3(file(name))
    try {
      const statement = database.prepare(text)
      if (statement.reader) return statement.all() as Record<string, unknown>[]
      statement.run()
      return []
    } finally {
      database.close()
    }
  }
  return {
    ...deps,
    settings,
    chat,
    mail,
    query,
    create: async (loginName, rest = {}) => {
      deps.clock.advance(1) // ids of one millisecond have no order
      const attributes = { loginName: aUser({ loginName }).loginName, status: 'inUse', profile: {}, ...rest } as const
      return (await createUser(deps, entra, { attributes })).user
    },
    mirror: async (at = chat) => {
      while ((await mirrorAccounts({ ...deps, settings }, at)) > 0);
    },
    mirrorMail: async () => {
      while ((await mirrorAccounts({ ...deps, settings }, mail)) > 0);
    },
    accounts: () =>
      query('chat', 'SELECT username, display_name, active FROM chat_account ORDER BY username').map(
        (row) => Object.values(row) as [string, string, number],
      ),
    later: async () => void (await deps.store.transact((tx) => tx.mirror.retryWaiting('chat'))),
    endLeases: async () => void query('kagami', 'UPDATE mirror_work SET lease_until = 1'),
    close: async () => {
      await Promise.all([chat.close(), mail.close()])
      await deps.close()
      folder.remove()
    },
  }
}
