import { DomainError } from '../errors'
import { foldCase } from '../text'
import { isGuessable, wordsIn } from './password-guess'
import { ruleText } from './password-texts'
import type { Complexity, PasswordPolicy } from './sign-in-settings'

/** What mail and chat servers take, with room in a line of their protocols. */
export const maxPasswordBytes = 1_024

/** A rule of S11 that a new password breaks, with what it asks for. */
export type PasswordRule =
  | { readonly rule: 'tooShort'; readonly min: number }
  | { readonly rule: 'tooLong'; readonly maxBytes: number }
  | { readonly rule: 'unusable' }
  | { readonly rule: 'complexity'; readonly complexity: Exclude<Complexity, 'none'> }
  | { readonly rule: 'loginName' }
  | { readonly rule: 'guessable' }
  | { readonly rule: 'reused'; readonly limit: number }

/** A password that breaks the policy. `detail` says in English which rules. */
export class PasswordRefused extends DomainError {
  constructor(readonly rules: readonly PasswordRule[]) {
    super('passwordRefused', rules.map((rule) => ruleText(rule).en).join(' '))
  }
}

/** Whose password it shall be. */
export type PasswordOwner = {
  readonly loginName: string
  readonly emails: readonly string[]
  readonly administrator: boolean
}

/** The rules that a password which its user sets himself has to keep, in the order in which they are told. */
export function rulesFor(policy: PasswordPolicy, administrator: boolean): readonly PasswordRule[] {
  const { complexity, reuseLimit } = policy
  return [
    { rule: 'tooShort', min: administrator ? policy.minLengthForAdministrators : policy.minLength },
    ...(complexity === 'none' ? [] : [{ rule: 'complexity', complexity } as const]),
    ...(policy.mayEqualLoginName ? [] : [{ rule: 'loginName' } as const]),
    ...(policy.refuseCommon ? [{ rule: 'guessable' } as const] : []),
    ...(reuseLimit > 0 ? [{ rule: 'reused', limit: reuseLimit } as const] : []),
  ]
}

/** What holds for every password, whoever sets it. */
export function unusable(password: string): readonly PasswordRule[] {
  const isLong = Buffer.byteLength(password.normalize('NFC')) > maxPasswordBytes
  return [
    ...(isLong ? [{ rule: 'tooLong', maxBytes: maxPasswordBytes } as const] : []),
    // NUL ends a password in the protocols of mail; half a character has no bytes
    ...(/[\p{Cc}\p{Cs}]/u.test(password) ? [{ rule: 'unusable' } as const] : []),
    ...(password === '' ? [{ rule: 'tooShort', min: 1 } as const] : []),
  ]
}

/**
 * The rules that a password breaks which its user sets himself, but for its reuse, which only the hashes know.
 *
 * @param words names of the organization and of the product
 */
export function brokenRules(
  policy: PasswordPolicy,
  owner: PasswordOwner,
  words: readonly string[],
  password: string,
): readonly PasswordRule[] {
  const never = unusable(password)
  if (never.length > 0) return never
  return rulesFor(policy, owner.administrator).filter((rule) => breaks(rule, owner, [...words, ...policy.refusedWords], password))
}

function breaks(rule: PasswordRule, owner: PasswordOwner, words: readonly string[], password: string): boolean {
  switch (rule.rule) {
    case 'tooShort':
      return lengthOf(password) < rule.min
    case 'complexity':
      return !complexityPatterns[rule.complexity].every((pattern) => pattern.test(password.normalize('NFC')))
    case 'loginName':
      return foldCase(password) === foldCase(owner.loginName)
    case 'guessable':
      return isGuessable(password, wordsIn([owner.loginName, ...owner.emails.map(localPart), ...words]))
    case 'reused':
    case 'tooLong':
    case 'unusable':
      return false
  }
}

/** In characters as people count them, more or less: code points, é as one. */
const lengthOf = (password: string) => [...password.normalize('NFC')].length

const complexityPatterns: Readonly<Record<Exclude<Complexity, 'none'>, readonly RegExp[]>> = {
  lettersAndDigits: [/\p{L}/u, /\p{Nd}/u],
  mixedCaseAndDigits: [/\p{Lu}/u, /\p{Ll}/u, /\p{Nd}/u],
  mixedCaseDigitsAndSymbols: [/\p{Lu}/u, /\p{Ll}/u, /\p{Nd}/u, /[^\p{L}\p{Nd}]/u],
}

const localPart = (address: string) => address.split('@', 1)[0]!

/** The words of the installation: the product's name, and those of the organization's domains (`example` of `example.co.jp`). */
export const wordsOfInstallation = (domains: readonly (string | undefined)[]): readonly string[] => [
  'kagami',
  ...domains.flatMap((domain) => domain?.split('.').slice(0, -1) ?? []).filter((label) => label.length > 2),
]
