import { EntitySchema } from 'typeorm'
import { id, json, key, optional, primary, time } from './column'

export type AuditLineRow = {
  readonly id: string
  readonly at: number
  readonly level: string
  readonly module: string
  readonly action: string
  readonly result: string
  readonly actor_kind: string
  readonly actor_name: string
  readonly address: string | null
  readonly request_id: string | null
  readonly object_kind: string
  readonly object_id: string | null
  readonly label: string
  readonly detail: string | null
}

export const auditLine = new EntitySchema<AuditLineRow>({
  name: 'audit_line',
  tableName: 'audit_line',
  columns: {
    id: primary(id()),
    at: time(),
    level: key(16),
    module: key(64),
    action: key(128),
    result: key(16),
    actor_kind: key(16),
    actor_name: key(255),
    address: optional(key(64)),
    request_id: optional(key(64)),
    object_kind: key(16),
    object_id: optional(key(64)),
    label: key(255),
    detail: optional(json()),
  },
})

export type ProvisioningLineRow = {
  readonly id: string
  readonly at: number
  readonly client_id: string
  readonly request_id: string | null
  readonly action: string
  readonly object_kind: string
  readonly object_id: string | null
  readonly label: string
  readonly detail: string | null
}

export const provisioningLine = new EntitySchema<ProvisioningLineRow>({
  name: 'provisioning_line',
  tableName: 'provisioning_line',
  columns: {
    id: primary(id()),
    at: time(),
    client_id: id(),
    request_id: optional(key(64)),
    action: key(128),
    object_kind: key(16),
    object_id: optional(key(64)),
    label: key(255),
    detail: optional(json()),
  },
  indices: [{ name: 'ix_provisioning_line_object_id', columns: ['object_id'] }],
})
