import { z } from 'zod'
import type { ShownPassword } from '../../domain/access/password-state'

const neverExpires = z.boolean('Send true or false.').describe('Wins over the lifetime of the policy').exactOptional()

export const passwordDraft = z.strictObject({
  password: z.string('Send a text, or leave it out: then one is made.').describe('Absent: one is made').exactOptional(),
  neverExpires,
})
export const passwordChange = z.strictObject({ neverExpires: z.boolean('Send true or false.') })

const time = (at: number | undefined) => (at === undefined ? undefined : new Date(at).toISOString())

export const presentPassword = ({ changedAt, expiresAt, ...shown }: ShownPassword) => ({
  ...shown,
  changedAt: time(changedAt),
  expiresAt: time(expiresAt),
})
