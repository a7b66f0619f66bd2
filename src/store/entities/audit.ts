import { EntitySchema } from 'typeorm'
import { count, id, json, key, longText, optional, primary, time } from './column'

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
  /** What the client asked for: create, replace, patch or delete. */
  readonly operation: string | null
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
    operation: optional(key(16)),
  },
  indices: [
    { name: 'ix_audit_line_object_id_id', columns: ['object_id', 'id'] },
    { name: 'ix_audit_line_client_id_id', columns: ['client_id', 'id'] },
  ],
})

/** Refused requests of one kind in one hour. */
export type ProvisioningRefusalRow = {
  /** Begins with the time of the first. */
  readonly id: string
  /** SHA-256 of what they have in common, the hour too. */
  readonly kind_hash: string
  readonly first_at: number
  readonly last_at: number
  readonly times: number
  readonly client_id: string | null
  readonly client_name: string | null
  readonly address: string | null
  readonly operation: string
  readonly object_kind: string | null
  readonly status: number
  readonly scim_type: string | null
  /** Without the names and ids of single objects. */
  readonly detail: string
  /** What the last ones named, newest first. */
  readonly objects: string
  /** Of the last one. */
  readonly request_id: string
}

export const provisioningRefusal = new EntitySchema<ProvisioningRefusalRow>({
  name: 'provisioning_refusal',
  tableName: 'provisioning_refusal',
  columns: {
    id: primary(id()),
    kind_hash: key(64),
    first_at: time(),
    last_at: time(),
    times: count(),
    client_id: optional(id()),
    client_name: optional(key(255)),
    address: optional(key(64)),
    operation: key(16),
    object_kind: optional(key(16)),
    status: count(),
    scim_type: optional(key(64)),
    detail: longText(),
    objects: json(),
    request_id: key(64),
  },
  indices: [{ name: 'uq_provisioning_refusal_kind_hash', columns: ['kind_hash'], unique: true }],
})
