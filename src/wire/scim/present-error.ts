import { DomainError, type DomainErrorCode } from '../../domain/errors'
import { ScimError, type ScimType } from './scim-error'
import { errorUrn } from './urns'

type Answer = { readonly status: number; readonly scimType?: ScimType }

/** RFC 7644 §3.12. A new error code does not compile until it has its row here. */
const answers: Readonly<Record<DomainErrorCode, Answer>> = {
  invalidLoginName: { status: 400, scimType: 'invalidValue' },
  invalidAttribute: { status: 400, scimType: 'invalidValue' },
  loginNameTaken: { status: 409, scimType: 'uniqueness' },
  groupNameTaken: { status: 409, scimType: 'uniqueness' },
  externalIdTaken: { status: 409, scimType: 'uniqueness' },
  clientNameTaken: { status: 409, scimType: 'uniqueness' },
  userNotFound: { status: 404 },
  groupNotFound: { status: 404 },
  clientNotFound: { status: 404 },
  tokenNotFound: { status: 404 },
  sessionNotFound: { status: 404 },
  jobNotFound: { status: 404 },
  leaverNotFound: { status: 404 },
  leaverAmbiguous: { status: 409 },
  mailNotConfigured: { status: 409 },
  linkInvalid: { status: 410 },
  wrongCode: { status: 401 },
  codeSpent: { status: 410 },
  noSuchMember: { status: 400, scimType: 'invalidValue' },
  nestingCycle: { status: 400, scimType: 'invalidValue' },
  dynamicGroupMembers: { status: 400, scimType: 'mutability' },
  builtInObject: { status: 403 },
  versionMismatch: { status: 412 },
  notAllowed: { status: 403 },
  addressNotAllowed: { status: 403 },
  samlNotConfigured: { status: 409 },
  samlNotTested: { status: 409 },
  samlLocked: { status: 409 },
  spKeyState: { status: 409 },
  signInNotFound: { status: 404 },
  passwordRefused: { status: 400, scimType: 'invalidValue' },
  wrongPassword: { status: 401 },
  tooManyGuesses: { status: 429 },
  storeBusy: { status: 503 },
  storeUnavailable: { status: 503 },
}

export type ErrorAnswer = { readonly status: number; readonly body: Readonly<Record<string, unknown>> }

/** What a failure is to a client; undefined for a bug, of which a client is told only its request id. */
export function presentError(error: unknown): ErrorAnswer | undefined {
  if (error instanceof ScimError) return errorBody(error.status, error.scimType, error.detail)
  if (!(error instanceof DomainError)) return undefined
  const { status, scimType } = answers[error.code]
  return errorBody(status, scimType, error.detail)
}

export function errorBody(status: number, scimType: ScimType | undefined, detail: string): ErrorAnswer {
  return {
    status,
    body: { schemas: [errorUrn], status: String(status), ...(scimType === undefined ? {} : { scimType }), detail },
  }
}
