import { readdirSync, readFileSync } from 'node:fs'

/** CPU time of a process so far, all threads that live, to the nanosecond (Linux). */
export function cpuMs(pid: number): number {
  return readdirSync(`/proc/${pid}/task`).reduce((total, thread) => total + threadMs(`/proc/${pid}/task/${thread}/schedstat`), 0)
}

/** Memory that a process holds now. */
export function residentMegabytes(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1]) / 1024
}

function threadMs(file: string): number {
  try {
    return Number(readFileSync(file, 'latin1').split(' ')[0]) / 1e6
  } catch {
    return 0 // it ended between the two looks
  }
}
