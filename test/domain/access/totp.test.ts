import { base32, totpAt, totpStep } from '../../../src/domain/access/totp'

const secret = base32(Buffer.from('12345678901234567890'))

describe('TOTP', () => {
  it('is what RFC 4648 and RFC 6238 say (last six digits of their table)', () => {
    expect([secret, base32(Buffer.from('foob'))]).toEqual(['GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', 'MZXW6YQ'])
    const table = {
      59: '287082',
      1111111109: '081804',
      1111111111: '050471',
      1234567890: '005924',
      2000000000: '279037',
      20000000000: '353130',
    }
    for (const [seconds, code] of Object.entries(table)) expect(totpAt(secret, Math.floor(Number(seconds) / 30))).toBe(code)
  })

  it('takes a step before and after, each once, and no other', () => {
    const now = 1_000 * 30_000
    for (const step of [999, 1000, 1001]) {
      expect(totpStep(secret, totpAt(secret, step), now, 0)).toBe(step)
      expect(totpStep(secret, totpAt(secret, step), now, step)).toBeUndefined()
    }
    for (const step of [998, 1002]) expect(totpStep(secret, totpAt(secret, step), now, 0)).toBeUndefined()
  })
})
