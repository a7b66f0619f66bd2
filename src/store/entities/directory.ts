import { EntitySchema } from 'typeorm'
import { count, flag, id, json, key, longText, optional, primary, time } from './column'

export type DirectoryUserRow = {
  readonly id: string
  readonly kind: string
  readonly status: string
  readonly login_name: string
  readonly login_key: string
  readonly display_name: string | null
  readonly display_key: string | null
  readonly family_name: string | null
  readonly given_name: string | null
  readonly profile: string
  readonly folded: string
  readonly version: number
  readonly created_at: number
  readonly updated_at: number
}

export const directoryUser = new EntitySchema<DirectoryUserRow>({
  name: 'directory_user',
  tableName: 'directory_user',
  columns: {
    id: primary(id()),
    kind: key(16),
    status: key(16),
    login_name: key(191),
    login_key: key(191),
    display_name: optional(key(255)),
    display_key: optional(key(255)),
    family_name: optional(key(255)),
    given_name: optional(key(255)),
    profile: json(),
    folded: json(),
    version: count(),
    created_at: time(),
    updated_at: time(),
  },
  indices: [
    { name: 'uq_directory_user_login_key', columns: ['login_key'], unique: true },
    { name: 'ix_directory_user_kind_id', columns: ['kind', 'id'] },
    { name: 'ix_directory_user_display_key', columns: ['display_key'] },
  ],
})

export type DirectoryUserEmailRow = {
  readonly user_id: string
  readonly position: number
  readonly value: string
  readonly value_key: string
  readonly type_key: string | null
  readonly is_primary: number
}

export const directoryUserEmail = new EntitySchema<DirectoryUserEmailRow>({
  name: 'directory_user_email',
  tableName: 'directory_user_email',
  withoutRowid: true,
  columns: {
    user_id: primary(id()),
    position: primary(count()),
    value: key(255),
    value_key: key(255),
    type_key: optional(key(64)),
    is_primary: flag(),
  },
  indices: [{ name: 'ix_directory_user_email_value_key_user_id', columns: ['value_key', 'user_id'] }],
})

export type DirectoryExternalIdRow = {
  readonly object_id: string
  readonly client_id: string
  readonly object_kind: string
  readonly external_id: string
}

export const directoryExternalId = new EntitySchema<DirectoryExternalIdRow>({
  name: 'directory_external_id',
  tableName: 'directory_external_id',
  withoutRowid: true,
  columns: {
    object_id: primary(id()),
    client_id: primary(id()),
    object_kind: key(16),
    external_id: key(255),
  },
  indices: [
    {
      name: 'uq_directory_external_id_client_id_object_kind_external_id',
      columns: ['client_id', 'object_kind', 'external_id'],
      unique: true,
    },
  ],
})

export type DirectoryGroupRow = {
  readonly id: string
  readonly kind: string
  readonly built_in: number
  readonly name: string
  readonly name_key: string
  readonly code: string
  readonly description: string | null
  readonly version: number
  readonly created_at: number
  readonly updated_at: number
  /** The list that its members stand in. */
  readonly list_id: string
}

export const directoryGroup = new EntitySchema<DirectoryGroupRow>({
  name: 'directory_group',
  tableName: 'directory_group',
  columns: {
    id: primary(id()),
    kind: key(16),
    built_in: flag(),
    name: key(255),
    name_key: key(255),
    code: key(128),
    description: optional(longText()),
    version: count(),
    created_at: time(),
    updated_at: time(),
    list_id: id(),
  },
  indices: [
    { name: 'uq_directory_group_name_key', columns: ['name_key'], unique: true },
    { name: 'uq_directory_group_code', columns: ['code'], unique: true },
    { name: 'uq_directory_group_list_id', columns: ['list_id'], unique: true },
    { name: 'ix_directory_group_built_in_id', columns: ['built_in', 'id'] },
  ],
})

export type DirectoryMemberRow = {
  readonly list_id: string
  readonly member_id: string
  readonly member_kind: string
}

export const directoryMember = new EntitySchema<DirectoryMemberRow>({
  name: 'directory_member',
  tableName: 'directory_member',
  withoutRowid: true,
  columns: {
    list_id: primary(id()),
    member_id: primary(id()),
    member_kind: key(16),
  },
  indices: [{ name: 'ix_directory_member_member_id_list_id', columns: ['member_id', 'list_id'] }],
})

/** A list that is no group's: one that is being prepared, notes of changes, or one that was exchanged. */
export type DirectoryMemberListRow = {
  readonly id: string
  /** The group whose changes of members are noted in it, while a large change is prepared. */
  readonly group_id: string | null
  /** When it is purged, in the database's time. */
  readonly due_at: number
}

export const directoryMemberList = new EntitySchema<DirectoryMemberListRow>({
  name: 'directory_member_list',
  tableName: 'directory_member_list',
  columns: {
    id: primary(id()),
    group_id: optional(id()),
    due_at: time(),
  },
  indices: [
    { name: 'ix_directory_member_list_group_id', columns: ['group_id'] },
    { name: 'ix_directory_member_list_due_at', columns: ['due_at'] },
  ],
})

export type DirectoryTombstoneRow = {
  readonly object_id: string
  readonly object_kind: string
  readonly label: string
  readonly snapshot: string
  readonly deleted_at: number
  readonly expires_at: number
  readonly accounts_until: number | null
}

export const directoryTombstone = new EntitySchema<DirectoryTombstoneRow>({
  name: 'directory_tombstone',
  tableName: 'directory_tombstone',
  columns: {
    object_id: primary(id()),
    object_kind: key(16),
    label: key(255),
    snapshot: json(),
    deleted_at: time(),
    expires_at: time(),
    accounts_until: optional(time()),
  },
  indices: [
    { name: 'ix_directory_tombstone_expires_at', columns: ['expires_at'] },
    { name: 'ix_directory_tombstone_accounts_until', columns: ['accounts_until'] },
  ],
})
