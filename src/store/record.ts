import { targetNames } from '../domain/mirror/account'
import type { Instant } from '../domain/brand'
import { newUuid } from '../ports/clock'
import type { RecordedChange } from '../ports/store'
import { chunks, list, raw, sql, toJson, type Database, type SqlValue } from './sql'

/** `Tx.recordAll`: the lines in the logs and the mirror work of changes. @returns whether there is mirror work */
export async function recordAll(database: Database, now: Instant, changes: readonly RecordedChange[]): Promise<boolean> {
  await database.insert(
    `audit_line (id, at, level, module, action, result, actor_kind, actor_name, address, request_id,
      object_kind, object_id, label, detail, client_id, operation, dialect)`,
    changes.map((change) => lineOf(change, now)),
  )
  const idsOf = (wanted: RecordedChange['mirror']) =>
    changes.flatMap(({ mirror, object }) => (mirror === wanted ? [object.id!] : []))
  const mirrored = idsOf(true)
  await askMirrors(database, mirrored)
  await askAgain(database, idsOf('failed'))
  return mirrored.length > 0
}

function lineOf(change: RecordedChange, now: Instant): readonly (SqlValue | undefined)[] {
  const { actor, object, dialect } = change
  const { level, module } = classify(change.action)
  return [
    newUuid(now),
    now,
    level,
    module,
    change.action,
    change.result ?? 'SUCCESS',
    actor.kind,
    actor.name,
    actor.address,
    actor.requestId,
    object.kind,
    object.id,
    object.label.slice(0, 255),
    change.detail && toJson(change.detail),
    actor.kind === 'client' ? actor.clientId : null,
    actor.kind === 'client' ? change.operation : null,
    dialect && dialect.size > 0 ? [...dialect].join(' ').slice(0, 255) : null,
  ]
}

/** One more thing is wanted of every target, due at once; what failed before starts afresh. */
function askMirrors(database: Database, ids: readonly string[]): Promise<void> {
  return database.insert(
    'mirror_work (target, object_id, wanted, done, due_at, attempts, lease_until, claimed, fence)',
    ids.flatMap((id) => targetNames.map((target) => [target, id, 1, 0, 0, 0, 0, 0, 0])),
    database.dialect.onConflict(['target', 'object_id'], {
      wanted: raw('mirror_work.wanted + 1'),
      due_at: raw('0'),
      attempts: raw('0'),
      reason: raw('NULL'),
      dead_since: raw('NULL'),
    }),
  )
}

/** Dead letters are tried again, when the mirrors next look for work. */
async function askAgain(database: Database, ids: readonly string[]): Promise<void> {
  for (const some of chunks(ids)) {
    await database.write(sql`UPDATE mirror_work SET wanted = wanted + 1, due_at = 0, attempts = 0, dead_since = NULL, reason = NULL
      WHERE target IN ${list(targetNames)} AND object_id IN ${list(some)} AND dead_since IS NOT NULL`)
  }
}

/** Level and module as in manual 001 (監査ログの見かた). */
function classify(action: string): { readonly level: 'critical' | 'information'; readonly module: string } {
  if (/^(login|logout)/.test(action)) return { level: 'information', module: 'Authentication' }
  if (/^(send password reset mail|reset password|(set|stop|reset) two-step sign-in)$/.test(action))
    return { level: 'critical', module: 'Authentication' }
  if (action === 'add provisional Administrator') return { level: 'critical', module: 'Authentication' }
  if (action === 'change password') return { level: 'information', module: 'User Profile' }
  if (/ user$/.test(action) && /^(add|update|delete) /.test(action)) {
    return { level: action.includes('group') ? 'critical' : 'information', module: 'User Administration' }
  }
  if (/(group|administrators|user password)/.test(action) && !/sync/.test(action))
    return { level: 'critical', module: 'User Administration' }
  return { level: 'critical', module: 'System Administration' }
}
