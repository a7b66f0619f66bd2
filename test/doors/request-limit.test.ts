import { requestLimit } from '../../src/doors/request-limit'
import type { ClientId } from '../../src/domain/ids'
import { settableClock } from '../kit/temp-store'

describe('requestLimit', () => {
  const clock = settableClock()
  const [entra, okta] = ['entra', 'okta'] as unknown as [ClientId, ClientId]
  const takeAll = (limit: ReturnType<typeof requestLimit>, client: ClientId, own?: number): number => {
    for (let taken = 0; ; taken++) if (limit.take(client, own) > 0) return taken
  }

  it('lets a burst of two seconds through, then as many as come in', () => {
    const limit = requestLimit(clock, 10)
    expect(takeAll(limit, entra)).toBe(20)
    clock.advance(500)
    expect(takeAll(limit, entra)).toBe(5)
    clock.advance(3_600_000)
    expect(takeAll(limit, entra)).toBe(20)
  })

  it('counts each client by itself, and by its own limit where it has one', () => {
    const limit = requestLimit(clock, 10)
    takeAll(limit, entra)
    expect(takeAll(limit, okta, 1)).toBe(2)
    expect(limit.take(okta, 1)).toBe(1)
    clock.advance(999)
    expect(limit.take(okta, 1)).toBe(1)
    clock.advance(1)
    expect(limit.take(okta, 1)).toBe(0)
  })

  it('limits nobody at 0 but who has a limit of his own', () => {
    const limit = requestLimit(clock, 0)
    for (let i = 0; i < 100_000; i++) limit.take(entra)
    expect(limit.take(entra)).toBe(0)
    expect(takeAll(limit, okta, 3)).toBe(6)
  })

  it('does not stand still when the clock is set back', () => {
    const limit = requestLimit(clock, 10)
    takeAll(limit, entra)
    clock.advance(-3_600_000)
    expect(limit.take(entra)).toBe(1)
    clock.advance(1_000)
    expect(limit.take(entra)).toBe(0)
  })
})
