import { DomainError } from '../domain/errors'

type Waiting<Item, Result> = {
  readonly item: Item
  readonly resolve: (result: Result) => void
  readonly reject: (error: unknown) => void
}

/**
 * What is asked for at the same moment is done in one transaction: while rounds are under way, the next one gathers. Alone, an item
 * waits for nobody.
 */
export class Together<Item, Result> {
  private waiting: Waiting<Item, Result>[] = []
  private running = 0

  /**
   * @param all of a round, or nothing; the results in the order of the items
   * @param rounds so many may be under way at once
   * @param alone what `all` refuses by `isOfOne`, which is the fault of one of them, is tried item by item
   */
  constructor(
    private readonly all: (items: readonly Item[]) => Promise<readonly Result[]>,
    private readonly alone: (item: Item) => Promise<Result>,
    private readonly isOfOne: (error: unknown) => boolean,
    private readonly rounds: number,
    private readonly most = 250,
    private readonly mostWaiting = 2_000,
  ) {}

  /** @throws DomainError storeBusy when too many wait already */
  do(item: Item): Promise<Result> {
    if (this.waiting.length >= this.mostWaiting) {
      return Promise.reject(new DomainError('storeBusy', 'Too many changes are waiting. Try again in a few seconds.'))
    }
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, resolve, reject })
      if (this.running < this.rounds) void this.run()
    })
  }

  private async run(): Promise<void> {
    this.running++
    // what arrived in the same turn of the event loop comes along
    await new Promise((resolve) => setImmediate(resolve))
    while (this.waiting.length > 0) await this.round(this.waiting.splice(0, this.most))
    this.running--
  }

  private async round(round: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await this.all(round.map(({ item }) => item))
      for (const [i, { resolve }] of round.entries()) resolve(results[i]!)
    } catch (error) {
      if (!this.isOfOne(error)) return round.forEach(({ reject }) => reject(error))
      await Promise.all(round.map(({ item, resolve, reject }) => this.alone(item).then(resolve, reject)))
    }
  }
}
