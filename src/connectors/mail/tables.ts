import type { UserId } from '../../domain/ids'
import type { AccountName, MailAccount, ObservedAccount } from '../../domain/mirror/account'
import type { MailTarget, Outcome } from '../../ports/targets'
import { appliedTables, clearApplied, done, readApplied, unchanged, writeApplied } from '../sql/applied'
import {
  insertRows,
  marks,
  messageOf,
  openTargetDatabase,
  type TargetDatabaseConfig,
  type TargetTx,
} from '../sql/target-database'
import { doveadmAt } from './doveadm'

export type MailTablesConfig = {
  readonly domain: string
  readonly database: TargetDatabaseConfig
  readonly api?: { readonly url: string; readonly key: string }
}

/** What Dovecot's and Postfix's SQL look-ups read. The mailbox's home goes by the person's id: a successor of the name has another. */
const tables = [
  'CREATE TABLE IF NOT EXISTS mail_domain (domain VARCHAR(191) PRIMARY KEY)',
  `CREATE TABLE IF NOT EXISTS mail_user (account VARCHAR(64) PRIMARY KEY, address VARCHAR(191) NOT NULL UNIQUE, password VARCHAR(512) NOT NULL,
    active INT NOT NULL DEFAULT 1, quota_bytes BIGINT NOT NULL DEFAULT 0, receive INT NOT NULL DEFAULT 1, home VARCHAR(255) NOT NULL)`,
  `CREATE TABLE IF NOT EXISTS mail_alias (address VARCHAR(191) NOT NULL, destination VARCHAR(191) NOT NULL, account VARCHAR(64) NOT NULL,
    PRIMARY KEY (address, destination))`,
  ...appliedTables,
]

/** A hash that no password fits: the account exists, but signs in by token only. */
const noPassword = '{CRYPT}*'

/** Mail accounts as rows: in `mail.db` (embedded), or in the database of a real Dovecot and Postfix, with Dovecot's API beside it. */
export function mailTables(config: MailTablesConfig): MailTarget {
  const database = openTargetDatabase(config.database, async (tx) => {
    for (const table of tables) await tx.run(table)
    const known = await tx.all('SELECT domain FROM mail_domain WHERE domain = ?', [config.domain])
    if (known.length === 0) await insertRows(tx, 'mail_domain (domain)', [[config.domain]])
  })
  const doveadm = config.api && doveadmAt(config.api)
  const kick = async (addresses: readonly string[]) => {
    if (doveadm && addresses.length > 0) await doveadm.run(addresses.map((address) => ['kick', { mask: [address] }]))
  }
  return {
    target: 'mail',
    product: doveadm ? 'dovecot+postfix' : 'embedded',
    health: async () => {
      try {
        await database.transact((tx) => tx.all('SELECT 1 FROM mail_user WHERE 1 = 0'))
        await doveadm?.run([['user', { userMask: ['nobody@invalid'] }]])
        return { ready: true }
      } catch (error) {
        return { ready: false, detail: messageOf(error) }
      }
    },
    putAccounts: async (accounts, fence) => {
      const outcomes = await database.transact((tx) => putRows(tx, config.domain, accounts, fence))
      // after the commit and at every repetition: a session that was open survives no crash between the two
      await kick(accounts.filter((account) => !account.active).map((account) => account.address))
      return outcomes
    },
    deleteAccounts: async (accounts, fence) => {
      const outcomes = new Map<UserId, Outcome>()
      const leaving = await database.transact(async (tx) => {
        const applied = await readApplied(tx, accounts)
        const ours = accounts.filter((account) => {
          const refused = applied.refusal(account, fence, false)
          const owned = applied.ownerOf(account.name) === account.objectId
          outcomes.set(account.objectId, refused?.kind === 'retry' ? refused : owned ? done : unchanged)
          return owned && refused?.kind !== 'retry'
        })
        if (ours.length === 0) return []
        const names = ours.map((account) => account.name)
        await tx.run(`UPDATE mail_user SET active = 0, receive = 0 WHERE account IN (${marks(names)})`, names)
        const rows = await tx.all<{ address: string }>(`SELECT address FROM mail_user WHERE account IN (${marks(names)})`, names)
        return [{ ours, names, addresses: rows.map((row) => row.address) }]
      })
      for (const { ours, names, addresses } of leaving) {
        await kick(addresses)
        for (const user of addresses) {
          await doveadm?.run([
            ['expunge', { user, query: ['mailbox', '*', 'all'] }],
            ['purge', { user }],
            ['sieveDeactivate', { user }],
          ])
        }
        await database.transact(async (tx) => {
          await tx.run(`DELETE FROM mail_alias WHERE account IN (${marks(names)})`, names)
          await tx.run(`DELETE FROM mail_user WHERE account IN (${marks(names)})`, names)
          await clearApplied(tx, ours)
        })
      }
      return outcomes
    },
    listAccounts: (after, limit) =>
      database.transact(async (tx) =>
        (await tx.all<ObservedRow>(`${observed} WHERE m.account > ? ORDER BY m.account LIMIT ?`, [after ?? '', limit])).map(
          toObserved,
        ),
      ),
    findAccounts: (names) =>
      database.transact(async (tx) =>
        (await tx.all<ObservedRow>(`${observed} WHERE m.account IN (${marks(names)})`, names)).map(toObserved),
      ),
    close: () => database.close(),
  }
}

async function putRows(
  tx: TargetTx,
  domain: string,
  accounts: readonly MailAccount[],
  fence: Parameters<MailTarget['putAccounts']>[1],
): Promise<ReadonlyMap<UserId, Outcome>> {
  const outcomes = new Map<UserId, Outcome>()
  const applied = await readApplied(tx, accounts)
  const present = await holders(tx, accounts)
  const written: MailAccount[] = []
  for (const account of accounts) {
    const held = present.get(account.address)
    const exists = [...present.values()].includes(account.name)
    const refused: Outcome | undefined =
      applied.refusal(account, fence, exists) ??
      (held !== undefined && held !== account.name
        ? {
            kind: 'rejected',
            reason: `The address ${account.address} belongs to the account ${held}. Change one of the login names.`,
          }
        : undefined)
    const same = exists && applied.hashOf(account.objectId) === account.hash
    outcomes.set(account.objectId, refused ?? (same ? unchanged : done))
    if (refused || same) continue
    await putRow(tx, domain, account, exists)
    present.set(account.address, account.name)
    written.push(account)
  }
  await writeApplied(tx, written, fence)
  return outcomes
}

/** Which account holds each address, looked up by the addresses and by the accounts. */
async function holders(tx: TargetTx, accounts: readonly MailAccount[]): Promise<Map<string, AccountName>> {
  const rows = await tx.all<{ account: AccountName; address: string }>(
    `SELECT account, address FROM mail_user WHERE account IN (${marks(accounts)}) OR address IN (${marks(accounts)}) ${tx.dialect.forUpdate}`,
    [...accounts.map((one) => one.name), ...accounts.map((one) => one.address)],
  )
  return new Map(rows.map((row) => [row.address, row.account]))
}

async function putRow(tx: TargetTx, domain: string, account: MailAccount, exists: boolean): Promise<void> {
  const password = account.passwordHash === undefined ? noPassword : `{ARGON2ID}${account.passwordHash}`
  if (exists) {
    await tx.run('UPDATE mail_user SET address = ?, password = ?, active = ? WHERE account = ?', [
      account.address,
      password,
      Number(account.active),
      account.name,
    ])
  } else {
    await insertRows(tx, 'mail_user (account, address, password, active, home)', [
      [account.name, account.address, password, Number(account.active), `${domain}/${account.objectId}`],
    ])
  }
  await tx.run('DELETE FROM mail_alias WHERE account = ?', [account.name])
  await insertRows(
    tx,
    'mail_alias (address, destination, account)',
    account.aliases.map((alias) => [alias, account.address, account.name]),
  )
}

type ObservedRow = { readonly name: AccountName; readonly object_id: UserId | null; readonly hash: string | null }

const observed = `SELECT m.account AS name, a.object_id, a.hash FROM mail_user m LEFT JOIN kagami_applied a ON a.account_name = m.account`

const toObserved = (row: ObservedRow): ObservedAccount => ({
  name: row.name,
  ...(row.object_id === null ? {} : { objectId: row.object_id }),
  ...(row.hash === null ? {} : { hash: row.hash }),
})
