import { EntitySchema } from 'typeorm'
import { count, id, json, key, longText, optional, primary, time } from './column'

export type SystemSettingRow = {
  readonly name: string
  readonly value: string
  readonly updated_at: number
}

export const systemSetting = new EntitySchema<SystemSettingRow>({
  name: 'system_setting',
  tableName: 'system_setting',
  columns: {
    name: primary(key(128)),
    value: json(),
    updated_at: time(),
  },
})

export type SystemLeaseRow = {
  readonly name: string
  readonly node: string
  readonly lease_until: number
}

export const systemLease = new EntitySchema<SystemLeaseRow>({
  name: 'system_lease',
  tableName: 'system_lease',
  columns: {
    name: primary(key(128)),
    node: key(64),
    lease_until: time(),
  },
})

export type SystemJobRow = {
  readonly id: string
  readonly kind: string
  readonly active_kind: string | null
  readonly state: string
  readonly requested_by: string
  readonly requested_at: number
  readonly started_at: number | null
  readonly finished_at: number | null
  readonly total: number
  readonly done: number
  readonly failed: number
  readonly message: string | null
  readonly node: string | null
  readonly lease_until: number
}

export const systemJob = new EntitySchema<SystemJobRow>({
  name: 'system_job',
  tableName: 'system_job',
  columns: {
    id: primary(id()),
    kind: key(32),
    active_kind: optional(key(32)),
    state: key(16),
    requested_by: key(255),
    requested_at: time(),
    started_at: optional(time()),
    finished_at: optional(time()),
    total: count(),
    done: count(),
    failed: count(),
    message: optional(longText()),
    node: optional(key(64)),
    lease_until: time(),
  },
  indices: [
    { name: 'uq_system_job_active_kind', columns: ['active_kind'], unique: true },
    { name: 'ix_system_job_kind_requested_at', columns: ['kind', 'requested_at'] },
  ],
})
