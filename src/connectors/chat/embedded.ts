import type { UserId } from '../../domain/ids'
import type { AccountName, ChatAccount, ObservedGroup } from '../../domain/mirror/account'
import type { GroupId } from '../../domain/ids'
import type { ChatTarget, Outcome } from '../../ports/targets'
import { appliedTable, claimRemoval, done, freeApplied, late, readApplied, unchanged, writeApplied } from '../sql/applied'
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

/** The columns of the verifier are those of ejabberd's `users`. */
const tables = [
  `chat_account (username VARCHAR(64) PRIMARY KEY, display_name VARCHAR(600) NOT NULL, active INT NOT NULL,
    password VARCHAR(128), serverkey VARCHAR(128), salt VARCHAR(128), iterationcount INT)`,
  'chat_group (id VARCHAR(36) PRIMARY KEY, label VARCHAR(255) NOT NULL, fence BIGINT NOT NULL)',
  `chat_group_member (group_id VARCHAR(36) NOT NULL, username VARCHAR(64) NOT NULL,
    PRIMARY KEY (group_id, username), UNIQUE (username, group_id))`,
  appliedTable,
]

const held = { table: 'chat_account', column: 'username' }

/** Chat without a chat server: our own small tables in one SQLite file, to see the job done. */
export function embeddedChat(config: { readonly database: TargetDatabaseConfig }): ChatTarget {
  const database = openTargetDatabase(config.database, (tx) => createTables(tx, tables))
  return {
    target: 'chat',
    product: 'embedded',
    health: async () => {
      try {
        await database.transact((tx) => tx.all('SELECT 1 FROM chat_account WHERE 1 = 0'))
        return { ready: true }
      } catch (error) {
        return { ready: false, detail: messageOf(error) }
      }
    },
    putAccounts: (accounts, fence) =>
      database.transact(async (tx) => {
        const outcomes = new Map<UserId, Outcome>()
        const applied = await readApplied(tx, accounts)
        const present = await existing(tx, accounts)
        const write = accounts.filter((account) => {
          const refused = applied.refusal(account, fence, present.has(account.name))
          const same = present.has(account.name) && applied.hashOf(account.objectId) === account.hash
          outcomes.set(account.objectId, refused ?? (same ? unchanged : done))
          return !refused && !same
        })
        for (const account of write) await putRow(tx, account, present.has(account.name))
        await writeApplied(tx, write, fence)
        return outcomes
      }),
    deleteAccounts: (accounts, fence) =>
      database.transact(async (tx) => {
        const { outcomes, ours } = await claimRemoval(tx, accounts, fence)
        const names = ours.map((account) => account.name)
        for (const table of ['chat_account', 'chat_group_member']) {
          await tx.run(`DELETE FROM ${table} WHERE username IN (${marks(names)})`, names)
        }
        await freeApplied(tx, ours, fence)
        return outcomes
      }),
    listAccounts: (after, limit) => database.transact((tx) => listObserved(tx, held, after, limit)),
    findAccounts: (names) => database.transact((tx) => findObserved(tx, held, names)),
    putGroup: (group, fence) =>
      database.transact(async (tx) => {
        const [before] = await tx.all<{ fence: number }>('SELECT fence FROM chat_group WHERE id = ?', [group.objectId])
        if (before && before.fence > fence) return late
        await tx.run('DELETE FROM chat_group WHERE id = ?', [group.objectId])
        await tx.run('DELETE FROM chat_group_member WHERE group_id = ?', [group.objectId])
        await insertRows(tx, 'chat_group (id, label, fence)', [[group.objectId, group.label, fence]])
        await insertRows(
          tx,
          'chat_group_member (group_id, username)',
          group.members.map((name) => [group.objectId, name]),
        )
        return done
      }),
    deleteGroup: (id, fence) =>
      database.transact(async (tx) => {
        const [before] = await tx.all<{ fence: number }>('SELECT fence FROM chat_group WHERE id = ?', [id])
        if (!before) return unchanged
        if (before.fence > fence) return late
        await tx.run('DELETE FROM chat_group_member WHERE group_id = ?', [id])
        await tx.run('DELETE FROM chat_group WHERE id = ?', [id])
        return done
      }),
    listGroups: (after, limit) => database.transact((tx) => listGroups(tx, after, limit)),
    close: () => database.close(),
  }
}

async function existing(tx: TargetTx, accounts: readonly { readonly name: AccountName }[]): Promise<ReadonlySet<AccountName>> {
  const rows = await tx.all<{ username: AccountName }>(
    `SELECT username FROM chat_account WHERE username IN (${marks(accounts)})`,
    accounts.map((account) => account.name),
  )
  return new Set(rows.map((row) => row.username))
}

/** The display name is written with a new account only: afterwards it belongs to the chat side (C11). */
async function putRow(tx: TargetTx, account: ChatAccount, exists: boolean): Promise<void> {
  const verifier = account.verifier
  const secret = [verifier?.storedKey ?? null, verifier?.serverKey ?? null, verifier?.salt ?? null, verifier?.iterations ?? null]
  if (exists) {
    await tx.run(
      'UPDATE chat_account SET active = ?, password = ?, serverkey = ?, salt = ?, iterationcount = ? WHERE username = ?',
      [Number(account.active), ...secret, account.name],
    )
  } else {
    await insertRows(tx, 'chat_account (username, display_name, active, password, serverkey, salt, iterationcount)', [
      [account.name, account.displayName ?? account.name, Number(account.active), ...secret],
    ])
  }
}

async function listGroups(tx: TargetTx, after: GroupId | undefined, limit: number): Promise<readonly ObservedGroup[]> {
  const groups = await tx.all<{ id: GroupId; label: string }>(
    'SELECT id, label FROM chat_group WHERE id > ? ORDER BY id LIMIT ?',
    [after ?? '', limit],
  )
  if (groups.length === 0) return []
  const members = await tx.all<{ group_id: GroupId; username: AccountName }>(
    `SELECT group_id, username FROM chat_group_member WHERE group_id IN (${marks(groups)}) ORDER BY username`,
    groups.map((group) => group.id),
  )
  return groups.map((group) => ({
    objectId: group.id,
    label: group.label,
    members: members.filter((member) => member.group_id === group.id).map((member) => member.username),
  }))
}
