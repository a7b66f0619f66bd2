/** Watches how long the event loop is held up, in CPU time: what other programs on a busy machine take away does not count. */
export function watchStalls(): { stop(): { readonly longestMs: number } } {
  let longestMs = 0
  let watching = true
  let [at, cpu] = [performance.now(), process.cpuUsage()]
  const beat = () => {
    const used = process.cpuUsage(cpu)
    longestMs = Math.max(longestMs, Math.min(performance.now() - at, (used.user + used.system) / 1_000))
    ;[at, cpu] = [performance.now(), process.cpuUsage()]
    if (watching) timer = setTimeout(beat, 1)
  }
  let timer = setTimeout(beat, 1)
  return {
    stop: () => {
      watching = false
      clearTimeout(timer)
      beat()
      return { longestMs }
    },
  }
}
