import { EntitySchema } from 'typeorm'
import { count, id, json, key, longText, optional, primary, time } from './column'

export type SystemMailRow = {
  readonly id: string
  readonly recipients: string
  readonly content: string
  readonly created_at: number
  readonly give_up_at: number
  readonly due_at: number
  readonly attempts: number
  readonly lease_until: number
  readonly claim: string | null
}

export const systemMail = new EntitySchema<SystemMailRow>({
  name: 'system_mail',
  tableName: 'system_mail',
  columns: {
    id: primary(id()),
    recipients: json(),
    content: longText(),
    created_at: time(),
    give_up_at: time(),
    due_at: time(),
    attempts: count(),
    lease_until: time(),
    claim: optional(id()),
  },
  indices: [{ name: 'ix_system_mail_due_at', columns: ['due_at'] }],
})

export type SystemMailFailureRow = {
  readonly id: string
  readonly at: number
  readonly recipient: string
  readonly others: number
  readonly attempts: number
  readonly server: string
  readonly number: string
  readonly address: string | null
  readonly cause: string
  readonly state: string
}

export const systemMailFailure = new EntitySchema<SystemMailFailureRow>({
  name: 'system_mail_failure',
  tableName: 'system_mail_failure',
  columns: {
    id: primary(id()),
    at: time(),
    recipient: key(255),
    others: count(),
    attempts: count(),
    server: longText(),
    number: key(32),
    address: optional(key(255)),
    cause: longText(),
    state: key(16),
  },
})
