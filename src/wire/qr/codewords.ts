import { correctionOf } from './reed-solomon'

/** ISO/IEC 18004, table 9, level M: all codewords of a version, its blocks, and the correction codewords of each. */
const versions = [
  { total: 26, blocks: 1, correction: 10 },
  { total: 44, blocks: 1, correction: 16 },
  { total: 70, blocks: 1, correction: 26 },
  { total: 100, blocks: 2, correction: 18 },
  { total: 134, blocks: 2, correction: 24 },
  { total: 172, blocks: 4, correction: 16 },
  { total: 196, blocks: 4, correction: 18 },
  { total: 242, blocks: 4, correction: 22 },
  { total: 292, blocks: 5, correction: 22 },
  { total: 346, blocks: 5, correction: 26 },
] as const

/** The bytes in the smallest version that holds them, at level M; undefined when version 10 does not (more than 213 bytes). */
export function codewordsOf(bytes: Uint8Array): { readonly version: number; readonly codewords: readonly number[] } | undefined {
  const index = versions.findIndex(({ total, blocks, correction }, i) => {
    const header = i < 9 ? 2 : 3 // mode and count: 12 bits, from version 10 on 20
    return bytes.length + header <= total - blocks * correction
  })
  const size = versions[index]
  if (!size) return undefined
  const version = index + 1
  const data = dataCodewords(bytes, version, size.total - size.blocks * size.correction)
  return { version, codewords: interleave(data, size) }
}

/** Byte mode, count, bytes, end, and padding. */
function dataCodewords(bytes: Uint8Array, version: number, length: number): readonly number[] {
  const bits = ['0100', bytes.length.toString(2).padStart(version < 10 ? 8 : 16, '0')]
  for (const byte of bytes) bits.push(byte.toString(2).padStart(8, '0'))
  const all = `${bits.join('')}0000`
  const data = Array.from({ length: Math.ceil(all.length / 8) }, (_, i) =>
    parseInt(all.slice(i * 8, i * 8 + 8).padEnd(8, '0'), 2),
  )
  for (let i = 0; data.length < length; i++) data.push(i % 2 === 0 ? 0xec : 0x11)
  return data
}

/** The blocks column by column; the last ones may be longer by one. */
function interleave(data: readonly number[], { blocks, correction }: (typeof versions)[number]): readonly number[] {
  const short = Math.floor(data.length / blocks)
  const shortBlocks = blocks - (data.length % blocks)
  const parts = Array.from({ length: blocks }, (_, i) => {
    const start = i * short + Math.max(0, i - shortBlocks)
    return data.slice(start, start + short + (i < shortBlocks ? 0 : 1))
  })
  return [...columns(parts), ...columns(parts.map((part) => correctionOf(part, correction)))]
}

function columns(parts: readonly (readonly number[])[]): readonly number[] {
  const length = Math.max(...parts.map((part) => part.length))
  return Array.from({ length }, (_, i) => parts.flatMap((part) => part.slice(i, i + 1))).flat()
}
