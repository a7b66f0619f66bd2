/** When a target does not answer: one probe at a time, ever later, until it does. Nobody else waits for it. */
export class Circuit {
  private failures = 0
  private openUntil = 0

  /** Milliseconds until the next probe; 0 while closed. */
  waitMs(now: number): number {
    return this.failures === 0 ? 0 : Math.max(1, this.openUntil - now)
  }

  get isOpen(): boolean {
    return this.failures > 0
  }

  opened(now: number, random: number): void {
    this.failures++
    this.openUntil = now + Math.min(500 * 2 ** (this.failures - 1), 30_000) * (0.75 + random / 2)
  }

  closed(): void {
    this.failures = 0
  }
}
