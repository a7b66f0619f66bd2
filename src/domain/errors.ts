/**
 * What a caller may be told of. Each edge owns one table from `code` to its own words (SCIM, API, CLI); a new code does not
 * compile until it has its row there.
 */
export type DomainErrorCode =
  | 'invalidLoginName'
  | 'invalidAttribute'
  | 'loginNameTaken'
  | 'groupNameTaken'
  | 'externalIdTaken'
  | 'userNotFound'
  | 'groupNotFound'
  | 'noSuchMember'
  | 'nestingCycle'
  | 'dynamicGroupMembers'
  | 'builtInObject'
  | 'versionMismatch'
  | 'notAllowed'
  | 'clientNotFound'
  | 'tokenNotFound'
  | 'sessionNotFound'
  | 'clientNameTaken'
  | 'addressNotAllowed'
  | 'jobNotFound'
  | 'leaverNotFound'
  | 'leaverAmbiguous'
  | 'samlNotConfigured'
  | 'samlNotTested'
  | 'samlLocked'
  | 'spKeyState'
  | 'signInNotFound'
  | 'mailNotConfigured'
  | 'linkInvalid'
  | 'wrongCode'
  | 'codeSpent'
  | 'passwordRefused'
  | 'wrongPassword'
  | 'tooManyGuesses'
  | 'storeBusy'
  | 'storeUnavailable'

/** A failure with a cause and a mend in plain words: `detail` is shown to the caller, so it names nothing of our inside. */
export class DomainError extends Error {
  override readonly name = 'DomainError'

  constructor(
    readonly code: DomainErrorCode,
    readonly detail: string,
    options?: ErrorOptions,
  ) {
    super(`${code}: ${detail}`, options)
  }
}

/** Wrong guesses came one after the other: the next is heard later. */
export class TooManyGuesses extends DomainError {
  constructor(readonly retryAfterSeconds: number) {
    super('tooManyGuesses', `Too many wrong guesses. Wait ${retryAfterSeconds} s, then try again.`)
  }
}
