import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { spKeyMaker } from '../src/connectors/sp-key-maker'
import { readSpKeyFiles } from '../src/sp-key-files'
import { isPairOf, rsaKeyPem } from './kit/saml-deps'
import { tempFolder } from './kit/temp-store'

describe('readSpKeyFiles', () => {
  const folder = tempFolder()
  const certs = path.join(folder.path, 'certs')
  afterAll(() => folder.remove())
  let made: { readonly certificate: string; readonly privateKey: string }
  beforeAll(async () => void (made = await spKeyMaker.make('https://id.example.jp', Date.now())))
  beforeEach(() => {
    rmSync(certs, { recursive: true, force: true })
    mkdirSync(certs)
  })
  const put = (name: string, text: string) => writeFileSync(path.join(certs, name), text)
  const bring = (name: string) => {
    put(`${name}.key`, made.privateKey)
    put(`${name}.crt`, made.certificate)
  }

  it('reads the current key, the next and the previous; none is none', () => {
    expect(readSpKeyFiles(certs)).toEqual([])
    expect(readSpKeyFiles(path.join(certs, 'nowhere'))).toEqual([])
    for (const name of ['sp', 'sp-next', 'sp-previous']) bring(name)
    const keys = readSpKeyFiles(certs)
    expect(keys.map(({ id, use, from }) => [id, use, from])).toEqual([
      ['sp', 'current', 'file'],
      ['sp-next', 'next', 'file'],
      ['sp-previous', 'previous', 'file'],
    ])
    expect(isPairOf(keys[0]!.certificate, keys[0]!.privateKey)).toBe(true)
  })

  it.each<[string, () => void, RegExp]>([
    ['a key without its certificate', () => put('sp.key', made.privateKey), /sp\.crt is missing/],
    ['a certificate without its key', () => put('sp.crt', made.certificate), /sp\.key is missing/],
    ['a next key alone', () => bring('sp-next'), /sp\.key is missing beside sp-next\.key/],
    ['another key', () => (bring('sp'), put('sp.key', rsaKeyPem())), /sp\.crt is not the certificate of/],
    ['a weak key', () => (bring('sp'), put('sp.key', rsaKeyPem(1024))), /no RSA key of 2048 bits/],
    ['no key', () => (bring('sp'), put('sp.key', 'x')), /no private key that can be read/],
    ['no certificate', () => (bring('sp'), put('sp.crt', 'x')), /no certificate that can be read/],
  ])('refuses %s, naming the file', (_what, prepare, words) => {
    prepare()
    expect(() => readSpKeyFiles(certs)).toThrow(words)
  })
})
