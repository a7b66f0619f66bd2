import path from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { embeddedChat } from '../../../src/connectors/chat/embedded'
import type { UserAttributes } from '../../../src/domain/directory/user'
import type { User } from '../../../src/domain/directory/user'
import type { ChatTarget } from '../../../src/ports/targets'
import { createUser } from '../../../src/usecases/directory/create-user'
import { mirrorAccounts } from '../../../src/usecases/mirror/mirror-accounts'
import { aClient, aUser } from '../../kit/builders'
import { tempFolder } from '../../kit/temp-store'
import { openUseCaseDeps, type UseCaseDeps } from '../../kit/use-case-deps'

export const settings = { organizationDomain: 'example.jp', mailDomain: 'example.jp' }
export const entra = aClient('entra')

/** A directory and its embedded chat. */
export type Mirrored = UseCaseDeps & {
  readonly settings: typeof settings
  readonly chat: ChatTarget
  create(loginName: string, rest?: Partial<UserAttributes>): Promise<User>
  /** All due work, batch by batch, at `chat` or at what stands in its place. */
  mirror(chat?: ChatTarget): Promise<void>
  /** What chat holds, by its account names. */
  accounts(): readonly (readonly [name: string, displayName: string, active: number])[]
  /** What waits for its next try is due. */
  later(): Promise<void>
  /** Every claim has ended, as if its worker had died a minute ago. */
  endLeases(): Promise<void>
}

export async function openMirrored(): Promise<Mirrored> {
  const folder = tempFolder()
  const file = path.join(folder.path, 'chat.db')
  const chat = embeddedChat({ database: { kind: 'sqlite', file } })
  const deps = await openUseCaseDeps({ kind: 'sqlite', file: path.join(folder.path, 'kagami.db') })
  return {
    ...deps,
    settings,
    chat,
    create: async (loginName, rest = {}) => {
      deps.clock.advance(1) // ids of one millisecond have no order
      const attributes = { loginName: aUser({ loginName }).loginName, status: 'inUse', profile: {}, ...rest } as const
      return (await createUser(deps, entra, { attributes })).user
    },
    mirror: async (at = chat) => {
      while ((await mirrorAccounts({ ...deps, settings }, at)) > 0);
    },
    accounts: () => {
      const database = new BetterSqlite3(file, { readonly: true })
      const found = database.prepare('SELECT username, display_name, active FROM chat_account ORDER BY username').raw().all()
      database.close()
      return found as [string, string, number][]
    },
    later: async () => void (await deps.store.transact((tx) => tx.mirror.retryWaiting('chat'))),
    endLeases: async () => {
      const database = new BetterSqlite3(path.join(folder.path, 'kagami.db'))
      database.exec('UPDATE mirror_work SET lease_until = 1')
      database.close()
    },
    close: async () => {
      await chat.close()
      await deps.close()
      folder.remove()
    },
  }
}
