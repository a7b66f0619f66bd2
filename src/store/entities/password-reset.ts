import { EntitySchema } from 'typeorm'
import { count, id, key, optional, primary, time } from './column'

export type AccessPasswordResetRow = {
  readonly user_id: string
  readonly token_hash: string | null
  readonly address: string
  readonly expires_at: number
  readonly hour_at: number
  readonly sent: number
}

export const accessPasswordReset = new EntitySchema<AccessPasswordResetRow>({
  name: 'access_password_reset',
  tableName: 'access_password_reset',
  columns: {
    user_id: primary(id()),
    token_hash: optional(key(64)),
    address: key(255),
    expires_at: time(),
    hour_at: time(),
    sent: count(),
  },
  indices: [
    { name: 'uq_access_password_reset_token_hash', columns: ['token_hash'], unique: true },
    { name: 'ix_access_password_reset_hour_at', columns: ['hour_at'] },
  ],
})
