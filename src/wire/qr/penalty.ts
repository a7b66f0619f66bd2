import type { Matrix } from './matrix'

/** How badly a reader may stumble over it (ISO/IEC 18004, 7.8.3): runs, blocks, what looks like a finder, dark against light. */
export function penaltyOf(matrix: Matrix): number {
  const size = matrix.length
  const lines = [...matrix, ...matrix.map((_, x) => matrix.map((row) => row[x]!))].map((line) =>
    line.map((dark) => (dark ? '1' : '0')).join(''),
  )
  let penalty = 0
  for (const line of lines) {
    for (const [run] of line.matchAll(/0{5,}|1{5,}/g)) penalty += run.length - 2
    penalty += 40 * [...line.matchAll(/(?=00001011101|10111010000)/g)].length
  }
  for (let y = 1; y < size; y++) {
    for (let x = 1; x < size; x++) {
      const dark = matrix[y]![x]
      if (dark === matrix[y - 1]![x] && dark === matrix[y]![x - 1] && dark === matrix[y - 1]![x - 1]) penalty += 3
    }
  }
  const dark = matrix.flat().filter((one) => one).length
  return penalty + 10 * Math.floor(Math.abs((dark * 100) / (size * size) - 50) / 5)
}
