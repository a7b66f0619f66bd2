import { randomBytes } from 'node:crypto'
import type { GroupId, UserId } from '../../domain/ids'
import type { AccountName, ChatAccount, Fence, ObservedGroup } from '../../domain/mirror/account'
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
import { ejabberdApi, inParallel } from './ejabberd-api'

export type EjabberdConfig = {
  readonly domain: string
  readonly database: TargetDatabaseConfig
  readonly api: { readonly url: string; readonly token: string }
}

const held = { table: 'users', column: 'username' }

/** The shared group whose members may not sign in; ejabberd's access rule names it (services: it must exist before the first login). */
const suspended = 'suspended'

/** Up to so many changes of a group are told to who is online; more are written as rows and seen at the next sign-in. */
const pushedChanges = 20
const callsAtOnce = 8

/**
 * A real ejabberd: accounts, verifiers and memberships as rows of its own tables, what a running server must do now by its API.
 * Accounts without a local password get a verifier that no password fits: an empty one would be a password.
 */
export function ejabberd(config: EjabberdConfig): ChatTarget {
  const { domain: host } = config
  const api = ejabberdApi(config.api)
  const database = openTargetDatabase(config.database, prepare)
  const jid = (name: AccountName) => `${name}@${host}`
  const kick = (names: readonly AccountName[]) =>
    inParallel(names, callsAtOnce, async (user) => void (await api.call('kick_user', { user, host })))

  return {
    target: 'chat',
    product: 'ejabberd',
    health: async () => {
      try {
        await database.transact((tx) => tx.all('SELECT 1 FROM users WHERE 1 = 0'))
        await api.call('srg_get_info', { group: suspended, host })
        return { ready: true }
      } catch (error) {
        return { ready: false, detail: messageOf(error) }
      }
    },
    putAccounts: async (accounts, fence) => {
      const { outcomes, written } = await database.transact((tx) => putRows(tx, host, accounts, fence))
      await inParallel(written, callsAtOnce, (account) => nameOnce(account))
      await kick(accounts.filter((account) => !account.active && isIn(outcomes, account.objectId)).map((account) => account.name))
      return outcomes
    },
    deleteAccounts: async (accounts, fence) => {
      const first = await database.transact((tx) => lockOut(tx, host, accounts, fence))
      if (first.ours.length === 0) return first.outcomes
      await kick(first.ours.map((account) => account.name))
      await inParallel(first.ours, callsAtOnce, async ({ name: user }) => void (await api.call('unregister', { user, host })))
      const entries = await database.transact((tx) =>
        rosterEntriesOf(
          tx,
          first.ours.map(({ name }) => jid(name)),
        ),
      )
      await inParallel(entries, callsAtOnce, async ({ username: localuser, jid: contact }) => {
        const user = contact.slice(0, contact.indexOf('@'))
        await api.call('delete_rosteritem', { localuser, localhost: host, user, host })
      })
      const last = await database.transact(async (tx) => {
        const claimed = await claimRemoval(tx, first.ours, fence)
        await purge(
          tx,
          host,
          claimed.ours.map((account) => account.name),
        )
        await freeApplied(tx, claimed.ours, fence)
        return claimed
      })
      return new Map([...first.outcomes, ...last.outcomes])
    },
    listAccounts: (after, limit) => database.transact((tx) => listObserved(tx, held, after, limit)),
    findAccounts: (names) => database.transact((tx) => findObserved(tx, held, names)),
    putGroup: async (group, fence) => {
      const before = await database.transact((tx) => claimGroup(tx, group.objectId, fence))
      if (before === 'newer') return late
      const id = groupName(group.objectId)
      await api.call('srg_create', { group: id, host, label: group.label, description: '', display: id })
      const [add, remove] = difference(group.members.map(jid), before)
      if (add.length + remove.length > pushedChanges) {
        await database.transact(async (tx) => {
          await deleteMembers(tx, id, remove)
          await insertRows(
            tx,
            'sr_user (jid, grp)',
            add.map((member) => [member, id]),
          )
        })
        return done
      }
      const call = (command: string) => async (member: string) =>
        void (await api.call(command, { user: member.slice(0, member.indexOf('@')), host, group: id, grouphost: host }))
      await inParallel(add, callsAtOnce, call('srg_user_add'))
      await inParallel(remove, callsAtOnce, call('srg_user_del'))
      return done
    },
    deleteGroup: async (id, fence) => {
      const before = await database.transact((tx) => claimGroup(tx, id, fence))
      if (before === 'newer') return late
      await api.call('srg_delete', { group: groupName(id), host })
      await database.transact((tx) => tx.run('DELETE FROM kagami_group WHERE object_id = ?', [id]))
      return done
    },
    listGroups: async (after, limit) => {
      const groups = await database.transact((tx) => listGroupRows(tx, after, limit))
      const labels = new Map<GroupId, string>()
      await inParallel(groups, callsAtOnce, async ({ objectId }) => void labels.set(objectId, await labelOf(objectId)))
      return groups.map((group) => ({ ...group, label: labels.get(group.objectId) ?? '' }))
    },
    close: () => database.close(),
  }

  /** The vCard's name, only where there is none yet: afterwards it belongs to the chat side (C11). */
  async function nameOnce({ name: user, displayName }: ChatAccount): Promise<void> {
    if (displayName === undefined) return
    if ((await api.call('get_vcard', { user, host, name: 'FN' })) !== undefined) return
    await api.call('set_vcard', { user, host, name: 'FN', content: displayName.replace(notXml, '') })
  }

  async function labelOf(id: GroupId): Promise<string> {
    const info = (await api.call('srg_get_info', { group: groupName(id), host })) as
      readonly { key: string; value: string }[] | undefined
    return unquoted(info?.find((one) => one.key === 'label')?.value ?? '')
  }
}

/** ejabberd takes these into a vCard and can then never read it again. */
const notXml = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g

const groupName = (id: GroupId) => `g-${id}`

/** 23.01 answers the label as an Erlang binary in a string; later ones as it is. */
const unquoted = (text: string) => /^<<"(.*)">>$/s.exec(text)?.[1] ?? text

const isIn = (outcomes: ReadonlyMap<UserId, Outcome>, id: UserId) => /^(done|unchanged)$/.test(outcomes.get(id)?.kind ?? '')

async function prepare(tx: TargetTx): Promise<void> {
  await createTables(tx, [appliedTable, 'kagami_group (object_id VARCHAR(36) PRIMARY KEY, fence BIGINT NOT NULL)'])
  const group = await tx.all('SELECT name FROM sr_group WHERE name = ?', [suspended])
  if (group.length === 0) {
    await insertRows(tx, 'sr_group (name, opts)', [
      [suspended, '[{label,<<"suspended">>},{displayed_groups,[]},{description,<<>>}]'],
    ])
  }
}

async function putRows(
  tx: TargetTx,
  host: string,
  accounts: readonly ChatAccount[],
  fence: Fence,
): Promise<{ readonly outcomes: ReadonlyMap<UserId, Outcome>; readonly written: readonly ChatAccount[] }> {
  const outcomes = new Map<UserId, Outcome>()
  const applied = await readApplied(tx, accounts)
  const present = await existing(tx, accounts)
  const written = accounts.filter((account) => {
    const exists = present.has(account.name)
    const refused = applied.refusal(account, fence, exists)
    // a display name that is still asked for has not been given yet: the crash was between the rows and the vCard
    const same = exists && applied.hashOf(account.objectId) === account.hash && account.displayName === undefined
    outcomes.set(account.objectId, refused ?? (same ? unchanged : done))
    return !refused && !same
  })
  if (written.length === 0) return { outcomes, written }
  const fresh = written.filter((account) => !present.has(account.name))
  for (const account of written) {
    if (!present.has(account.name)) continue
    const [, ...secret] = userRow(account)
    await tx.run('UPDATE users SET password = ?, serverkey = ?, salt = ?, iterationcount = ? WHERE username = ?', [
      ...secret,
      account.name,
    ])
  }
  await insertRows(tx, 'users (username, password, serverkey, salt, iterationcount)', fresh.map(userRow))
  await setSuspended(
    tx,
    written.map((account) => `${account.name}@${host}`),
    written.filter((account) => !account.active).map((account) => `${account.name}@${host}`),
  )
  await writeApplied(tx, written, fence)
  return { outcomes, written }
}

/** Of these JIDs, those in `shut` may not sign in, and the others may. */
async function setSuspended(tx: TargetTx, jids: readonly string[], shut: readonly string[]): Promise<void> {
  await tx.run(`DELETE FROM sr_user WHERE grp = '${suspended}' AND jid IN (${marks(jids)})`, jids)
  await insertRows(
    tx,
    'sr_user (jid, grp)',
    shut.map((jid) => [jid, suspended]),
  )
}

/** username, password, serverkey, salt, iterationcount */
function userRow({ name, verifier }: ChatAccount): readonly [string, string, string, string, number] {
  const random = () => randomBytes(32).toString('base64')
  if (!verifier) return [name, `sha256:${random()}`, random(), random(), 4_096]
  return [name, `sha256:${verifier.storedKey}`, verifier.serverKey, verifier.salt, verifier.iterations]
}

async function existing(tx: TargetTx, accounts: readonly { readonly name: AccountName }[]): Promise<ReadonlySet<AccountName>> {
  const rows = await tx.all<{ username: AccountName }>(
    `SELECT username FROM users WHERE username IN (${marks(accounts)})`,
    accounts.map((account) => account.name),
  )
  return new Set(rows.map((row) => row.username))
}

/** First nobody may come in any more; then sessions end and data go. A crash anywhere between is repaired by doing it again. */
async function lockOut(
  tx: TargetTx,
  host: string,
  accounts: readonly { readonly objectId: UserId; readonly name: AccountName }[],
  fence: Fence,
) {
  const claimed = await claimRemoval(tx, accounts, fence)
  const jids = claimed.ours.map((account) => `${account.name}@${host}`)
  await setSuspended(tx, jids, jids)
  return claimed
}

/** In whose rosters these stand. ejabberd keeps rosters in memory, so that it must remove the entries itself. */
function rosterEntriesOf(tx: TargetTx, jids: readonly string[]) {
  return tx.all<{ username: string; jid: string }>(`SELECT username, jid FROM rosterusers WHERE jid IN (${marks(jids)})`, jids)
}

/** What `unregister` may leave: a successor of the name finds nothing, and nobody has him in a roster. */
async function purge(tx: TargetTx, host: string, names: readonly AccountName[]): Promise<void> {
  const jids = names.map((name) => `${name}@${host}`)
  const byName = ['users', 'last', 'rosterusers', 'rostergroups', 'spool', 'archive', 'archive_prefs', 'vcard', 'private_storage']
  for (const table of [...byName, 'roster_version', 'privacy_default_list', 'privacy_list', 'push_session', 'motd']) {
    await tx.run(`DELETE FROM ${table} WHERE username IN (${marks(names)})`, names)
  }
  await tx.run(`DELETE FROM vcard_search WHERE lusername IN (${marks(names)})`, names)
  for (const table of ['sr_user', 'rosterusers', 'rostergroups']) {
    await tx.run(`DELETE FROM ${table} WHERE jid IN (${marks(jids)})`, jids)
  }
}

/** Takes the group for this fence. @returns who is in it now, ascending; or that a newer one was here */
async function claimGroup(tx: TargetTx, id: GroupId, fence: Fence): Promise<readonly string[] | 'newer'> {
  const [before] = await tx.all<{ fence: number }>(`SELECT fence FROM kagami_group WHERE object_id = ? ${tx.dialect.forUpdate}`, [
    id,
  ])
  if (before && before.fence > fence) return 'newer'
  await tx.run('DELETE FROM kagami_group WHERE object_id = ?', [id])
  await insertRows(tx, 'kagami_group (object_id, fence)', [[id, fence]])
  return (await tx.all<{ jid: string }>('SELECT jid FROM sr_user WHERE grp = ?', [groupName(id)])).map((row) => row.jid)
}

function difference(
  wanted: readonly string[],
  present: readonly string[],
): readonly [add: readonly string[], remove: readonly string[]] {
  const [shall, is] = [new Set(wanted), new Set(present)]
  return [wanted.filter((one) => !is.has(one)), present.filter((one) => !shall.has(one))]
}

async function deleteMembers(tx: TargetTx, group: string, jids: readonly string[]): Promise<void> {
  for (let i = 0; i < jids.length; i += 500) {
    const some = jids.slice(i, i + 500)
    await tx.run(`DELETE FROM sr_user WHERE grp = ? AND jid IN (${marks(some)})`, [group, ...some])
  }
}

/** Groups that carry our mark, with their members; the label is the API's to tell. */
async function listGroupRows(tx: TargetTx, after: GroupId | undefined, limit: number): Promise<readonly ObservedGroup[]> {
  const groups = await tx.all<{ object_id: GroupId }>(
    'SELECT object_id FROM kagami_group WHERE object_id > ? ORDER BY object_id LIMIT ?',
    [after ?? '', limit],
  )
  if (groups.length === 0) return []
  const names = groups.map((group) => groupName(group.object_id))
  const members = await tx.all<{ jid: string; grp: string }>(`SELECT jid, grp FROM sr_user WHERE grp IN (${marks(names)})`, names)
  const of = new Map<string, AccountName[]>(names.map((name) => [name, []]))
  for (const member of members) of.get(member.grp)?.push(member.jid.slice(0, member.jid.indexOf('@')) as AccountName)
  return groups.map(({ object_id: objectId }) => ({ objectId, label: '', members: (of.get(groupName(objectId)) ?? []).sort() }))
}
