import type { UserId } from '../../domain/ids'
import type { AccountName, MailAccount } from '../../domain/mirror/account'
import type { MailTarget, Outcome } from '../../ports/targets'
import { appliedTable, claimRemoval, done, freeApplied, readApplied, unchanged, writeApplied } from '../sql/applied'
import { findObserved, listObserved } from '../sql/observe'
import {
  createTables,
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
  'mail_domain (domain VARCHAR(191) PRIMARY KEY)',
  `mail_user (account VARCHAR(64) PRIMARY KEY, address VARCHAR(191) NOT NULL UNIQUE, password VARCHAR(512) NOT NULL,
    active INT NOT NULL DEFAULT 1, quota_bytes BIGINT NOT NULL DEFAULT 0, receive INT NOT NULL DEFAULT 1, home VARCHAR(255) NOT NULL)`,
  `mail_alias (address VARCHAR(191) NOT NULL, destination VARCHAR(191) NOT NULL, account VARCHAR(64) NOT NULL,
    PRIMARY KEY (address, destination))`,
  appliedTable,
]

/** A hash that no password fits: the account exists, but signs in by token only. */
const noPassword = '{CRYPT}*'

const held = { table: 'mail_user', column: 'account' }

/** Mail accounts as rows: in `mail.db` (embedded), or in the database of a real Dovecot and Postfix, with Dovecot's API beside it. */
export function mailTables(config: MailTablesConfig): MailTarget {
  const database = openTargetDatabase(config.database, async (tx) => {
    await createTables(tx, tables)
    const known = await tx.all('SELECT domain FROM mail_domain WHERE domain = ?', [config.domain])
    if (known.length === 0) await insertRows(tx, 'mail_domain (domain)', [[config.domain]])
  })
  const doveadm = config.api && doveadmAt(config.api)
  return {
    target: 'mail',
    product: doveadm ? 'dovecot+postfix' : 'embedded',
    health: async () => {
      try {
        await database.transact((tx) => tx.all('SELECT 1 FROM mail_user WHERE 1 = 0'))
        await doveadm?.ping()
        return { ready: true }
      } catch (error) {
        return { ready: false, detail: messageOf(error) }
      }
    },
    putAccounts: async (accounts, fence) => {
      const outcomes = await database.transact((tx) => putRows(tx, config.domain, accounts, fence))
      // after the commit and at every repetition: a session that was open survives no crash between the two
      const shut = accounts.filter(({ objectId, active }) => !active && outcomes.get(objectId)?.kind !== 'rejected')
      await doveadm?.kick(shut.flatMap(({ address, aliases }) => [address, ...aliases]))
      return outcomes
    },
    deleteAccounts: async (accounts, fence) => {
      const first = await database.transact(async (tx) => {
        const claimed = await claimRemoval(tx, accounts, fence)
        const names = claimed.ours.map((account) => account.name)
        await tx.run(`UPDATE mail_user SET active = 0, receive = 0 WHERE account IN (${marks(names)})`, names)
        const aliases = await tx.all<{ address: string }>(
          `SELECT address FROM mail_alias WHERE account IN (${marks(names)})`,
          names,
        )
        return { ...claimed, people: await homesOf(tx, names), aliases }
      })
      await doveadm?.kick([...first.people, ...first.aliases].map((one) => one.address))
      await doveadm?.removeHomes(first.people)
      const last = await database.transact(async (tx) => {
        const claimed = await claimRemoval(tx, first.ours, fence)
        const names = claimed.ours.map((account) => account.name)
        for (const table of ['mail_alias', 'mail_user']) {
          await tx.run(`DELETE FROM ${table} WHERE account IN (${marks(names)})`, names)
        }
        await freeApplied(tx, claimed.ours, fence)
        return claimed
      })
      return new Map([...first.outcomes, ...last.outcomes])
    },
    listAccounts: (after, limit) => database.transact((tx) => listObserved(tx, held, after, limit)),
    findAccounts: (names) => database.transact((tx) => findObserved(tx, held, names)),
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
            heldBy: held,
            reason: `Mail to ${account.address} goes to the account ${held}, now or by an earlier name. Change one of the login names.`,
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

/** Whose each address is, now or by an earlier name; looked up by the addresses and by the accounts. */
async function holders(tx: TargetTx, accounts: readonly MailAccount[]): Promise<Map<string, AccountName>> {
  const [names, addresses] = [accounts.map((one) => one.name), accounts.map((one) => one.address)]
  const rows: { account: AccountName; address: string }[] = []
  for (const table of ['mail_alias', 'mail_user']) {
    rows.push(
      ...(await tx.all<{ account: AccountName; address: string }>(
        `SELECT account, address FROM ${table} WHERE account IN (${marks(names)}) OR address IN (${marks(addresses)}) ${tx.dialect.forUpdate}`,
        [...names, ...addresses],
      )),
    )
  }
  return new Map(rows.map((row) => [row.address, row.account]))
}

async function homesOf(tx: TargetTx, names: readonly AccountName[]) {
  return tx.all<{ address: string; home: string }>(
    `SELECT address, home FROM mail_user WHERE account IN (${marks(names)})`,
    names,
  )
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
