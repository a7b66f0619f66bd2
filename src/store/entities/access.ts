import { EntitySchema } from 'typeorm'
import { count, flag, id, json, key, longText, optional, primary, time } from './column'

export type AccessClientRow = {
  readonly id: string
  readonly name: string
  readonly name_key: string
  readonly created_at: number
  readonly version: number
  readonly allowed_addresses: string | null
  readonly requests_per_second: number | null
  readonly ignore_unknown_members: number
  readonly disabled_at: number | null
  readonly last_request_at: number | null
}

export const accessClient = new EntitySchema<AccessClientRow>({
  name: 'access_client',
  tableName: 'access_client',
  columns: {
    id: primary(id()),
    name: key(128),
    name_key: key(128),
    created_at: time(),
    version: { ...count(), default: 1 },
    allowed_addresses: optional(json()),
    requests_per_second: optional(count()),
    ignore_unknown_members: { ...flag(), default: false },
    disabled_at: optional(time()),
    last_request_at: optional(time()),
  },
  indices: [{ name: 'uq_access_client_name_key', columns: ['name_key'], unique: true }],
})

export type AccessTokenRow = {
  readonly id: string
  readonly client_id: string
  readonly hash: string
  readonly hint: string
  readonly scopes: string
  readonly created_at: number
  readonly expires_at: number | null
  readonly revoked_at: number | null
  readonly last_used_at: number | null
  readonly kind: string
  readonly last_used_address: string | null
}

export const accessToken = new EntitySchema<AccessTokenRow>({
  name: 'access_token',
  tableName: 'access_token',
  columns: {
    id: primary(id()),
    client_id: id(),
    hash: key(64),
    hint: key(16),
    scopes: json(),
    created_at: time(),
    expires_at: optional(time()),
    revoked_at: optional(time()),
    last_used_at: optional(time()),
    kind: { ...key(16), default: 'token' },
    last_used_address: optional(key(64)),
  },
  indices: [
    { name: 'uq_access_token_hash', columns: ['hash'], unique: true },
    { name: 'ix_access_token_client_id', columns: ['client_id'] },
  ],
})

export type AccessClientUseRow = {
  readonly client_id: string
  readonly hour: number
  readonly operation: string
  readonly outcome: string
  readonly requests: number
}

export const accessClientUse = new EntitySchema<AccessClientUseRow>({
  name: 'access_client_use',
  tableName: 'access_client_use',
  columns: {
    client_id: primary(id()),
    hour: primary(time()),
    operation: primary(key(32)),
    outcome: primary(key(16)),
    requests: count(),
  },
  indices: [{ name: 'ix_access_client_use_hour', columns: ['hour'] }],
})

export type AccessPasswordRow = {
  readonly user_id: string
  readonly argon2: string
  readonly scram: string
  readonly changed_at: number
  readonly temporary: number
  readonly changes: number
  readonly never_expires: number
  readonly usable_until: number | null
  readonly failures: number
  readonly failed_at: number | null
}

export const accessPassword = new EntitySchema<AccessPasswordRow>({
  name: 'access_password',
  tableName: 'access_password',
  columns: {
    user_id: primary(id()),
    argon2: key(255),
    scram: longText(),
    changed_at: time(),
    temporary: flag(),
    changes: { ...count(), default: 0 },
    never_expires: { ...flag(), default: false },
    usable_until: optional(time()),
    failures: { ...count(), default: 0 },
    failed_at: optional(time()),
  },
})

export type AccessPasswordHistoryRow = {
  readonly user_id: string
  readonly number: number
  readonly argon2: string
}

export const accessPasswordHistory = new EntitySchema<AccessPasswordHistoryRow>({
  name: 'access_password_history',
  tableName: 'access_password_history',
  columns: {
    user_id: primary(id()),
    number: primary(count()),
    argon2: key(255),
  },
})

export type AccessSessionRow = {
  readonly id_hash: string
  readonly user_id: string
  readonly method: string
  readonly created_at: number
  readonly last_seen_at: number
  readonly address: string | null
  readonly agent: string | null
  readonly password_expired: number
  readonly remembered: number
}

export const accessSession = new EntitySchema<AccessSessionRow>({
  name: 'access_session',
  tableName: 'access_session',
  columns: {
    id_hash: primary(key(64)),
    user_id: id(),
    method: key(16),
    created_at: time(),
    last_seen_at: time(),
    address: optional(key(64)),
    agent: optional(key(255)),
    password_expired: { ...flag(), default: false },
    remembered: { ...flag(), default: false },
  },
  indices: [
    { name: 'ix_access_session_user_id', columns: ['user_id'] },
    { name: 'ix_access_session_last_seen_at', columns: ['last_seen_at'] },
  ],
})

export type AccessConsumedRow = {
  readonly kind: string
  readonly id: string
  readonly expires_at: number
}

export const accessConsumed = new EntitySchema<AccessConsumedRow>({
  name: 'access_consumed',
  tableName: 'access_consumed',
  columns: {
    kind: primary(key(16)),
    id: primary(key(255)),
    expires_at: time(),
  },
  indices: [{ name: 'ix_access_consumed_expires_at', columns: ['expires_at'] }],
})

export type AccessGuessRow = {
  readonly key_hash: string
  readonly empty_at: number
  readonly wait_until: number
}

export const accessGuess = new EntitySchema<AccessGuessRow>({
  name: 'access_guess',
  tableName: 'access_guess',
  columns: {
    key_hash: primary(key(64)),
    empty_at: time(),
    wait_until: time(),
  },
  indices: [{ name: 'ix_access_guess_empty_at', columns: ['empty_at'] }],
})
