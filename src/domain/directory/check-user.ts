import { DomainError } from '../errors'
import { foldCase } from '../text'
import { parseLoginName } from './login-name'
import type { UserAttributes } from './user'

/** Longest names and addresses, in characters, also in the folded form by which they are found (index keys of MySQL). */
const maxLength = 255

/** @throws DomainError invalidLoginName, invalidAttribute naming what is too long */
export function checkUserAttributes(user: UserAttributes): void {
  parseLoginName(user.loginName)
  checkKeyLength('userName', user.loginName, 191)
  checkKeyLength('displayName', user.displayName)
  checkKeyLength('name.familyName', user.familyName)
  checkKeyLength('name.givenName', user.givenName)
  checkKeyLength('externalId', user.externalId)
  for (const email of user.profile.emails ?? []) {
    checkKeyLength('emails.value', email.value)
    checkKeyLength('emails.type', email.type, 64)
  }
}

/** NFKC can make a text longer: ㍿ becomes four characters. */
export function checkKeyLength(attribute: string, value: string | undefined, max = maxLength): void {
  if (value !== undefined && Math.max(value.length, foldCase(value).length) > max) {
    throw new DomainError('invalidAttribute', `${attribute} is longer than ${max} characters. Send a shorter one.`)
  }
}
