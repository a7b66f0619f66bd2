import { randomBytes } from 'node:crypto'
import type { Actor } from '../../domain/access/actor'
import { codeLimits, isSixDigits, readCode, recoveryCodes } from '../../domain/access/one-time-code'
import { isSameAddress } from '../../domain/access/password-reset'
import { base32, totpStep } from '../../domain/access/totp'
import { DomainError } from '../../domain/errors'
import type { User } from '../../domain/directory/user'
import type { UserId } from '../../domain/ids'
import { parseMailAddress, type MailAddress } from '../../domain/system/mail-address'
import type { MailLanguage } from '../../domain/system/mail-texts'
import type { Passwords } from '../../ports/passwords'
import type { Tx } from '../../ports/store'
import type { Session } from '../../ports/store/access'
import type { SecondStep } from '../../ports/store/second-steps'
import type { From } from './begin-session'
import { codeMac, mailCode, type CodeDeps } from './second-step-code'
import { isSameMac, recoveryMac, spent, wrongCode } from './second-step-sign-in'

type Deps = CodeDeps & { readonly passwords: Passwords }

/** An open browser alone must not be enough to change how somebody signs in. @throws DomainError wrongPassword */
export async function requirePassword(deps: Deps, session: Session, password: string): Promise<void> {
  const row = await deps.store.read.passwords.find(session.userId)
  if (!(await deps.passwords.verify(row?.argon2, password))) {
    throw new DomainError('wrongPassword', 'The current password is wrong.')
  }
}

/**
 * Mails a code to the address that codes shall go to from now on (S15); it is used when the code was entered.
 *
 * @throws DomainError wrongPassword, invalidAttribute, mailNotConfigured; TooManyGuesses
 */
export async function askForMailStep(
  deps: Deps,
  session: Session,
  password: string,
  typed: string,
  language: MailLanguage,
): Promise<void> {
  await requirePassword(deps, session, password)
  const address = parseMailAddress(typed)
  const user = await getUser(deps, session)
  const known = [user.loginName, ...(user.profile.emails ?? []).map(({ value }) => value)]
  if (known.some((one) => isSameAddress(one, address))) {
    throw new DomainError(
      'invalidAttribute',
      'Use another address than the one you sign in by, or that your password is reset by.',
    )
  }
  await mailCode(deps, { idHash: setUpId(session), user, address, purpose: 'setUp', content: address, language })
}

/** @throws DomainError wrongCode, codeSpent */
export async function confirmMailStep(deps: Deps, session: Session, from: From, typed: string): Promise<void> {
  const idHash = setUpId(session)
  const challenge = await deps.store.read.secondSteps.findChallenge(idHash)
  const now = deps.clock.now()
  const isCounted = await deps.store.transact((tx) => tx.secondSteps.countTry(idHash, now, codeLimits.tries))
  if (!challenge || !isCounted) throw spent()
  if (!isSameMac(challenge.codeMac ?? '', codeMac(deps, idHash, readCode(typed)))) throw wrongCode()
  const step = {
    userId: session.userId,
    method: 'mail',
    secret: challenge.content,
    lastStep: 0,
    since: now,
    recovery: [],
  } as const
  await deps.store.transact(async (tx) => {
    if (!(await tx.secondSteps.takeChallenge(idHash))) throw spent()
    await switchOn(tx, session, from, step)
  })
}

const setUpId = (session: Session) => `${session.idHash.slice(0, 58)}-setup`

/** A new key for an authenticator app, sealed for this session until a code of it was shown. @throws DomainError wrongPassword */
export async function draftTotp(
  deps: Deps,
  session: Session,
  password: string,
): Promise<{ readonly secret: string; readonly draft: string }> {
  await requirePassword(deps, session, password)
  const secret = base32(randomBytes(20))
  return { secret, draft: deps.secrets.seal(draftPurpose(session), secret) }
}

const draftPurpose = ({ idHash }: Session) => `TOTP draft ${idHash}`

/** The key of a draft of this session. @throws DomainError codeSpent */
export function openDraft(deps: Deps, session: Session, draft: string): string {
  const secret = deps.secrets.open(draftPurpose(session), draft)
  if (secret === undefined) throw spent()
  return secret
}

/**
 * Two steps with an authenticator app from now on; his other sessions end.
 *
 * @returns codes for a lost phone, this once
 * @throws DomainError wrongCode, codeSpent
 */
export async function confirmTotp(
  deps: Deps,
  session: Session,
  from: From,
  draft: string,
  typed: string,
): Promise<readonly string[]> {
  const secret = openDraft(deps, session, draft)
  const now = deps.clock.now()
  const code = readCode(typed)
  const lastStep = isSixDigits(code) ? totpStep(secret, code, now, 0) : undefined
  if (lastStep === undefined) throw wrongCode()
  const codes = Array.from({ length: recoveryCodes }, () => base32(randomBytes(10)).slice(0, 10))
  const recovery = codes.map((one) => recoveryMac(deps, { id: session.userId }, one))
  const step = { userId: session.userId, method: 'totp', secret, lastStep, since: now, recovery } as const
  await deps.store.transact((tx) => switchOn(tx, session, from, step))
  return codes.map((one) => `${one.slice(0, 5)}-${one.slice(5)}`)
}

async function switchOn(tx: Tx, session: Session, from: From, step: SecondStep & { readonly secret: string }): Promise<void> {
  await tx.secondSteps.put(step)
  await tx.sessions.deleteOf(session.userId, session.idHash)
  await tx.record({
    actor: actorOf(session, from),
    action: 'set two-step sign-in',
    object: { kind: 'user', id: session.userId, label: session.loginName },
    detail: { method: step.method, ...(step.method === 'mail' ? { email: step.secret } : {}) },
  })
}

/** The password alone is enough again (S15). @throws DomainError wrongPassword */
export async function stopTwoStep(deps: Deps, session: Session, from: From, password: string): Promise<void> {
  await requirePassword(deps, session, password)
  await remove(deps, actorOf(session, from), session.userId, session.loginName, 'stop two-step sign-in')
}

export async function remove(
  deps: Pick<Deps, 'store'>,
  actor: Actor,
  id: UserId,
  label: string,
  action: string,
): Promise<boolean> {
  return deps.store.transact(async (tx) => {
    const removed = await tx.secondSteps.delete(id)
    if (removed) await tx.record({ actor, action, object: { kind: 'user', id, label } })
    return removed
  })
}

async function getUser(deps: Deps, { userId }: Session): Promise<User> {
  const user = await deps.store.read.users.find(userId, undefined)
  if (!user) throw new DomainError('userNotFound', 'There is no such user any more.')
  return user
}

export const codesGoTo = (step: SecondStep | undefined) =>
  step?.method === 'mail' ? (step.secret as MailAddress | undefined) : undefined

const actorOf = ({ userId, loginName: name, administrator }: Session, { address, requestId }: From): Actor => ({
  kind: 'user',
  userId,
  name,
  administrator,
  ...(address === undefined ? {} : { address }),
  ...(requestId === undefined ? {} : { requestId }),
})
