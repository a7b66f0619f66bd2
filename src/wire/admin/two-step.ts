import { z } from 'zod'
import type { UserId } from '../../domain/ids'

export const twoStepSettingsDraft = z.strictObject({
  administratorsMust: z
    .boolean('Send true or false.')
    .describe('Common administrators must use two steps when they use a password'),
})

type Shown = {
  readonly id: UserId
  readonly loginName: string
  readonly method?: 'mail' | 'totp'
  readonly since?: number
  readonly recoveryCodes?: number
}

/** Neither key nor codes nor address are told; recovery codes belong to an app. */
export const presentTwoStep = ({ id: userId, loginName, method, since, recoveryCodes }: Shown) => ({
  userId,
  loginName,
  isSet: method !== undefined,
  method,
  since: since === undefined ? undefined : new Date(since).toISOString(),
  recoveryCodesLeft: method === 'totp' ? recoveryCodes : undefined,
})
