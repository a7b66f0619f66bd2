import request from 'supertest'
import { sessionHeaders } from '../kit/browser'
import { eventually, startTestServer, type TestServer } from '../kit/server'

describe('what browsers are told', () => {
  let server: TestServer
  let cookie: string
  beforeAll(async () => {
    server = await startTestServer()
    cookie = await server.signIn()
  })
  afterAll(() => server.stop())
  const get = (path: string) => request(server.url).get(path).set('Cookie', cookie)

  it.each([
    '/',
    '/login?saml=off',
    '/password',
    '/sessions',
    '/signed-out',
    '/nothing',
    '/saml/login',
    '/saml/acs',
    '/api/v1/me',
  ])('GET %s: nothing is framed, sniffed, kept or asked for', async (path) => {
    const { headers } = await get(path)
    expect(headers).toMatchObject({
      'x-frame-options': 'SAMEORIGIN',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'same-origin',
      'permissions-policy': expect.stringContaining('camera=()') as string,
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'no-store',
    })
    const policy = headers['content-security-policy']!
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("frame-ancestors 'self'")
    expect(policy).not.toContain('unsafe')
    expect(headers['strict-transport-security']).toBeUndefined()
  })

  it.each(['/', '/login?saml=off', '/password', '/sessions', '/nothing', '/saml/login', '/saml/acs'])(
    'GET %s: styles and scripts have a nonce, another one each time',
    async (path) => {
      const nonces = await Promise.all(
        [1, 2].map(async () => {
          const { text, headers } = await get(path)
          const nonce = /style-src 'nonce-([^']+)'/.exec(headers['content-security-policy'] ?? '')?.[1]
          if (headers['location'] !== undefined) return headers['location'] + Math.random()
          expect(text).toContain(`<link rel="stylesheet" href="/style.css" nonce="${nonce}"`)
          expect(text).not.toMatch(/<(style|script)(?![^>]*nonce)|\son\w+=|\sstyle=/)
          return nonce
        }),
      )
      expect(nonces[0]).not.toBe(nonces[1])
    },
  )

  it('https alone from then on, where the base URL says so', async () => {
    const https = await startTestServer({ KAGAMI_BASE_URL: 'https://kagami.test' })
    const { headers } = await request(https.url).get('/login?saml=off')
    await https.stop()
    expect(headers['strict-transport-security']).toBe('max-age=31536000')
  })

  it('may be framed by others when an administrator says so, within seconds (S20)', async () => {
    const headers = await sessionHeaders(server.url, cookie)
    const patch = (body: object, more: Readonly<Record<string, string>> = {}) =>
      request(server.url)
        .patch('/api/v1/publication')
        .set({ ...headers, ...more })
        .send(body)
    const isFramed = async (framed: boolean) => {
      const answer = await get('/login?saml=off')
      const page = await get('/password')
      return (
        (answer.headers['x-frame-options'] === undefined) === framed &&
        !page.headers['content-security-policy']!.includes('frame-ancestors') === framed
      )
    }
    const shown = await request(server.url).get('/api/v1/publication').set(headers)
    expect([shown.body, shown.headers['etag']]).toEqual([{ clickjackingProtection: true }, '"1"'])
    expect((await patch({ clickjackingProtection: 'no' })).status).toBe(400)
    expect((await patch({ clickjackingProtection: false }, { 'If-Match': '"7"' })).status).toBe(412)
    const off = await patch({ clickjackingProtection: false }, { 'If-Match': '"1"' })
    expect([off.status, off.headers['etag']]).toEqual([200, '"2"'])
    await eventually(() => isFramed(true), 3_000)
    expect((await patch({ clickjackingProtection: true })).status).toBe(200)
    expect((await patch({ clickjackingProtection: true })).headers['etag']).toBe('"3"')
    await eventually(() => isFramed(false), 3_000)
    const lines = server.rows('kagami', 'audit_line').filter((row) => row['label'] === 'clickjacking protection')
    expect(lines).toHaveLength(2)
  })
})
