import { codewordsOf } from './codewords'
import { drawMatrix, maskCount, type Matrix } from './matrix'
import { penaltyOf } from './penalty'

/** A QR code (ISO/IEC 18004) of the text in UTF-8, at level M, by the best mask; undefined for more than 213 bytes. */
export function qrCode(text: string): Matrix | undefined {
  const content = codewordsOf(new TextEncoder().encode(text))
  if (!content) return undefined
  const candidates = Array.from({ length: maskCount }, (_, mask) => drawMatrix(content.version, content.codewords, mask))
  const penalties = candidates.map(penaltyOf)
  return candidates[penalties.indexOf(Math.min(...penalties))]
}

/** The dark modules as the `d` of an SVG path, a unit each, with the quiet zone of four around: the side is `size`. */
export function qrPath(matrix: Matrix): { readonly d: string; readonly size: number } {
  const d = matrix.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x + 4} ${y + 4}h1v1h-1z`] : []))).join('')
  return { d, size: matrix.length + 8 }
}
