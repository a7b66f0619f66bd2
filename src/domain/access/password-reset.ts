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

/** Is this what he has registered? As addresses are compared: case, width and the spelling of a domain in punycode do not count. */
export const isSameAddress = (typed: string, registered: MailAddress) =>
  foldCase(findMailAddress(typed.trim()) ?? typed.trim()) === foldCase(registered)

/**
 * Are the codes of this second step read where the link to a new password goes? Then who reads that mailbox has both. Where it cannot be
 * told, they are.
 */
export const isOneMailbox = (step: { readonly method: string; readonly secret?: string } | undefined, address: MailAddress) =>
  step?.method === 'mail' && (step.secret === undefined || isSameAddress(step.secret, address))
