import { newUuid } from '../../src/ports/clock'
import type { Param, Statement } from './database'

// What the product leaves in its tables, without any of its code.

export type UserBody = {
  readonly userName: string
  readonly externalId: string
  readonly displayName: string
  readonly name: { readonly familyName: string; readonly givenName: string }
  readonly emails: readonly { readonly value: string; readonly type: string }[]
}

/** A new person: his rows, the trace of the change, and the work of both mirrors. */
export function userRows(id: string, client: string, body: UserBody): readonly Statement[] {
  const { userName, externalId, displayName, name, emails } = body
  const now = Date.now()
  const key = userName.toLowerCase()
  return [
    insert('directory_user', [
      {
        ...{ id, kind: 'person', status: 'inUse', login_name: userName, login_key: key },
        ...{ display_name: displayName, display_key: displayName, family_name: name.familyName, given_name: name.givenName },
        ...{ profile: JSON.stringify({ emails }), folded: JSON.stringify({ name_familyName: name.familyName }) },
        ...{ version: 1, created_at: now, updated_at: now },
      },
    ]),
    insert(
      'directory_user_email',
      emails.map(({ value, type }, position) => {
        return { user_id: id, position, value, value_key: value.toLowerCase(), type_key: type, is_primary: 1 }
      }),
    ),
    insert('directory_external_id', [{ object_id: id, client_id: client, object_kind: 'user', external_id: externalId }]),
    ...traceRows('add user', client, 'user', id, userName),
    insert(
      'mirror_work',
      ['chat', 'mail'].map((target) => {
        return { target, object_id: id, wanted: 1, done: 0, due_at: 0, attempts: 0, lease_until: 0, claimed: 0, fence: 0 }
      }),
    ),
  ]
}

/** A new member. The group's row first, so that two of one group wait for each other. */
export function memberRows(group: string, client: string, user: string): readonly Statement[] {
  return [
    ['UPDATE directory_group SET version = version + 1, updated_at = ? WHERE id = ?', [Date.now(), group]],
    insert('directory_member', [{ group_id: group, member_id: user, member_kind: 'user' }]),
    ...traceRows('update group user', client, 'group', group, '全社'),
  ]
}

/** Audit line and provisioning-log line. */
function traceRows(action: string, client: string, kind: string, id: string, label: string): readonly Statement[] {
  const common = { at: Date.now(), action, object_kind: kind, object_id: id, label, request_id: newUuid(Date.now()) }
  const detail = JSON.stringify({ label })
  return [
    insert('audit_line', [
      {
        ...{ id: newUuid(Date.now()), level: 'information', module: 'User Administration', result: 'SUCCESS' },
        ...{ actor_kind: 'client', actor_name: 'bootstrap', address: '127.0.0.1', ...common, detail },
      },
    ]),
    insert('provisioning_line', [{ id: newUuid(Date.now()), client_id: client, ...common, detail }]),
  ]
}

/** One INSERT of these rows; every row names the same columns. */
export function insert(table: string, rows: readonly Readonly<Record<string, Param>>[]): Statement {
  const columns = Object.keys(rows[0]!)
  const marks = `(${columns.map(() => '?').join(', ')})`
  return [
    `INSERT INTO ${table} (${columns.join(', ')}) VALUES ${rows.map(() => marks).join(', ')}`,
    rows.flatMap((row) => Object.values(row)),
  ]
}
