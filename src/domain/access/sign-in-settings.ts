import type { Instant, Version } from '../brand'
import { DomainError } from '../errors'

/** What a password must be made of (複雑さ). Letters and digits are those of any script. */
export const complexities = ['none', 'lettersAndDigits', 'mixedCaseAndDigits', 'mixedCaseDigitsAndSymbols'] as const
export type Complexity = (typeof complexities)[number]

/** Every value of manual 001, 設定可能な項目と初期値 (S11). Those marked ¹ bind only passwords that users set themselves. */
export type PasswordPolicy = {
  readonly usersMayChange: boolean
  /** A password that an administrator set must be changed at the next sign-in. Only while users may change theirs. */
  readonly changeTemporary: boolean
  /** By mail. */
  readonly usersMayReset: boolean
  /** ¹ In characters (code points). */
  readonly minLength: number
  /** ¹ For common administrators. */
  readonly minLengthForAdministrators: number
  /** ¹ */
  readonly complexity: Complexity
  /** ¹ */
  readonly mayEqualLoginName: boolean
  /** ¹ Refuses common passwords, and those made of names that others know. */
  readonly refuseCommon: boolean
  /** ¹ Names of the organization and its products, beside those of its domain. */
  readonly refusedWords: readonly string[]
  /** So many of the last passwords cannot be set again; 1 is the present one. 0: every one can. */
  readonly reuseLimit: number
  /** From the change of the password, whenever the policy came; null: for ever. */
  readonly lifetimeDays: number | null
}

/** アカウントロックアウト (S12); built-in accounts are never locked. */
export type Lockout = {
  /** Locked when consecutive failures exceed it; null: nobody is locked out. */
  readonly failures: number | null
  /** null: not by time. */
  readonly releaseMinutes: number | null
}

/** What an administrator sets of the sign-in by password (S10–S14), as one JSON value. */
export type SignInSettings = {
  readonly simplification: {
    /** The browser offers login names. */
    readonly completeLoginName: boolean
    /** The browser or its password manager keeps login name and password. */
    readonly savePassword: boolean
    /** A session outlives the closed browser, for `autoSignInHours` from the sign-in. */
    readonly autoSignIn: boolean
    readonly autoSignInHours: number
  }
  readonly password: PasswordPolicy
  readonly lockout: Lockout
  /** From the last access. */
  readonly session: { readonly lifetimeMinutes: number }
  /** Shown under our own words when a sign-in failed; empty: that of the system's language. */
  readonly failureMessage: { readonly ja: string; readonly en: string; readonly zh: string }
}

/** `manual`: the first values of manual 001. `recommended`: those of an installation that says nothing. */
export const profiles = ['recommended', 'manual'] as const
export type Profile = (typeof profiles)[number]

const manual: SignInSettings = {
  simplification: { completeLoginName: false, savePassword: false, autoSignIn: false, autoSignInHours: 24 },
  password: {
    usersMayChange: true,
    changeTemporary: true,
    usersMayReset: true,
    minLength: 3,
    minLengthForAdministrators: 3,
    complexity: 'lettersAndDigits',
    mayEqualLoginName: false,
    refuseCommon: false,
    refusedWords: [],
    reuseLimit: 1,
    lifetimeDays: 365,
  },
  lockout: { failures: null, releaseMinutes: null },
  session: { lifetimeMinutes: 24 * 60 },
  failureMessage: { ja: '', en: '', zh: '' },
}

export const profileSettings: Readonly<Record<Profile, SignInSettings>> = {
  manual,
  recommended: {
    ...manual,
    // a long password of one's own for each site needs somebody who remembers it
    simplification: { ...manual.simplification, savePassword: true },
    password: {
      ...manual.password,
      minLength: 12,
      minLengthForAdministrators: 12,
      complexity: 'none',
      refuseCommon: true,
      lifetimeDays: null,
    },
  },
}

/** The settings as they are kept. */
export type KeptSignInSettings = {
  readonly version: Version
  /** What the values that an administrator did not name were taken from. */
  readonly profile: Profile
  readonly settings: SignInSettings
  /** Temporary passwords of before stay as they are: `changeTemporary` was switched on later. */
  readonly changeTemporarySince: Instant
}

export const firstSignInSettings: KeptSignInSettings = {
  version: 1 as Version,
  profile: 'recommended',
  settings: profileSettings.recommended,
  changeTemporarySince: 0,
}

export type SettingsWarning = 'completeLoginName' | 'autoSignIn' | 'lockoutForEver'

/** What may be set, but not without knowing it (manual 001, 認証の簡略化). */
export function warningsOf({ simplification, lockout }: SignInSettings): readonly SettingsWarning[] {
  return [
    ...(simplification.completeLoginName ? (['completeLoginName'] as const) : []),
    ...(simplification.autoSignIn ? (['autoSignIn'] as const) : []),
    ...(lockout.failures !== null && lockout.releaseMinutes === null ? (['lockoutForEver'] as const) : []),
  ]
}

/** Each part as far as it is named; the rest is the profile's. */
export type NamedSettings = { readonly [Part in keyof SignInSettings]?: Partial<SignInSettings[Part]> }

export type WantedSettings = { readonly profile: Profile; readonly settings: NamedSettings }

export function completeSettings(profile: Profile, named: NamedSettings): SignInSettings {
  const first = profileSettings[profile]
  return {
    simplification: { ...first.simplification, ...named.simplification },
    password: { ...first.password, ...named.password },
    lockout: { ...first.lockout, ...named.lockout },
    session: { ...first.session, ...named.session },
    failureMessage: { ...first.failureMessage, ...named.failureMessage },
  }
}

/** @throws DomainError invalidAttribute for values that cannot hold together */
export function checkSettings({ password }: SignInSettings): void {
  if (password.usersMayChange) return
  const needs = password.changeTemporary ? 'changeTemporary' : password.lifetimeDays === null ? undefined : 'lifetimeDays'
  if (needs === undefined) return
  const off = needs === 'changeTemporary' ? 'false' : 'null'
  throw new DomainError(
    'invalidAttribute',
    `password.${needs} needs users who may change their passwords. Set password.${needs} to ${off}, or password.usersMayChange to true.`,
  )
}
