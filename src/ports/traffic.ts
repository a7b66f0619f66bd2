/** How many requests this process has answered; work that nobody waits for steps back while many come in. */
export type Traffic = { answered: number }

/** Requests a second since the last time it was asked. */
export function meterOf(traffic: Traffic): () => number {
  let [answered, at] = [traffic.answered, performance.now()]
  return () => {
    const now = performance.now()
    const rate = ((traffic.answered - answered) * 1000) / Math.max(now - at, 1)
    ;[answered, at] = [traffic.answered, now]
    return rate
  }
}
