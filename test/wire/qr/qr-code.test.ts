import { createHash } from 'node:crypto'
import { codewordsOf } from '../../../src/wire/qr/codewords'
import { drawMatrix, type Matrix } from '../../../src/wire/qr/matrix'
import { penaltyOf } from '../../../src/wire/qr/penalty'
import { qrCode, qrPath } from '../../../src/wire/qr/qr-code'

const drawn = (matrix: Matrix | undefined) => matrix!.map((row) => row.map((dark) => (dark ? '#' : '.')).join(''))
const content = (text: string) => codewordsOf(new TextEncoder().encode(text))!
const link = 'otpauth://totp/Kagami?secret='.repeat(9)

describe('QR codes (ISO/IEC 18004)', () => {
  it('draws the symbol that others draw', () => {
    expect(drawn(drawMatrix(1, content('otpauth://totp').codewords, 4))).toEqual([
      '#######.#..##.#######',
      '#.....#...#.#.#.....#',
      '#.###.#....##.#.###.#',
      '#.###.#.##....#.###.#',
      '#.###.#.#...#.#.###.#',
      '#.....#.###.#.#.....#',
      '#######.#.#.#.#######',
      '........####.........',
      '#...#.####..######..#',
      '##..#..##..#.#.####..',
      '#.#...##..#...####.#.',
      '####.#..#.##...##..##',
      '#..#.##.#.####..##...',
      '........#..#....#.##.',
      '#######.##...##.##.#.',
      '#.....#...#.#..##...#',
      '#.###.#.#..#.#.#.....',
      '#.###.#..#.....##.###',
      '#.###.#...#..##.#....',
      '#.....#..#.#.#..#....',
      '#######.##.##..#.#..#',
    ])
  })

  // made by another encoder (qrcode-generator 1.4.4), and read by another reader (jsQR 1.4.0)
  it.each([
    [1, 1, 2, '697166759f771908f814d686bdb4bc7ae96dda61e41d28b74eb605a6b788ee20'],
    [3, 1, 4, '5f5af0e6ce4fe2cda065661ebd9b7d11e2a4ebadaf8cf417b336a7c3cee425d8'],
    [6, 1, 5, '5c9155e53a69a442f7dc9cca8384ae0d0628acf36a2eedd8483169ec5d902411'],
    [7, 1, 3, '21a6bf20f55e44553613e34a042326f74e4099976c522e903a7f257b7c0aae36'],
    [11, 1, 0, '5c84e4139d1d654918f2a0879403de3c4ddc337cc27786b7c93de9fdd538aca1'],
    [15, 2, 0, 'b0ed209596429e91b25ee81048c23f26b227a5d79d54d7cdfddcf5ef83937cd3'],
    [16, 2, 1, 'c3e5f8bce0731477dba069987353e8c37e8b7ae622d16027c586286adaab5892'],
    [17, 2, 6, 'd6fc64e93d55057331a03ece61c6452fc065011b8bab7ab39cdb8e1ee8b4531b'],
    [27, 3, 6, 'c2098f1cc3cc375b18605928d305225d8a81b3bcfc931ce46af637a26544a8aa'],
    [28, 3, 7, '6e762cf9e3b0ef6ebd9a7271616a21caeb6c17c93189ae1db00fa21f913cc958'],
    [43, 4, 7, '485e795536ea390f2b358d76fba0806d96db1075a521ee0422839fa3f05a7169'],
    [63, 5, 4, '57c6967dcc8fbb850d45c91393aa9766b444b073959a392e5feb79c026c3cb57'],
    [85, 6, 5, '598f52d71aa8315f974c93e237bace8210a273692f970e872b23cdf4800a3ee3'],
    [107, 7, 3, 'c9d362781fa654bcdb27fd40e1e9afdba1ce3c3d08a15415587e42b1ee30cbf2'],
    [123, 8, 3, '0e7e02535de645e180dcd4da9e92e339d55a99715db09e62238f03a88ffced6d'],
    [153, 9, 7, '3e8dd7e494b7ad8c4224b690b706b10a35d810691fbcaa4c1f2c7a26124ac801'],
    [181, 10, 2, '55f22f06b49ec0a2e443d7f7af3e736b20e7b6ace4cb2da82b45ff7a606b0b9a'],
  ])('%i bytes are version %i by mask %i, as others draw it', (length, version, mask, sha256) => {
    const made = content(link.slice(0, length))
    expect(made.version).toBe(version)
    const text = drawn(drawMatrix(version, made.codewords, mask)).join('\n')
    expect(createHash('sha256').update(text).digest('hex')).toBe(sha256)
  })

  it('takes the mask with the least penalty', () => {
    for (const length of [1, 60, 150, 213]) {
      const text = link.slice(0, length)
      const { version, codewords } = content(text)
      const all = Array.from({ length: 8 }, (_, mask) => penaltyOf(drawMatrix(version, codewords, mask)))
      expect(penaltyOf(qrCode(text)!)).toBe(Math.min(...all))
      expect(new Set(all).size).toBeGreaterThan(1)
    }
  })

  it('counts runs, blocks, what looks like a finder, and dark against light', () => {
    const square = (rows: readonly string[]) => penaltyOf(rows.map((row) => [...row].map((one) => one === '#')))
    expect(square(Array<string>(5).fill('#####'))).toBe(10 * 3 + 16 * 3 + 100)
    expect(square(['#.', '.#'])).toBe(0)
    const chess = Array.from({ length: 11 }, (_, y) => (y % 2 === 0 ? '#.#.#.#.#.#' : '.#.#.#.#.#.'))
    expect(square(chess)).toBe(0)
    expect(square(['....#.###.#', ...chess.slice(1)])).toBeGreaterThanOrEqual(40)
  })

  it('holds 213 bytes of UTF-8 and no more', () => {
    expect(qrCode('あ'.repeat(71))).toHaveLength(57)
    expect(qrCode('x'.repeat(214))).toBeUndefined()
  })

  it('is a path with a quiet zone of four', () => {
    expect(
      qrPath([
        [true, false],
        [false, true],
      ]),
    ).toEqual({ d: 'M4 4h1v1h-1zM5 5h1v1h-1z', size: 10 })
  })
})
