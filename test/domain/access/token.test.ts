import { tokenHash, tokenHint } from '../../../src/domain/access/token'

describe('tokens', () => {
  it('are kept as their SHA-256', () => {
    expect(tokenHash('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
  })

  it('are shown by their first eight characters', () => {
    expect(tokenHint('kgm_0123456789abcdef')).toBe('kgm_0123…')
  })
})
