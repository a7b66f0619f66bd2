import { createHash, randomBytes } from 'node:crypto'
import { isOneMailbox, isSameAddress, resetAddressOf, resetLimits } from '../../domain/access/password-reset'
import type { User } from '../../domain/directory/user'
import type { MailAddress } from '../../domain/system/mail-address'
import { mailLanguageOf, resetMail, type MailLanguage } from '../../domain/system/mail-texts'
import type { MirrorSettings } from '../../domain/mirror/plan-account'
import type { Clock } from '../../ports/clock'
import type { Store } from '../../ports/store'
import { hasMailServer } from '../system/mail-settings'
import { queueMail } from '../system/queue-mail'
import type { From } from './begin-session'
import { findSignInSettings } from './sign-in-settings'

export type ResetDeps = {
  readonly store: Store
  readonly clock: Clock
  readonly settings: MirrorSettings
  readonly baseUrl: string
}

/** What is kept of a link. */
export const resetHash = (token: string) => createHash('sha256').update(token).digest('hex')

/** The page that a link leads to; looking at it uses nothing up, for mail scanners do that. */
export const resetPath = '/reset/new'

/** Is there a way to reset a password by mail: does the policy let people (S11), and is there a mail server? */
export async function mayReset(deps: Pick<ResetDeps, 'store'>): Promise<boolean> {
  const { settings } = await findSignInSettings(deps.store.read)
  return settings.password.usersMayReset && (await hasMailServer(deps))
}

/**
 * Mails a link to who has this address as his registered one, and nobody else has (S17), unless the codes of his second step are mailed
 * there: one mailbox would be enough to sign in. Tells nothing: who asks must not learn whether
 * there is such an address. The audit log tells.
 *
 * @param language of the page; the person's own goes before
 */
export async function requestPasswordReset(deps: ResetDeps, from: From, typed: string, language: MailLanguage): Promise<void> {
  if (!(await mayReset(deps))) return
  const { holder, reason } = await holderOf(deps, typed)
  if (!holder) return fail(deps, from, typed, reason)
  const { user, address } = holder
  const token = randomBytes(32).toString('base64url')
  const now = deps.clock.now()
  const reset = { userId: user.id, tokenHash: resetHash(token), address, expiresAt: now + resetLimits.lifetimeMs }
  const mail = resetMail(mailLanguageOf(user.profile.preferredLanguage) ?? language, {
    baseUrl: deps.baseUrl,
    loginName: user.loginName,
    link: `${deps.baseUrl}${resetPath}?token=${token}`,
    minutes: resetLimits.lifetimeMs / 60_000,
  })
  await deps.store.transact(async (tx) => {
    if (!(await tx.resets.put(reset, now, resetLimits.perHour))) return
    await queueMail(deps, tx, [address], mail, resetLimits.lifetimeMs)
    await tx.record({
      actor: actorFrom(from),
      action: 'send password reset mail',
      object: { kind: 'user', id: user.id, label: user.loginName },
      detail: { email: address },
    })
  })
}

type Holder = { readonly user: User; readonly address: MailAddress }
type Found = { readonly holder?: Holder; readonly reason: 'unregistered' | 'duplicated' | 'sameMailbox' }

/** Whose password may be reset by mail to this address. */
async function holderOf({ store, settings }: ResetDeps, typed: string): Promise<Found> {
  const [id, another] = typed.length > 320 ? [] : await store.read.resets.holders(typed.trim())
  if (another !== undefined) return { reason: 'duplicated' }
  const user = id && (await store.read.users.find(id, undefined))
  const address = user && user.status === 'inUse' ? resetAddressOf(user, settings.mailDomain) : undefined
  // who has no password of ours signs in by an identity provider: mail is no way around it
  const hasPassword = user && (await store.read.passwords.find(user.id)) !== undefined
  if (!user || !hasPassword || address === undefined || !isSameAddress(typed, address)) return { reason: 'unregistered' }
  if (isOneMailbox(await store.read.secondSteps.find(user.id), address)) return { reason: 'sameMailbox' }
  return { holder: { user, address }, reason: 'unregistered' }
}

async function fail(deps: ResetDeps, from: From, typed: string, reason: Found['reason']): Promise<void> {
  await deps.store.transact((tx) =>
    tx.record({
      actor: actorFrom(from),
      action: 'send password reset mail',
      result: 'FAILED',
      object: { kind: 'user', label: typed.slice(0, 255) },
      detail: { email: typed.slice(0, 255), reason },
    }),
  )
}

export const actorFrom = ({ address, requestId }: From) => ({
  kind: 'system' as const,
  name: 'password reset',
  ...(address === undefined ? {} : { address }),
  ...(requestId === undefined ? {} : { requestId }),
})
