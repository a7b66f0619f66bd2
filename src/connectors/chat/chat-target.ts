import type { ChatTarget } from '../../ports/targets'
import { inThread } from '../sql/in-thread'
import type { TargetDatabaseConfig } from '../sql/target-database'
import { embeddedChat } from './embedded'
import { ejabberd } from './ejabberd'

export type ChatTargetConfig = {
  readonly domain: string
  readonly database: TargetDatabaseConfig
  readonly api?: { readonly url: string; readonly token: string }
}

/** The chat server of the configuration: with an API it is ejabberd, without one the embedded file. It need not answer now. */
export function openChatTarget(config: ChatTargetConfig): ChatTarget {
  if (config.api) return ejabberd({ ...config, api: config.api })
  if (config.database.kind === 'mysql') return embeddedChat(config)
  return inThread<ChatTarget>('chat', config, { target: 'chat', product: 'embedded' }, [
    'health',
    'putAccounts',
    'deleteAccounts',
    'listAccounts',
    'findAccounts',
    'putGroup',
    'deleteGroup',
    'listGroups',
  ])
}
