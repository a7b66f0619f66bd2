import { targetNames } from '../domain/mirror/account'
import { newUuid, type Clock } from '../ports/clock'
import type { RecordedChange } from '../ports/store'
import { raw, rows, sql, type Database } from './sql'

/** `Tx.record`: the line in the logs and the mirror work of one change. */
export function recorder(
  database: Database,
  deps: { readonly clock: Clock },
  wakeMirror: () => void,
): (change: RecordedChange) => Promise<void> {
  return async (change) => {
    const now = deps.clock.now()
    const { actor, object } = change
    const { level, module } = classify(change.action)
    await database.run(sql`INSERT INTO audit_line (id, at, level, module, action, result, actor_kind, actor_name, address, request_id,
      object_kind, object_id, label, detail, client_id, operation, dialect) VALUES ${rows([
        [
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
          change.detail && JSON.stringify(change.detail),
          actor.kind === 'client' ? actor.clientId : null,
          actor.kind === 'client' ? change.operation : null,
          change.dialect && change.dialect.size > 0 ? [...change.dialect].join(' ').slice(0, 255) : null,
        ],
      ])}`)
    if (change.mirror) {
      await askMirrors(database, object.id!)
      wakeMirror()
    }
  }
}

/** One more thing is wanted of every target, due at once; what failed before starts afresh. */
async function askMirrors(database: Database, id: string): Promise<void> {
  const { dialect } = database
  await database.run(sql`INSERT INTO mirror_work (target, object_id, wanted, done, due_at, attempts, lease_until, claimed, fence)
    VALUES ${rows(targetNames.map((target) => [target, id, 1, 0, 0, 0, 0, 0, 0]))}
    ${dialect.onConflict(['target', 'object_id'], {
      wanted: raw('mirror_work.wanted + 1'),
      due_at: raw('0'),
      attempts: raw('0'),
      reason: raw('NULL'),
      dead_since: raw('NULL'),
    })}`)
}

/** Level and module as in manual 001 (監査ログの見かた). */
function classify(action: string): { readonly level: 'critical' | 'information'; readonly module: string } {
  if (/^(login|logout)/.test(action)) return { level: 'information', module: 'Authentication' }
  if (action === 'change password') return { level: 'information', module: 'User Profile' }
  if (/ user$/.test(action) && /^(add|update|delete) /.test(action)) {
    return { level: action.includes('group') ? 'critical' : 'information', module: 'User Administration' }
  }
  if (/(group|administrators|user password)/.test(action) && !/sync/.test(action))
    return { level: 'critical', module: 'User Administration' }
  return { level: 'critical', module: 'System Administration' }
}
