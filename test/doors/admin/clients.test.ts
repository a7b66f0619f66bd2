import request from 'supertest'
import { sessionHeaders } from '../../kit/browser'
import { eventually, startTestServer, type TestServer } from '../../kit/server'

describe('/api/v1/clients', () => {
  let server: TestServer
  let cookie: string
  let headers: Readonly<Record<string, string>>
  beforeAll(async () => {
    server = await startTestServer()
    cookie = await server.signIn()
    headers = await sessionHeaders(server.url, cookie)
  })
  afterAll(() => server.stop())

  const api = (method: 'get' | 'post' | 'patch' | 'delete', path = '') =>
    request(server.url)[method](`/api/v1/clients${path}`).set(headers)
  const scim = (token: string, path = '/Users?count=1') =>
    request(server.url).get(`/scim/v2${path}`).set('Authorization', `Bearer ${token}`)
  const make = async (name: string, rest: object = {}) => (await api('post').send({ name, ...rest })).body as { id: string }
  const makeToken = async (id: string, scopes = ['users:read', 'users:write', 'groups:read', 'groups:write']) =>
    (await api('post', `/${id}/tokens`).send({ scopes })).body as { id: string; token: string }

  it('makes, shows, lists and changes clients', async () => {
    const made = await api('post').send({ name: ' Entra ID ', allowedAddresses: ['127.0.0.1', '2001:db8::/32'] })
    expect([made.status, made.headers['location'], made.headers['etag']]).toEqual([201, `/api/v1/clients/${made.body.id}`, '"1"'])
    const client = {
      id: made.body.id,
      name: 'Entra ID',
      allowedAddresses: ['127.0.0.1/32', '2001:db8::/32'],
      requestsPerSecond: null,
      ignoreUnknownMembers: false,
      disabled: false,
      createdAt: expect.stringMatching(/Z$/) as string,
    }
    expect(made.body).toEqual(client)
    expect((await api('get', `/${client.id}`)).body).toEqual(client)
    const change = { requestsPerSecond: 100, ignoreUnknownMembers: true, allowedAddresses: [] }
    const changed = await api('patch', `/${client.id}`).set('If-Match', '"1"').send(change)
    expect([changed.status, changed.headers['etag'], changed.body]).toEqual([200, '"2"', { ...client, ...change }])
    expect((await api('patch', `/${client.id}`).send({ requestsPerSecond: null })).body.requestsPerSecond).toBeNull()
    expect((await api('patch', `/${client.id}`).send({})).headers['etag']).toBe('"3"')
    const stale = await api('patch', `/${client.id}`).set('If-Match', '"1"').send({ name: 'x' })
    expect([stale.status, stale.body.code]).toEqual([412, 'versionMismatch'])
    expect((await api('get')).body.clients).toContainEqual(expect.objectContaining({ id: client.id, name: 'Entra ID' }))
  })

  it.each<[string, object | string, RegExp, string | undefined]>([
    ['no name', {}, /name: Send a text/, 'name'],
    ['a name that is a number', { name: 1 }, /name: Send a text/, 'name'],
    ['a name of nothing', { name: ' ' }, /name of 1 to 128 characters/, undefined],
    ['a member that is not there', { name: 'x', adress: [] }, /adress: There is no such member\. Known: name, allowed/, 'adress'],
    ['an address in an address', { name: 'x', allowedAddresses: [7] }, /allowedAddresses\.0: Send a text/, 'allowedAddresses.0'],
    ['a network that is none', { name: 'x', allowedAddresses: ['10.1/8'] }, /10\.1\/8 is no address or network/, undefined],
    ['no limit', { name: 'x', requestsPerSecond: 0 }, /requestsPerSecond: Send a whole number from 1/, 'requestsPerSecond'],
    ['a list', [], /Send a JSON object with name/, ''],
    ['no JSON', '{', /not JSON/, undefined],
  ])('refuses %s, and says how to mend it', async (_what, body, words, field) => {
    const answer = await api('post').type('json').send(body)
    expect([answer.status, answer.headers['content-type']]).toEqual([400, expect.stringContaining('application/problem+json')])
    expect(answer.body.detail).toMatch(words)
    expect(answer.body.errors?.[0].field).toBe(field)
  })

  it('refuses a body of another type, a name that is taken, and ids of nobody', async () => {
    expect((await api('post').type('text').send('name=x')).status).toBe(415)
    const { id } = await make('taken')
    const again = await api('post').send({ name: 'TAKEN' })
    expect([again.status, again.body.code]).toEqual([409, 'clientNameTaken'])
    for (const nobody of ['taken', '00000000-0000-7000-8000-000000000000'])
      expect((await api('get', `/${nobody}`)).body.code).toBe('clientNotFound')
    const none = await api('delete', `/${id}/tokens/${id}`)
    expect([none.status, none.body.code]).toEqual([404, 'tokenNotFound'])
    const method = await api('delete', '')
    expect([method.status, method.headers['allow']]).toEqual([405, 'GET, POST'])
  })

  it('gives tokens and secrets, shown once, to one client each; rotates and revokes them', async () => {
    const [{ id }, { id: otherId }] = [await make('tokens'), await make('without tokens')]
    for (const [path, kind, prefix] of [
      ['tokens', 'token', 'kgm_'],
      ['secrets', 'secret', 'kgs_'],
    ] as const) {
      const expiresAt = new Date(Date.now() + 3_600_000).toISOString()
      const made = await api('post', `/${id}/${path}`).send({ scopes: ['users:read'], expiresAt })
      expect(made.status).toBe(201)
      expect(made.body).toMatchObject({ [kind]: expect.stringContaining(prefix) as string, state: 'valid', expiresAt })
      const rotated = await api('post', `/${id}/${path}/${made.body.id}/rotate`).send({ overlapSeconds: 60 })
      expect(rotated.body).toMatchObject({ replaces: made.body.id, scopes: ['users:read'], state: 'valid' })
      expect(Date.parse(rotated.body.replacedEndsAt) - Date.now()).toBeLessThanOrEqual(60_000)
      expect((await api('delete', `/${otherId}/${path}/${made.body.id}`)).status).toBe(404)
      expect((await api('delete', `/${id}/${path}/${made.body.id}`)).status).toBe(204)
      const listed = await api('get', `/${id}/${path}`)
      const states = listed.body[path].map((token: { id: string; state: string }) => [token.id, token.state])
      expect(new Map(states)).toEqual(new Map([[made.body.id, 'revoked'], [rotated.body.id, 'valid']])) // prettier-ignore
      expect(listed.text).not.toContain(made.body[kind])
    }
    const bad = await api('post', `/${id}/tokens`).send({ scopes: ['everything'], expiresAt: 'tomorrow' })
    expect(bad.body.errors.map(({ field }: { field: string }) => field)).toEqual(['scopes.0', 'expiresAt'])
  })

  it('refuses who is no administrator, whatever he asks', async () => {
    const token = await server.token(['users:read', 'users:write'])
    const { id } = await make('guarded')
    for (const [method, path, body] of [
      ['get', '', undefined],
      ['post', '', { name: 'x' }],
      ['patch', `/${id}`, { name: 'x' }],
      ['delete', `/${id}`, undefined],
      ['get', `/${id}/statistics`, undefined],
      ['get', `/${id}/tokens`, undefined],
      ['post', `/${id}/secrets`, { scopes: ['admin'] }],
      ['post', `/${id}/tokens/${id}/rotate`, {}],
      ['delete', `/${id}/tokens/${id}`, undefined],
    ] as const) {
      const asked = request(server.url)[method](`/api/v1/clients${path}`).set('Authorization', `Bearer ${token}`)
      expect([method, path, (await asked.send(body)).status]).toEqual([method, path, 403])
      expect((await request(server.url)[method](`/api/v1/clients${path}`).send(body)).status).toBe(401)
    }
  })

  it('a token that is revoked and a client that is disabled are refused at once on this node', async () => {
    const { id } = await make('at once')
    const [one, other] = [await makeToken(id), await makeToken(id)]
    expect([(await scim(one.token)).status, (await scim(other.token)).status]).toEqual([200, 200])
    await api('delete', `/${id}/tokens/${one.id}`)
    expect([(await scim(one.token)).status, (await scim(other.token)).status]).toEqual([401, 200])
    await api('patch', `/${id}`).send({ disabled: true })
    expect((await scim(other.token)).status).toBe(401)
    await api('patch', `/${id}`).send({ disabled: false })
    expect((await scim(other.token)).status).toBe(200)
  })

  it('a rotation lets no request fail, from its beginning to the end of the old token', async () => {
    const { id } = await make('rotated')
    const first = await makeToken(id)
    let current = first.token
    let [running, asked] = [true, 0]
    const statuses = new Set<number>()
    const client = async () => {
      while (running) {
        statuses.add((await scim(current)).status)
        asked++
      }
    }
    const clients = Promise.all(Array.from({ length: 4 }, client))
    const until = (count: number) => eventually(() => asked >= count)
    await until(10)
    const { body } = await api('post', `/${id}/tokens/${first.id}/rotate`).send({ overlapSeconds: 2 })
    await until(asked + 10)
    current = body.token // the operator has put it into the identity provider
    await until(asked + 10)
    await eventually(async () => (await scim(first.token)).status === 401)
    await until(asked + 10)
    running = false
    await clients
    expect([...statuses]).toEqual([200])
  })

  it('from an address that is not allowed: 403 that names it', async () => {
    const { id } = await make('elsewhere', { allowedAddresses: ['192.0.2.0/24'] })
    const { token } = await makeToken(id, ['users:read', 'admin'])
    for (const answer of [
      await scim(token),
      await request(server.url).get('/api/v1/mirror').set('Authorization', `Bearer ${token}`),
    ]) {
      expect(answer.status).toBe(403)
      expect(answer.body.detail).toMatch(
        /elsewhere may not call from (::ffff:)?127\.0\.0\.1\. .*client change 'elsewhere' --addresses/,
      )
    }
  })

  it('over its limit: 429 with Retry-After as a SCIM error; others go on', async () => {
    const [{ id }, { id: otherId }] = [await make('limited', { requestsPerSecond: 1 }), await make('not limited')]
    const [{ token }, other] = [await makeToken(id), await makeToken(otherId)]
    const answers = await Promise.all(Array.from({ length: 30 }, () => scim(token)))
    const limited = answers.filter(({ status }) => status === 429)
    expect(limited.length).toBeGreaterThan(0)
    expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(2)
    expect(limited[0]!.headers['retry-after']).toBe('1')
    expect(limited[0]!.headers['content-type']).toContain('application/scim+json')
    expect(limited[0]!.body).toMatchObject({
      schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
      status: '429',
      detail: expect.stringContaining('limited') as string,
    })
    expect((await scim(other.token)).status).toBe(200)
    expect((await api('patch', `/${id}`).send({ requestsPerSecond: null })).status).toBe(200)
    expect((await scim(token)).status).toBe(200)
  })

  it('deletes a client with its tokens and externalIds; people stay', async () => {
    const { id } = await make('leaving')
    const { token } = await makeToken(id)
    const person = request(server.url).post('/scim/v2/Users').set('Authorization', `Bearer ${token}`)
    const { body: user } = await person.send({ userName: 'stays', externalId: 'e-1' })
    expect((await api('delete', `/${id}`).set('If-Match', '"7"')).status).toBe(412)
    expect((await api('delete', `/${id}`)).status).toBe(204)
    expect([(await api('get', `/${id}`)).status, (await scim(token)).status]).toEqual([404, 401])
    expect((await server.scim('get', `/Users/${user.id}`)).body).toMatchObject({ userName: 'stays' })
    const again = await makeToken((await make('leaving')).id)
    const found = await scim(again.token, `/Users?filter=externalId eq "e-1"`)
    expect(found.body.totalResults).toBe(0)
  })

  it('leaves an audit line for each action, and no secret in any', async () => {
    const { id } = await make('audited')
    const { id: tokenId, token } = await makeToken(id)
    const { body: rotated } = await api('post', `/${id}/tokens/${tokenId}/rotate`)
    await api('delete', `/${id}/tokens/${tokenId}`)
    const { body: secret } = await api('post', `/${id}/secrets`).send({ scopes: ['users:read'] })
    for (const change of [{ name: 'audited 2' }, { disabled: true }, { disabled: false }])
      await api('patch', `/${id}`).send(change)
    await api('delete', `/${id}`)
    const lines = server.rows('kagami', 'audit_line').filter((line) => String(line['label']).startsWith('audited'))
    expect(lines.map((line) => line['action'])).toEqual([
      ...['create client', 'create token', 'rotate token', 'revoke token', 'create client secret'],
      ...['update client', 'disable client', 'enable client', 'disable client', 'delete client'],
    ])
    for (const text of [token, rotated.token, secret.secret]) expect(JSON.stringify(lines)).not.toContain(text)
    expect(lines[0]).toMatchObject({ actor_kind: 'user', actor_name: 'admin', object_kind: 'client' })
  })
})

describe('what clients did', () => {
  it('is written down at the latest when the server stops, by operation and outcome, with the last use of the token', async () => {
    const server = await startTestServer()
    const cookie = await server.signIn()
    await server.scim('post', '/Users').send({ userName: 'a' })
    for (const path of ['/Users', '/Users/nobody', '/Groups', '/Schemas', '/nothing']) await server.scim('get', path)
    await server.scim('post', '/Users/.search').send({})
    const clients = (await request(server.url).get('/api/v1/clients').set('Cookie', cookie)).body.clients as { id: string }[]
    const { id } = clients[0]!
    await server.restart()
    const api = async (path: string) => (await request(server.url).get(`/api/v1/clients/${id}${path}`).set('Cookie', cookie)).body
    const counts = { ok: 0, refused: 0, failed: 0, limited: 0 }
    const statistics = await api('/statistics')
    expect(statistics.operations).toEqual([
      { operation: 'GET Discovery', ...counts, ok: 1 },
      { operation: 'GET Group', ...counts, ok: 1 },
      { operation: 'GET Other', ...counts, refused: 1 },
      { operation: 'GET User', ...counts, ok: 1, refused: 1 },
      { operation: 'POST Search', ...counts, ok: 1 },
      { operation: 'POST User', ...counts, ok: 1 },
    ])
    expect(statistics.hours.reduce((sum: number, hour: { ok: number }) => sum + hour.ok, 0)).toBe(5)
    expect((await api('')).lastRequestAt).toBe(statistics.lastRequestAt)
    const [token] = (await api('/tokens')).tokens
    expect(token).toMatchObject({
      lastUsedAt: statistics.lastRequestAt,
      lastUsedAddress: expect.stringContaining('127.0.0.1') as string,
    })
    expect((await api('/statistics?from=2020-01-01&to=2020-02-01')).operations).toEqual([])
    expect((await api('/statistics?from=yesterday')).detail).toContain('from: Send a time')
    await server.stop()
  })
})
