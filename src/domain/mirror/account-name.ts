import type { AccountName } from './account'

/** Longest account name that chat and mail both carry. */
const maxLength = 64

/** Ejabberd's and our own: the suspension group, the API's user. */
const reserved = new Set(['suspended', 'apiadmin'])

/**
 * The name a person gets at the targets, made from the login name at the first mirror and never changed afterwards.
 *
 * @param organizationDomain `taro@DOMAIN` becomes `taro`; a login name of another domain has no account name of its own
 */
export function accountNameFor(
  loginName: string,
  organizationDomain: string,
): { readonly kind: 'name'; readonly name: AccountName } | { readonly kind: 'impossible'; readonly reason: string } {
  const lower = loginName.toLowerCase()
  const at = lower.lastIndexOf('@')
  if (at >= 0 && lower.slice(at + 1) !== organizationDomain) {
    return impossible(
      `The login name ${loginName} is of the domain ${lower.slice(at + 1)}, but accounts are made for ${organizationDomain}. Set KAGAMI_ORGANIZATION_DOMAIN, or change the login name.`,
    )
  }
  const name = at >= 0 ? lower.slice(0, at) : lower
  if (name.length > maxLength) {
    return impossible(
      `The account name ${name.slice(0, 80)} would be longer than ${maxLength} characters. Shorten the login name.`,
    )
  }
  if (!/^[a-z0-9._+-]+$/.test(name)) {
    return impossible(
      `Chat and mail carry only a-z, 0-9 and . _ + - in an account name, not ${JSON.stringify(name)}. Change the login name.`,
    )
  }
  if (reserved.has(name)) return impossible(`The account name ${name} is reserved by the chat server. Change the login name.`)
  return { kind: 'name', name: name as AccountName }
}

/** The other way round: whose account would have this name. */
export const loginNamesFor = (name: string, organizationDomain: string) => [name, `${name}@${organizationDomain}`]

const impossible = (reason: string) => ({ kind: 'impossible', reason }) as const
