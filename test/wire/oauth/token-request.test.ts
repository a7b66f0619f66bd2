import fc from 'fast-check'
import type { Scope } from '../../../src/domain/access/actor'
import {
  checkGrantType,
  narrowScopes,
  OAuthError,
  parseCredentials,
  parseParameters,
} from '../../../src/wire/oauth/token-request'

const basic = (pair: string) => `Basic ${Buffer.from(pair).toString('base64')}`

describe('parseCredentials', () => {
  it('decodes both halves as forms are (RFC 6749 §2.3.1)', () => {
    expect(parseCredentials(basic('a%3Ab:c+d%25:e'), new Map())).toEqual({ clientId: 'a:b', secret: 'c d%:e' })
  })

  it.each(['Basic', 'Basic !', 'Bearer abc', basic('no colon'), basic(':'), basic('a:'), basic(':b'), basic('%:b')])(
    'refuses %s',
    (header) => {
      expect(() => parseCredentials(header, new Map())).toThrow(expect.objectContaining({ code: 'invalid_client', status: 401 }))
    },
  )
})

describe('a token request', () => {
  it('is read, or refused by an error of OAuth, whatever comes', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('', '%', '%e3', 'client_credentials', 'a:b', '__proto__'),
    )
    const header = fc.oneof(fc.constant(undefined), text, text.map(basic))
    const name = fc.oneof(text, fc.constantFrom('grant_type', 'client_id', 'client_secret', 'scope', '__proto__'))
    const form = fc.oneof(
      text,
      fc.array(fc.tuple(name, text), { maxLength: 5 }).map((pairs) => pairs.map((pair) => pair.join('=')).join('&')),
    )
    const may: ReadonlySet<Scope> = new Set(['users:read'])
    fc.assert(
      fc.property(header, form, (authorization, body) => {
        try {
          const parameters = parseParameters(body)
          const { clientId, secret } = parseCredentials(authorization, parameters)
          checkGrantType(parameters)
          expect([clientId === '', secret === '']).toEqual([false, false])
          for (const scope of narrowScopes(parameters.get('scope'), may)) expect(may.has(scope)).toBe(true)
        } catch (error) {
          if (!(error instanceof OAuthError)) throw error
        }
      }),
      { numRuns: 2_000, seed: 6749 },
    )
  })
})
