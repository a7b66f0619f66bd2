import type { Instant } from '../domain/brand'
import type { Clock } from '../ports/clock'

const rememberedMs = 1_000

/** What is asked for often and changes seldom: read at most once a second, so that a change holds on every node after that. */
export class Remembered<T> {
  private last: { readonly at: Instant; readonly value: Promise<T> } | undefined

  constructor(
    private readonly clock: Clock,
    private readonly read: () => Promise<T>,
  ) {}

  /** @throws what `read` throws; that is not remembered */
  get(): Promise<T> {
    const now = this.clock.now()
    const { last } = this
    if (last && last.at <= now && now < last.at + rememberedMs) return last.value
    const reading = { at: now, value: this.read() }
    this.last = reading
    reading.value.catch(() => {
      if (this.last === reading) this.last = undefined
    })
    return reading.value
  }
}
