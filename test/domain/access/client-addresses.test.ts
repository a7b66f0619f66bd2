import { addressRules, admits, parseAllowedAddresses } from '../../../src/domain/access/client-addresses'

describe('parseAllowedAddresses', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7/32'],
    [' 192.0.2.0/24 ', '192.0.2.0/24'],
    ['0.0.0.0/0', '0.0.0.0/0'],
    ['2001:DB8:0::/32', '2001:db8::/32'],
    ['2001:db8::1', '2001:db8::1/128'],
    ['::/0', '::/0'],
    ['::ffff:192.0.2.0/120', '192.0.2.0/24'],
    ['::ffff:192.0.2.7', '192.0.2.7/32'],
  ])('spells %s as %s', (text, spelled) => {
    expect(parseAllowedAddresses([text, text])).toEqual([spelled])
  })

  it.each([
    ['', 'is no address'],
    ['kagami.example', 'is no address'],
    ['10.1', 'is no address'],
    ['10.1/16', 'is no address'],
    ['010.1.2.3', 'is no address'],
    ['0x0a.1.2.3', 'is no address'],
    ['192.0.2.256', 'is no address'],
    ['192.0.2.0/33', 'is no address'],
    ['192.0.2.0/-1', 'is no address'],
    ['192.0.2.0/', 'is no address'],
    ['192.0.2.0/24/24', 'is no address'],
    ['2001:db8::/129', 'is no address'],
    ['fe80::1%eth0', 'is no address'],
    ['1::2::3', 'is no address'],
    ['192.0.2.7/24', 'Write 192.0.2.0/24 for the network, or 192.0.2.7 for the address alone'],
    ['2001:db8::1/32', 'Write 2001:db8::/32 for the network'],
  ])('refuses %s', (text, words) => {
    expect(() => parseAllowedAddresses([text])).toThrow(words)
  })

  it('refuses more than a hundred', () => {
    expect(() => parseAllowedAddresses(Array.from({ length: 101 }, (_, i) => `192.0.2.${i}`))).toThrow('at most 100')
  })
})

describe('admits', () => {
  const rules = addressRules(['192.0.2.0/24', '2001:db8::/32'])
  it.each([
    ['192.0.2.255', true],
    ['::ffff:192.0.2.1', true],
    ['::ffff:c000:201', true],
    ['192.0.3.0', false],
    ['::ffff:192.0.3.1', false],
    ['2001:db8:ffff::1', true],
    ['2001:db9::', false],
    ['', false],
    ['unknown', false],
  ])('%s: %s', (address, expected) => {
    expect(admits(rules, address)).toBe(expected)
  })

  it('everybody where there are no rules; an IPv4 network of everything admits no IPv6', () => {
    expect(admits([], 'unknown')).toBe(true)
    expect(admits(addressRules(['0.0.0.0/0']), '2001:db8::1')).toBe(false)
  })
})
