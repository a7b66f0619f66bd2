/** Work that repeats by itself until it is stopped; can be woken before its time. */
export type Loop = { wake(): void; stop(): Promise<void> }

/**
 * @param step does one piece and tells how long to rest, in ms; 0 goes on at once
 * @param failed is told what a step threw; the loop goes on after a second
 */
export function startLoop(step: () => Promise<number>, failed: (error: unknown) => void): Loop {
  let stopped = false
  let woken = false
  let rouse: (() => void) | undefined
  const rest = (ms: number) =>
    new Promise<void>((resolve) => {
      if (woken || stopped) return resolve()
      const timer = setTimeout(resolve, ms)
      rouse = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  const run = async () => {
    while (!stopped) {
      woken = false
      const ms = await step().catch((error: unknown) => {
        failed(error)
        return 1_000
      })
      // between two steps others have their turn, also when there is no rest
      await (ms > 0 ? rest(ms) : new Promise((resolve) => setImmediate(resolve)))
    }
  }
  const running = run()
  return {
    wake: () => {
      woken = true
      rouse?.()
    },
    stop: async () => {
      stopped = true
      rouse?.()
      await running
    },
  }
}
