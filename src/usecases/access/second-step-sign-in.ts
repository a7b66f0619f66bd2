import { randomBytes, timingSafeEqual } from 'node:crypto'
import { codeLimits, isSixDigits, readCode } from '../../domain/access/one-time-code'
import type { MustChange } from '../../domain/access/password-state'
import { totpStep } from '../../domain/access/totp'
import type { User } from '../../domain/directory/user'
import { DomainError } from '../../domain/errors'
import type { MailAddress } from '../../domain/system/mail-address'
import type { MailLanguage } from '../../domain/system/mail-texts'
import type { Passwords } from '../../ports/passwords'
import type { Challenge, SecondStep } from '../../ports/store/second-steps'
import { beginSession, failedSignIn, sessionHash, type From, type NewSession } from './begin-session'
import { checkPassword, wrongPassword, type CheckedPassword, type PasswordFacts } from './check-password'
import { maySignInByPassword } from './saml-password-rule'
import { codeMac, mailCode, type CodeDeps } from './second-step-code'
import { findSignInSettings } from './sign-in-settings'

/** What became of a sign-in. Of a session that must change its password first, nothing else is heard. */
export type SignIn = ({ readonly kind: 'in' } | { readonly kind: 'mustChange'; readonly why: MustChange }) & {
  readonly session: NewSession
  /** The browser keeps the session for so long when it is closed (S10); absent: not at all. */
  readonly keptSeconds?: number
}

/** The password was right; a code is to follow. The value is the browser's alone, and only its hash is kept. */
export type HalfSignIn = { readonly kind: 'secondStep'; readonly cookie: string }

type Content = { readonly facts: PasswordFacts; readonly remember: boolean; readonly returnTo: string }

/**
 * Signs in with the local password (S32), and asks who has a second step for it (S15). No session begins before. Unknown, wrong, without
 * password, locked out and suspended answer alike and in equal time.
 *
 * @throws DomainError wrongPassword, mailNotConfigured; TooManyGuesses when too many codes were mailed
 */
export async function signInInSteps(
  deps: CodeDeps & { readonly passwords: Passwords },
  from: From,
  { loginName, password, remember = false, returnTo, language }: SignInForm,
): Promise<SignIn | HalfSignIn> {
  const checked = await checkPassword(deps, from, loginName, password)
  const step = await deps.store.read.secondSteps.find(checked.user.id)
  // who may not sign in by password is refused as if it was wrong, and mailed nothing
  const isAsked = step && (await maySignInByPassword(deps, checked.user.id))
  if (!isAsked) return begin(deps, from, checked, remember)
  const cookie = randomBytes(32).toString('base64url')
  const idHash = sessionHash(cookie)
  const { user, facts } = checked
  const content = JSON.stringify({ facts, remember, returnTo } satisfies Content)
  if (step.method === 'mail' && step.secret !== undefined) {
    await mailCode(deps, { idHash, user, address: step.secret as MailAddress, purpose: 'signIn', content, language })
  } else {
    const expiresAt = deps.clock.now() + codeLimits.lifetimeMs
    await deps.store.transact((tx) => tx.secondSteps.putChallenge({ idHash, userId: user.id, content, tries: 0, expiresAt }))
  }
  return { kind: 'secondStep', cookie }
}

export type SignInForm = {
  readonly loginName: string
  readonly password: string
  readonly remember?: boolean
  readonly returnTo: string
  readonly language: MailLanguage
}

export type HalfWay = { readonly user: User; readonly step: SecondStep; readonly challenge: Challenge; readonly returnTo: string }

/** The sign-in that this browser has begun; undefined when there is none, or it is over. */
export async function findHalfWay(deps: CodeDeps, cookie: string | undefined): Promise<HalfWay | undefined> {
  const { secondSteps, users } = deps.store.read
  const challenge = cookie === undefined ? undefined : await secondSteps.findChallenge(sessionHash(cookie))
  if (!challenge || challenge.expiresAt <= deps.clock.now()) return undefined
  const [user, step] = await Promise.all([users.find(challenge.userId, undefined), secondSteps.find(challenge.userId)])
  return user && step ? { user, step, challenge, returnTo: contentOf(challenge).returnTo } : undefined
}

const contentOf = ({ content }: Challenge) => JSON.parse(content) as Content

/** Another mail, whose code replaces the one before. @throws DomainError mailNotConfigured; TooManyGuesses */
export async function mailAnotherCode(deps: CodeDeps, { user, step, challenge }: HalfWay, language: MailLanguage): Promise<void> {
  if (step.method !== 'mail' || step.secret === undefined) return
  const { idHash, content } = challenge
  await mailCode(deps, { idHash, user, address: step.secret as MailAddress, purpose: 'signIn', content, language })
}

/**
 * Opens the session when the code is right: one of the app, one that was mailed, or one for a lost phone. Each works once, on whichever
 * node, also when it comes twice at the same moment.
 *
 * @throws DomainError wrongCode; codeSpent when it was tried too often or the sign-in is over
 */
export async function confirmSecondStep(deps: CodeDeps, from: From, halfWay: HalfWay, typed: string): Promise<SignIn> {
  const { user, step, challenge } = halfWay
  const { idHash } = challenge
  const now = deps.clock.now()
  const code = readCode(typed)
  const isCounted = await deps.store.transact((tx) => tx.secondSteps.countTry(idHash, now, codeLimits.tries))
  if (!isCounted) throw spent()
  const proof = isSixDigits(code) ? proofOf(deps, step, challenge, code) : { recovery: recoveryMac(deps, user, code) }
  const isRight = await deps.store.transact(async (tx) => {
    const { secondSteps } = tx
    const isProved =
      proof !== undefined &&
      ('totp' in proof
        ? await secondSteps.useStep(user.id, proof.totp)
        : 'recovery' in proof
          ? await secondSteps.useRecovery(user.id, proof.recovery)
          : true)
    if (!isProved) {
      await tx.record(failedSignIn(from, 'login', user.loginName))
      return false
    }
    if (!(await secondSteps.takeChallenge(idHash))) throw spent()
    return true
  })
  if (!isRight) throw wrongCode()
  const { facts, remember } = contentOf(challenge)
  return begin(deps, from, { user, facts } satisfies CheckedPassword, remember)
}

type Proof = { readonly totp: number } | { readonly recovery: string } | { readonly mail: true }

function proofOf(deps: CodeDeps, step: SecondStep, { idHash, codeMac: kept }: Challenge, code: string): Proof | undefined {
  if (step.method === 'totp') {
    const used = step.secret && totpStep(step.secret, code, deps.clock.now(), step.lastStep)
    return used ? { totp: used } : undefined
  }
  return kept !== undefined && isSameMac(kept, codeMac(deps, idHash, code)) ? { mail: true } : undefined
}

export const isSameMac = (a: string, b: string) => a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b))

/**
 * After the right password, and what else was asked for; nothing but the two above opens a session by password.
 *
 * @throws DomainError wrongPassword for who was suspended meanwhile
 */
async function begin(deps: CodeDeps, from: From, { user, facts }: CheckedPassword, remember: boolean): Promise<SignIn> {
  const { simplification } = (await findSignInSettings(deps.store.read)).settings
  const remembered = remember && simplification.autoSignIn
  const { passwordAt, mustChange: why } = facts
  const passwordExpired = why === 'expired'
  const session = await beginSession(deps, from, user, { method: 'password', passwordAt, passwordExpired, remembered })
  if (!session) {
    await deps.store.transact((tx) => tx.record(failedSignIn(from, 'login', user.loginName)))
    throw wrongPassword()
  }
  return {
    ...(why === undefined ? { kind: 'in' } : { kind: 'mustChange', why }),
    session,
    ...(remembered && { keptSeconds: simplification.autoSignInHours * 3600 }),
  }
}

/** What is kept of a code for a lost phone. */
export const recoveryMac = ({ secrets }: Pick<CodeDeps, 'secrets'>, { id }: Pick<User, 'id'>, code: string) =>
  secrets.mac('recovery code', `${id} ${code}`)

export const wrongCode = () => new DomainError('wrongCode', 'The code is wrong, or was used already.')
export const spent = () => new DomainError('codeSpent', 'This code was tried too often, or is too old. Ask for a new one.')
