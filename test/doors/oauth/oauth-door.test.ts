import request from 'supertest'
import type { Scope } from '../../../src/domain/access/actor'
import { systemClock } from '../../../src/ports/clock'
import { changeClient } from '../../../src/usecases/access/change-client'
import { createToken } from '../../../src/usecases/access/create-token'
import { revokeToken } from '../../../src/usecases/access/revoke-token'
import { baseUrl, eventually, startTestServer, type TestServer } from '../../kit/server'

const operator = { kind: 'operator', name: 'test' } as const

describe('/oauth/token (RFC 6749 §4.4)', () => {
  let server: TestServer
  beforeAll(async () => void (server = await startTestServer({ KAGAMI_RATE_LIMITS: 'off' })))
  afterAll(() => server.stop())

  const makeSecret = (client = 'Ping', scopes: readonly Scope[] = ['users:read', 'users:write']) =>
    server.withStore(async (store) => {
      const { token, row } = await createToken({ store, clock: systemClock }, operator, { kind: 'secret', client, scopes })
      return { secret: token, clientId: row.clientId, id: row.id }
    })
  const ask = (form: object | string, basic?: string) => {
    const asked = request(server.url).post('/oauth/token').type('form')
    if (basic !== undefined) void asked.set('Authorization', `Basic ${Buffer.from(basic).toString('base64')}`)
    return asked.send(form)
  }
  const users = (token: string) => request(server.url).get('/scim/v2/Users').set('Authorization', `Bearer ${token}`)
  const grant_type = 'client_credentials'

  it('gives a token by client_secret_basic and by client_secret_post, for an hour and never to be kept', async () => {
    const { clientId, secret } = await makeSecret()
    for (const answer of [
      await ask({ grant_type }, `${clientId}:${secret}`),
      await ask({ grant_type, client_id: clientId }, `${encodeURIComponent(clientId)}:${encodeURIComponent(secret)}`),
      await ask({ grant_type, client_id: clientId, client_secret: secret, scope: '' }),
    ]) {
      expect([answer.status, answer.headers['cache-control'], answer.headers['pragma']]).toEqual([200, 'no-store', 'no-cache'])
      expect(answer.body).toEqual({
        access_token: expect.stringMatching(/^kgo_/) as string,
        token_type: 'Bearer',
        expires_in: 3600,
        scope: 'users:read users:write',
      })
      expect((await users(answer.body.access_token)).status).toBe(200)
    }
  })

  it('narrows to the scopes asked for', async () => {
    const { clientId, secret } = await makeSecret()
    const { body } = await ask({ grant_type, scope: 'users:read  users:read' }, `${clientId}:${secret}`)
    expect(body.scope).toBe('users:read')
    expect((await users(body.access_token)).status).toBe(200)
    const post = request(server.url).post('/scim/v2/Users').set('Authorization', `Bearer ${body.access_token}`)
    expect((await post.send({ userName: 'x' })).status).toBe(403)
  })

  it('takes two secrets at once, so that one can replace the other', async () => {
    const [one, other] = [await makeSecret('two'), await makeSecret('two')]
    for (const { clientId, secret } of [one, other]) expect((await ask({ grant_type }, `${clientId}:${secret}`)).status).toBe(200)
  })

  it('gives tokens that die within a second with their secret, or with their client', async () => {
    for (const end of ['secret', 'client'] as const) {
      const { clientId, secret, id } = await makeSecret(`dying with its ${end}`)
      const { body } = await ask({ grant_type }, `${clientId}:${secret}`)
      expect((await users(body.access_token)).status).toBe(200)
      await server.withStore(async (store) => {
        const deps = { store, clock: systemClock }
        if (end === 'secret') await revokeToken(deps, operator, id)
        else await changeClient(deps, operator, clientId, { disabled: true })
      })
      await eventually(async () => (await users(body.access_token)).status === 401)
      expect((await ask({ grant_type }, `${clientId}:${secret}`)).status).toBe(401)
    }
  })

  it('asks for Basic when the client is not known, and tells no more than that (invalid_client)', async () => {
    const { clientId, secret } = await makeSecret()
    const { clientId: otherId } = await makeSecret('other')
    const token = await server.token(['users:read'])
    for (const [form, basic] of [
      [{ grant_type }, undefined],
      [{ grant_type, client_id: clientId }, undefined],
      [{ grant_type }, `${clientId}:${secret}x`],
      [{ grant_type }, `${otherId}:${secret}`],
      [{ grant_type }, `${clientId}:${token}`],
      [{ grant_type }, `${clientId}`],
      [{ grant_type }, `%:${secret}`],
    ] as const) {
      const answer = await ask(form, basic)
      expect([answer.status, answer.body.error]).toEqual([401, 'invalid_client'])
      expect(answer.headers['www-authenticate']).toMatch(/^Basic realm=/)
      expect(answer.body.error_description).not.toContain('"')
    }
  })

  it('is not taken in by a secret sent as a bearer token', async () => {
    expect((await users((await makeSecret()).secret)).status).toBe(401)
  })

  it.each<[string, object | string, string]>([
    ['another grant', { grant_type: 'password' }, 'unsupported_grant_type'],
    ['no grant', {}, 'invalid_request'],
    ['a scope that it has not', { grant_type, scope: 'users:read groups:read' }, 'invalid_scope'],
    ['a scope that nobody has', { grant_type, scope: 'everything' }, 'invalid_scope'],
    ['a parameter twice', `grant_type=${grant_type}&grant_type=${grant_type}`, 'invalid_request'],
    ['two proofs', { grant_type, client_secret: 'x' }, 'invalid_request'],
    ['two names', { grant_type, client_id: 'x' }, 'invalid_request'],
  ])('refuses %s', async (_what, form, error) => {
    const { clientId, secret } = await makeSecret()
    const answer = await ask(form, `${clientId}:${secret}`)
    expect([answer.status, answer.body.error, answer.headers['cache-control']]).toEqual([400, error, 'no-store'])
    expect(answer.body.error_description).toMatch(/\./)
  })

  it('refuses JSON, other methods, and a form that is too long', async () => {
    const json = await request(server.url).post('/oauth/token').send({ grant_type })
    expect([json.status, json.body.error]).toEqual([400, 'invalid_request'])
    const get = await request(server.url).get('/oauth/token')
    expect([get.status, get.headers['allow']]).toEqual([405, 'POST'])
    expect((await ask(`x=${'y'.repeat(20_000)}`)).status).toBe(413)
  })

  it('names the address that the client may not call from', async () => {
    const { clientId, secret } = await makeSecret('far away')
    await server.withStore((store) =>
      changeClient({ store, clock: systemClock }, operator, clientId, { allowedAddresses: ['192.0.2.1'] }),
    )
    const answer = await ask({ grant_type }, `${clientId}:${secret}`)
    expect([answer.status, answer.body.error]).toEqual([400, 'unauthorized_client'])
    expect(answer.body.error_description).toMatch(/may not call from (::ffff:)?127\.0\.0\.1/)
  })

  it('is found by its metadata (RFC 8414) and in ServiceProviderConfig', async () => {
    const { body } = await request(server.url).get('/.well-known/oauth-authorization-server')
    expect(body).toMatchObject({
      issuer: baseUrl,
      token_endpoint: `${baseUrl}/oauth/token`,
      grant_types_supported: ['client_credentials'],
      token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
    })
    const config = await server.scim('get', '/ServiceProviderConfig')
    expect(config.body.authenticationSchemes.map(({ type }: { type: string }) => type)).toEqual(['oauthbearertoken', 'oauth2'])
  })
})

describe('/oauth/token with rate limits', () => {
  let server: TestServer
  beforeAll(async () => void (server = await startTestServer()))
  afterAll(() => server.stop())

  it('answers 429 to who tries secrets', async () => {
    const guess = () =>
      request(server.url)
        .post('/oauth/token')
        .type('form')
        .send({ grant_type: 'client_credentials', client_id: '0'.repeat(8), client_secret: 'kgs_guess' })
    const answers = []
    for (let i = 0; i < 22; i++) answers.push(await guess())
    const last = answers.at(-1)!
    expect([answers[0]!.status, last.status, last.body.error]).toEqual([401, 429, 'temporarily_unavailable'])
    expect(Number(last.headers['retry-after'])).toBeGreaterThan(0)
  })
})
