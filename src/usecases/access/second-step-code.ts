import { randomInt } from 'node:crypto'
import { codeLimits, mailedCodes } from '../../domain/access/one-time-code'
import type { User } from '../../domain/directory/user'
import { DomainError, TooManyGuesses } from '../../domain/errors'
import type { MailAddress } from '../../domain/system/mail-address'
import { codeMail, mailLanguageOf, type MailLanguage } from '../../domain/system/mail-texts'
import type { Clock } from '../../ports/clock'
import type { Secrets } from '../../ports/secrets'
import type { Store } from '../../ports/store'
import { hasMailServer } from '../system/mail-settings'
import { queueMail } from '../system/queue-mail'

export type CodeDeps = {
  readonly store: Store
  readonly clock: Clock
  readonly secrets: Secrets
  readonly baseUrl: string
}

/** What is kept of a code: nobody who has read the database alone can try them all. */
export const codeMac = ({ secrets }: Pick<CodeDeps, 'secrets'>, idHash: string, code: string) =>
  secrets.mac('one-time code', `${idHash} ${code}`)

export type CodeRequest = {
  readonly idHash: string
  readonly user: User
  readonly address: MailAddress
  readonly purpose: 'signIn' | 'setUp'
  /** What the challenge is about; kept sealed. */
  readonly content: string
  readonly language: MailLanguage
}

/**
 * Mails a code of six digits, which a newer one of the same challenge replaces (S15).
 *
 * @throws DomainError mailNotConfigured; TooManyGuesses when he has had too many
 */
export async function mailCode(deps: CodeDeps, request: CodeRequest): Promise<void> {
  const { idHash, user, address, purpose, content, language } = request
  if (!(await hasMailServer(deps))) {
    throw new DomainError('mailNotConfigured', 'No mail server is set, so no code can be sent. Tell an administrator.')
  }
  const code = String(randomInt(1_000_000)).padStart(6, '0')
  const now = deps.clock.now()
  const { lifetimeMs } = codeLimits
  const facts = { baseUrl: deps.baseUrl, loginName: user.loginName, code, minutes: lifetimeMs / 60_000 }
  const mail = codeMail(mailLanguageOf(user.profile.preferredLanguage) ?? language, purpose, facts)
  const waitUntil = await deps.store.transact(async (tx) => {
    const until = await tx.guesses.add(`mailed code ${user.id}`, mailedCodes, now)
    if (until !== undefined) return until
    const mac = codeMac(deps, idHash, code)
    await tx.secondSteps.putChallenge({ idHash, userId: user.id, content, codeMac: mac, tries: 0, expiresAt: now + lifetimeMs })
    await queueMail(deps, tx, [address], mail, lifetimeMs)
    return undefined
  })
  if (waitUntil !== undefined) throw new TooManyGuesses(Math.max(1, Math.ceil((waitUntil - now) / 1000)))
}
