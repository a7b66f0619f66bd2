import type { Brand } from '../brand'
import { DomainError } from '../errors'

/** The name a user signs in with: SCIM `userName`, SAML NameID. Kept as written, compared by its folded key. */
export type LoginName = Brand<string, 'LoginName'>

const forbidden = /[\\[\]":;<>,/]/
const control = /\p{Cc}/u
const outerSpace = /^[ \u3000]|[ \u3000]$/

/** Longest login name, in characters: an index key of MySQL's utf8mb4 must hold it. */
export const maxLoginNameLength = 191

/**
 * @throws DomainError invalidLoginName (001, ログイン名; D2): none of `\ [ ] " : ; < > , /`, no leading or trailing half- or
 * full-width space.
 */
export function parseLoginName(text: string): LoginName {
  const refuse = (why: string) =>
    new DomainError('invalidLoginName', `The login name ${JSON.stringify(text.slice(0, 80))} ${why}`)
  if (text.length === 0) throw refuse('is empty. Send the name the user signs in with.')
  if (text.length > maxLoginNameLength) throw refuse(`is longer than ${maxLoginNameLength} characters. Send a shorter one.`)
  const found = forbidden.exec(text)
  if (found) throw refuse(`contains ${found[0]}. Leave out all of \\ [ ] " : ; < > , /`)
  if (control.test(text)) throw refuse('contains a control character. Leave it out.')
  if (outerSpace.test(text)) throw refuse('begins or ends with a space. Cut it off.')
  return text as LoginName
}
