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
  /** The client that asked: then the line is of the provisioning log as well. */
  readonly client_id: string | null
  /** Which habits of identity providers the request showed, by name. */
  readonly dialect: string | null
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
    client_id: optional(id()),
    dialect: optional(key(255)),
  },
  indices: [{ name: 'ix_audit_line_object_id', columns: ['object_id'] }],
})
