import type { User } from '../directory/user'
import { domainOf, findMailAddress, type MailAddress } from '../system/mail-address'
import { foldCase } from '../text'

/** How long a link to a new password works, and how many a person gets within an hour (S17). */
export const resetLimits = { lifetimeMs: 30 * 60_000, perHour: 3 } as const

/**
 * Where a person's link goes: his primary address, as it is registered, never as somebody has typed it. Nowhere, when he has none that
 * mail can be sent to, or when he reads it only by the password that he has forgotten.
 *
 * @param mailDomain of our own mail system
 */
export function resetAddressOf({ profile }: Pick<User, 'profile'>, mailDomain: string): MailAddress | undefined {
  const emails = profile.emails ?? []
  const primary = emails.find((email) => email.primary === true) ?? emails[0]
  const address = primary && findMailAddress(primary.value)
  return address === undefined || domainOf(address) === mailDomain.toLowerCase() ? undefined : address
}

/** Is this what he has registered? As addresses are compared: case and width do not count. */
export const isSameAddress = (typed: string, registered: MailAddress) => foldCase(typed.trim()) === foldCase(registered)
