import { EntitySchema } from 'typeorm'
import { count, id, json, key, longText, optional, primary, time } from './column'

export type AccessSecondStepRow = {
  readonly user_id: string
  readonly method: string
  readonly secret: string
  readonly last_step: number
  readonly since: number
  readonly recovery: string
}

export const accessSecondStep = new EntitySchema<AccessSecondStepRow>({
  name: 'access_second_step',
  tableName: 'access_second_step',
  columns: {
    user_id: primary(id()),
    method: key(16),
    secret: longText(),
    last_step: time(),
    since: time(),
    recovery: json(),
  },
})

export type AccessChallengeRow = {
  readonly id_hash: string
  readonly user_id: string
  readonly content: string
  readonly code_mac: string | null
  readonly tries: number
  readonly expires_at: number
}

export const accessChallenge = new EntitySchema<AccessChallengeRow>({
  name: 'access_challenge',
  tableName: 'access_challenge',
  columns: {
    id_hash: primary(key(64)),
    user_id: id(),
    content: longText(),
    code_mac: optional(key(64)),
    tries: count(),
    expires_at: time(),
  },
  indices: [
    { name: 'ix_access_challenge_expires_at', columns: ['expires_at'] },
    { name: 'ix_access_challenge_user_id', columns: ['user_id'] },
  ],
})
