import { z } from 'zod'
import {
  complexities,
  profiles,
  warningsOf,
  type KeptSignInSettings,
  type SettingsWarning,
  type WantedSettings,
} from '../../domain/access/sign-in-settings'

const yesNo = z.boolean('Send true or false.').exactOptional()
const whole = (min: number, max: number) => {
  const mend = `Send a whole number from ${min} to ${max}.`
  return z.int(mend).min(min, mend).max(max, mend).exactOptional()
}
const wholeOrNull = (max: number) => {
  const mend = `Send a whole number from 1 to ${max}, or null.`
  return z.int(mend).min(1, mend).max(max, mend).nullable().exactOptional()
}
const message = z.string('Send a text.').max(2_000, 'Send at most 2,000 characters.').exactOptional()
/** Each value may be left out: then it is the profile's. */
const part = <Shape extends z.ZodRawShape>(shape: Shape) => z.strictObject(shape).exactOptional()

/** The whole of the settings; what is left out is as the profile says. */
export const signInSettingsDraft = z.strictObject({
  profile: z.enum(profiles, `Send one of ${profiles.join(', ')}.`).default('recommended'),
  simplification: part({
    completeLoginName: yesNo.describe('Browsers may offer login names'),
    savePassword: yesNo.describe('Browsers and password managers may keep login name and password'),
    autoSignIn: yesNo.describe('Who ticks it stays signed in when the browser is closed'),
    autoSignInHours: whole(1, 8_760).describe('For how long, from the sign-in'),
  }),
  password: part({
    usersMayChange: yesNo,
    changeTemporary: yesNo.describe('A password that an administrator set must be changed at the next sign-in'),
    usersMayReset: yesNo.describe('By mail'),
    minLength: whole(1, 128).describe('Binds only passwords that users set themselves'),
    minLengthForAdministrators: whole(1, 128).describe('Binds only passwords that common administrators set themselves'),
    complexity: z.enum(complexities, `Send one of ${complexities.join(', ')}.`).exactOptional(),
    mayEqualLoginName: yesNo,
    refuseCommon: yesNo.describe('Refuses common passwords, and those made of names that others know'),
    refusedWords: z
      .array(
        z.string('Send texts.').min(3, 'Send words of at least 3 characters.').max(64, 'Send at most 64 characters.'),
        'Send a list.',
      )
      .max(200, 'Send at most 200 words.')
      .exactOptional(),
    reuseLimit: whole(0, 24).describe('So many of the last passwords cannot be set again; 1 is the present one'),
    lifetimeDays: wholeOrNull(3_650).describe('From the change of the password; null for ever'),
  }),
  lockout: part({
    failures: wholeOrNull(100).describe('Locked out when consecutive failures exceed it; null: nobody is'),
    releaseMinutes: wholeOrNull(525_600).describe('null: not by time'),
  }),
  session: part({ lifetimeMinutes: whole(5, 43_200).describe('From the last access') }),
  failureMessage: part({ ja: message, en: message, zh: message }),
})

export function readSignInSettings(input: z.output<typeof signInSettingsDraft>): WantedSettings {
  const { profile, ...settings } = input
  return { profile, settings }
}

const warningTexts: Readonly<Record<SettingsWarning, string>> = {
  completeLoginName:
    'Who finds the sign-in page sees login names. Let only known addresses come to it, at the proxy in front of Kagami.',
  autoSignIn: 'Who finds a device finds it signed in. Let only known addresses come to Kagami, at the proxy in front of it.',
  lockoutForEver:
    'Whoever knows a login name can lock its user out until an administrator sets another password. Set lockout.releaseMinutes.',
}

export const presentSignInSettings = (kept: KeptSignInSettings) => ({
  profile: kept.profile,
  ...kept.settings,
  warnings: warningsOf(kept.settings).map((code) => ({ code, detail: warningTexts[code] })),
})
