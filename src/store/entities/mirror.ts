import { EntitySchema } from 'typeorm'
import { count, flag, id, json, key, longText, optional, primary, time } from './column'

export type MirrorTargetRow = {
  readonly target: string
  readonly fence: number
  /** When its last work was done. */
  readonly done_at: number | null
  /** It does not answer. */
  readonly down_reason: string | null
  readonly down_since: number | null
}

export const mirrorTarget = new EntitySchema<MirrorTargetRow>({
  name: 'mirror_target',
  tableName: 'mirror_target',
  columns: {
    target: primary(key(16)),
    fence: time(),
    done_at: optional(time()),
    down_reason: optional(longText()),
    down_since: optional(time()),
  },
})

export type MirrorWorkRow = {
  readonly target: string
  readonly object_id: string
  readonly wanted: number
  readonly done: number
  /** `never` of a dead letter; null where nothing is to be done. */
  readonly due_at: number | null
  readonly attempts: number
  readonly lease_until: number
  readonly claimed: number
  readonly fence: number
  readonly reason: string | null
  readonly dead_since: number | null
  readonly done_at: number | null
}

export const mirrorWork = new EntitySchema<MirrorWorkRow>({
  name: 'mirror_work',
  tableName: 'mirror_work',
  columns: {
    target: primary(key(16)),
    object_id: primary(id()),
    wanted: count(),
    done: count(),
    due_at: optional(time()),
    attempts: count(),
    lease_until: time(),
    claimed: count(),
    fence: time(),
    reason: optional(longText()),
    dead_since: optional(time()),
    done_at: optional(time()),
  },
  withoutRowid: true,
  indices: [{ name: 'ix_mirror_work_target_due_at', columns: ['target', 'due_at'] }],
})

export type MirrorLinkRow = {
  readonly target: string
  readonly object_id: string
  readonly account_name: string | null
  readonly intent: string | null
  readonly applied_hash: string | null
  readonly named: number
  readonly address: string | null
  readonly aliases: string
}

export const mirrorLink = new EntitySchema<MirrorLinkRow>({
  name: 'mirror_link',
  tableName: 'mirror_link',
  columns: {
    target: primary(key(16)),
    object_id: primary(id()),
    account_name: optional(key(64)),
    intent: optional(key(16)),
    applied_hash: optional(key(64)),
    named: flag(),
    address: optional(key(255)),
    aliases: json(),
  },
  withoutRowid: true,
  indices: [{ name: 'uq_mirror_link_target_account_name', columns: ['target', 'account_name'], unique: true }],
})
