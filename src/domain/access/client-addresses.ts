import ipaddr from 'ipaddr.js'
import { DomainError } from '../errors'

/** Networks in a form that an address is quickly held against. */
export type AddressRules = readonly (readonly [network: ipaddr.IPv4 | ipaddr.IPv6, bits: number])[]

const maxRules = 100

/**
 * Networks as an administrator writes them, in their one spelling: `192.0.2.7` is `192.0.2.7/32`, an IPv4 network written as IPv6 is
 * IPv4. What could mean something else than it seems to is refused: octal and short forms, and bits beyond the prefix.
 *
 * @throws DomainError invalidAttribute
 */
export function parseAllowedAddresses(texts: readonly string[]): readonly string[] {
  if (texts.length > maxRules) {
    throw new DomainError(
      'invalidAttribute',
      `A client has at most ${maxRules} allowed addresses. Join neighbours to one network.`,
    )
  }
  return [...new Set(texts.map((text) => spelled(parseRule(text))))]
}

/** Of the one spelling. */
export const addressRules = (spellings: readonly string[]): AddressRules => spellings.map((text) => ipaddr.parseCIDR(text))

/** May who calls from this address? An IPv4 address that comes in IPv6 clothes (`::ffff:192.0.2.1`) is IPv4. */
export function admits(rules: AddressRules, address: string): boolean {
  if (rules.length === 0) return true
  if (!ipaddr.isValid(address)) return false
  const caller = ipaddr.process(address)
  return rules.some(([network, bits]) => caller.kind() === network.kind() && caller.match(network, bits))
}

const spelled = ([network, bits]: AddressRules[number]) => `${network.toString()}/${bits}`

function parseRule(text: string): AddressRules[number] {
  const [host = '', prefix, more] = text.trim().split('/')
  const address = ipaddr.IPv4.isValidFourPartDecimal(host)
    ? ipaddr.IPv4.parse(host)
    : host.includes(':') && !host.includes('%') && ipaddr.IPv6.isValid(host)
      ? ipaddr.IPv6.parse(host)
      : undefined
  const length = address?.kind() === 'ipv4' ? 32 : 128
  const bits = prefix === undefined ? length : /^\d{1,3}$/.test(prefix) ? Number(prefix) : Infinity
  if (!address || more !== undefined || bits > length) {
    throw new DomainError(
      'invalidAttribute',
      `${text} is no address or network. Write for example 192.0.2.7, 192.0.2.0/24 or 2001:db8::/32.`,
    )
  }
  const network = networkOf(address, bits)
  if (network.toString() !== address.toString()) {
    throw new DomainError(
      'invalidAttribute',
      `${text} names an address inside a network. Write ${network.toString()}/${bits} for the network, or ${host} for the address alone.`,
    )
  }
  return address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress() && bits >= 96
    ? [address.toIPv4Address(), bits - 96]
    : [address, bits]
}

const networkOf = (address: ipaddr.IPv4 | ipaddr.IPv6, bits: number) =>
  address instanceof ipaddr.IPv4
    ? ipaddr.IPv4.networkAddressFromCIDR(`${address.toString()}/${bits}`)
    : ipaddr.IPv6.networkAddressFromCIDR(`${address.toString()}/${bits}`)
