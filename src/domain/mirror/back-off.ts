/** When a failed try comes again: twice as late each time up to a quarter of an hour, later once an hour; never forgotten. */
export function backOffMs(attempts: number, random: number): number {
  const ms = attempts > 20 ? 3_600_000 : Math.min(1_000 * 2 ** attempts, 900_000)
  return Math.round(ms * (0.5 + random))
}
