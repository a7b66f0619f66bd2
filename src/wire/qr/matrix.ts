/** Rows of modules; true is dark. */
export type Matrix = readonly (readonly boolean[])[]

/** ISO/IEC 18004, table 10: is the module inverted? By row and column. */
const masks: readonly ((y: number, x: number) => boolean)[] = [
  (y, x) => (y + x) % 2 === 0,
  (y) => y % 2 === 0,
  (_, x) => x % 3 === 0,
  (y, x) => (y + x) % 3 === 0,
  (y, x) => (Math.floor(y / 2) + Math.floor(x / 3)) % 2 === 0,
  (y, x) => ((y * x) % 2) + ((y * x) % 3) === 0,
  (y, x) => (((y * x) % 2) + ((y * x) % 3)) % 2 === 0,
  (y, x) => (((y + x) % 2) + ((y * x) % 3)) % 2 === 0,
]
export const maskCount = masks.length

/** Where alignment patterns have their centres, on both axes (annex E). */
const alignment = [[], [6, 18], [6, 22], [6, 26], [6, 30], [6, 34], [6, 22, 38], [6, 24, 42], [6, 26, 46], [6, 28, 50]] as const

/** The symbol of a version, 1 to 10, of level M by one of the eight masks. */
export function drawMatrix(version: number, codewords: readonly number[], mask: number): Matrix {
  const size = 17 + 4 * version
  const modules = Array.from({ length: size }, () => new Array<boolean | undefined>(size).fill(undefined))
  const set = (y: number, x: number, dark: boolean) => {
    if (y >= 0 && x >= 0 && y < size && x < size) modules[y]![x] = dark
  }
  drawPatterns(version, size, set)
  drawFormat(size, mask, set)
  if (version >= 7) drawVersion(version, size, set)
  drawData(modules, codewords, masks[mask]!)
  return modules as Matrix
}

type Set = (y: number, x: number, dark: boolean) => void

function drawPatterns(version: number, size: number, set: Set): void {
  for (let i = 0; i < size; i++) {
    set(6, i, i % 2 === 0)
    set(i, 6, i % 2 === 0)
  }
  const square = (cy: number, cx: number, radius: number, isDark: (ring: number) => boolean) => {
    for (let y = -radius; y <= radius; y++) {
      for (let x = -radius; x <= radius; x++) set(cy + y, cx + x, isDark(Math.max(Math.abs(y), Math.abs(x))))
    }
  }
  const [near, far] = [3, size - 4] as const
  const corners = [
    [near, near],
    [near, far],
    [far, near],
  ] as const
  for (const [y, x] of corners) square(y, x, 4, (ring) => ring !== 2 && ring !== 4)
  const centres: readonly number[] = alignment[version - 1]!
  const last = centres.at(-1)
  for (const y of centres) {
    for (const x of centres) {
      const isInFinder = (y === 6 && (x === 6 || x === last)) || (y === last && x === 6)
      if (!isInFinder) square(y, x, 2, (ring) => ring !== 1)
    }
  }
}

/** Level M is 00; BCH(15,5), masked (7.9). */
function drawFormat(size: number, mask: number, set: Set): void {
  const bits = ((mask << 10) | remainder(mask, 10, 0x537)) ^ 0x5412
  const bit = (i: number) => ((bits >>> i) & 1) === 1
  for (let i = 0; i < 15; i++) {
    set(i < 6 ? i : i < 8 ? i + 1 : size - 15 + i, 8, bit(i))
    set(8, i < 8 ? size - 1 - i : i < 9 ? 7 : 14 - i, bit(i))
  }
  set(size - 8, 8, true)
}

/** BCH(18,6) (7.10). */
function drawVersion(version: number, size: number, set: Set): void {
  const bits = (version << 12) | remainder(version, 12, 0x1f25)
  for (let i = 0; i < 18; i++) {
    const [a, b] = [Math.floor(i / 3), size - 11 + (i % 3)]
    set(a, b, ((bits >>> i) & 1) === 1)
    set(b, a, ((bits >>> i) & 1) === 1)
  }
}

function remainder(value: number, degree: number, divisor: number): number {
  let rest = value
  for (let i = 0; i < degree; i++) rest = (rest << 1) ^ ((rest >>> (degree - 1)) * divisor)
  return rest
}

/** In columns of two, from the lower right corner up and down, leftwards; the column of the timing pattern is left out (7.7.3). */
function drawData(
  modules: (boolean | undefined)[][],
  codewords: readonly number[],
  isInverted: (y: number, x: number) => boolean,
) {
  const size = modules.length
  let next = 0
  for (let right = size - 1; right >= 1; right -= 2) {
    if (right === 6) right = 5
    const isUpward = ((right + 1) & 2) === 0
    for (let i = 0; i < size; i++) {
      const y = isUpward ? size - 1 - i : i
      for (const x of [right, right - 1]) {
        if (modules[y]![x] !== undefined) continue
        const bit = (((codewords[next >>> 3] ?? 0) >>> (7 - (next & 7))) & 1) === 1
        modules[y]![x] = bit !== isInverted(y, x)
        next++
      }
    }
  }
}
