import { spKeyMaker } from '../../../src/connectors/sp-key-maker'
import { certificateFacts } from '../../../src/wire/saml/certificates'
import { warnOfIdp, warnOfSpKeys } from '../../../src/wire/saml/warn-certificates'

const day = 86_400_000

describe('warnings of certificates', () => {
  let pem: string
  let notAfter: number
  beforeAll(async () => {
    pem = (await spKeyMaker.make('https://id.example.jp', Date.UTC(2026, 0, 1))).certificate
    notAfter = certificateFacts(pem).notAfter
  })
  const codes = (now: number) =>
    warnOfIdp({ ssoUrl: 'x', certificates: [pem] }, now).map(({ code, daysLeft }) => [code, daysLeft])

  it.each<[string, number, readonly (readonly [string, number])[]]>([
    ['31 days before', -31 * day, []],
    ['30 days before', -30 * day, [['certificateExpires', 30]]],
    ['a day before', -day, [['certificateExpires', 1]]],
    ['at its end', 0, [['certificateExpired', 0]]],
    ['a day after', day, [['certificateExpired', 1 * -1]]],
  ])('%s', (_when, ms, expected) => expect(codes(notAfter + ms)).toEqual(expected))

  it('also of metadata, of our own current key, and of a clock that is wrong', () => {
    const idp = { ssoUrl: 'x', certificates: [], metadataValidUntil: 1000 }
    expect(warnOfIdp(idp, 1000)).toMatchObject([{ code: 'metadataExpired', detail: expect.stringContaining('1970') as string }])
    expect(warnOfIdp(idp, 999)).toEqual([])
    expect(codes(0)).toEqual([['certificateNotYetValid', expect.any(Number)]])
    const key = { id: 'a', certificate: pem, privateKey: '', from: 'file' } as const
    const warned = (use: 'current' | 'previous') => warnOfSpKeys([{ ...key, use }], notAfter).map(({ code }) => code)
    expect([warned('current'), warned('previous')]).toEqual([['certificateExpired'], []])
  })
})
