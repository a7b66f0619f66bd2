import { DomainError, type DomainErrorCode } from '../../domain/errors'
import { InvalidSamlIdp } from '../saml/invalid-saml-idp'
import { InvalidInput, type FieldError } from './parse-input'

/** RFC 9457. `code` is for programs, `detail` for people: what is wrong and how to mend it. */
export type Problem = {
  readonly status: number
  readonly title: string
  readonly code: string
  readonly detail: string
  /** Which members of the body are wrong. */
  readonly errors?: readonly FieldError[]
}

/** A new error code does not compile until it has its row here. */
const statuses: Readonly<Record<DomainErrorCode, readonly [status: number, title: string]>> = {
  invalidLoginName: [400, 'Bad login name'],
  invalidAttribute: [400, 'Bad value'],
  loginNameTaken: [409, 'Login name taken'],
  groupNameTaken: [409, 'Group name taken'],
  externalIdTaken: [409, 'externalId taken'],
  clientNameTaken: [409, 'Client name taken'],
  userNotFound: [404, 'No such user'],
  groupNotFound: [404, 'No such group'],
  clientNotFound: [404, 'No such client'],
  tokenNotFound: [404, 'No such token'],
  sessionNotFound: [404, 'No such session'],
  jobNotFound: [404, 'No such job'],
  leaverNotFound: [404, 'No such leaver'],
  leaverAmbiguous: [409, 'Several leavers'],
  mailNotConfigured: [409, 'No mail server'],
  linkInvalid: [410, 'Link ended'],
  wrongCode: [401, 'Wrong code'],
  codeSpent: [410, 'Code ended'],
  noSuchMember: [400, 'No such member'],
  nestingCycle: [400, 'Groups would contain each other'],
  dynamicGroupMembers: [400, 'Members of a dynamic group'],
  builtInObject: [403, 'Built-in object'],
  versionMismatch: [412, 'Changed meanwhile'],
  notAllowed: [403, 'Not allowed'],
  addressNotAllowed: [403, 'Not from this address'],
  samlNotConfigured: [409, 'No identity provider'],
  samlNotTested: [409, 'Not tested'],
  samlLocked: [409, 'Set by the environment'],
  spKeyState: [409, 'Not possible with these keys'],
  signInNotFound: [404, 'No such sign-in'],
  passwordRefused: [400, 'Password refused'],
  wrongPassword: [401, 'Wrong password'],
  tooManyGuesses: [429, 'Too many wrong guesses'],
  storeBusy: [503, 'Busy'],
  storeUnavailable: [503, 'Database unavailable'],
}

/** What a failure is to a caller; undefined for a bug. */
export function presentProblem(error: unknown): Problem | undefined {
  if (error instanceof InvalidInput) {
    const detail = error.errors.map(({ field, detail }) => (field === '' ? detail : `${field}: ${detail}`)).join(' ')
    return { status: 400, title: 'Bad request', code: 'invalidInput', detail, errors: error.errors }
  }
  if (error instanceof InvalidSamlIdp) {
    return { status: 400, title: 'Identity provider refused', code: 'invalidSamlIdp', detail: `${error.message}.` }
  }
  if (!(error instanceof DomainError)) return undefined
  const [status, title] = statuses[error.code]
  return { status, title, code: error.code, detail: error.detail }
}
