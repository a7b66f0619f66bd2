// The field of 256 elements of QR codes, by x^8 + x^4 + x^3 + x^2 + 1 (ISO/IEC 18004, 7.5.2).

function multiply(a: number, b: number): number {
  let product = 0
  for (let bit = 7; bit >= 0; bit--) {
    product = (product << 1) ^ ((product >>> 7) * 0x11d)
    product ^= ((b >>> bit) & 1) * a
  }
  return product
}

/** The coefficients of the generator polynomial after the highest, which is 1. */
function generator(degree: number): readonly number[] {
  let coefficients = [...Array.from({ length: degree - 1 }, () => 0), 1]
  let root = 1
  for (let i = 0; i < degree; i++) {
    const factor = root
    coefficients = coefficients.map((one, j) => multiply(one, factor) ^ (coefficients[j + 1] ?? 0))
    root = multiply(root, 2)
  }
  return coefficients
}

/** The codewords by which a reader mends a damaged block. */
export function correctionOf(data: readonly number[], count: number): readonly number[] {
  const divisor = generator(count)
  let remainder: readonly number[] = divisor.map(() => 0)
  for (const byte of data) {
    const factor = byte ^ remainder[0]!
    const shifted = [...remainder.slice(1), 0]
    remainder = shifted.map((one, i) => one ^ multiply(divisor[i]!, factor))
  }
  return remainder
}
