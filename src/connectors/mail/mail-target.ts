import type { MailTarget } from '../../ports/targets'
import { inThread } from '../sql/in-thread'
import { mailTables, type MailTablesConfig } from './tables'

/** The mail system of the configuration. It need not answer now: its work waits until it does. */
export function openMailTarget(config: MailTablesConfig): MailTarget {
  if (config.database.kind === 'mysql') return mailTables(config)
  return inThread<MailTarget>('mail', config, { target: 'mail', product: config.api ? 'dovecot+postfix' : 'embedded' }, [
    'health',
    'putAccounts',
    'deleteAccounts',
    'listAccounts',
    'findAccounts',
  ])
}
