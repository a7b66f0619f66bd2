import { parse } from 'csv-parse/sync'
import request from 'supertest'
import { aClient } from '../../kit/builders'
import { eventually, startTestServer, type TestServer } from '../../kit/server'
import { sessionHeaders } from '../../kit/browser'

type Line = Readonly<Record<string, unknown>>

describe('/api/v1/provisioning-log', () => {
  let server: TestServer
  let cookie: string
  let id: string
  beforeAll(async () => {
    server = await startTestServer()
    cookie = await server.signIn()
    const taro = await server
      .scim('post', '/Users')
      .send({ userName: 'taro', active: 'True', title: '=課長, "1"', password: 'secret words' })
    id = (taro.body as { id: string }).id
    await server.scim('patch', `/Users/${id}`).send({ Operations: [{ op: 'Replace', path: 'active', value: 'False' }] })
    await server.scim('post', '/Groups').send({ displayName: '営業部', members: [{ value: id }] })
    await server.scim('post', '/Users').send({ userName: 'TARO' })
    await eventually(async () => (await list('?result=refused')).length === 1)
  })
  afterAll(() => server.stop())

  const get = (path: string) => request(server.url).get(`/api/v1/provisioning-log${path}`).set('Cookie', cookie)
  const list = async (query: string) => (await get(query)).body.lines as readonly Line[]

  it('tells what was asked for and what became of it, newest first', async () => {
    const lines = await list('')
    expect(lines.map(({ result, operation, objectKind }) => [result, operation, objectKind].join(' '))).toEqual([
      'refused create user',
      'ok create group',
      'ok patch user',
      'ok create user',
    ])
    const time = expect.stringMatching(/^\d{4}-.*Z$/) as string
    expect(lines[0]).toMatchObject({
      at: time,
      lastAt: time,
      count: 1,
      client: { name: 'bootstrap' },
      status: 409,
      scimType: 'uniqueness',
      detail: expect.stringContaining('login name …') as string,
      objects: ['TARO'],
    })
    expect(lines[2]).toEqual({
      id: expect.any(String) as string,
      result: 'ok',
      at: time,
      client: { id: expect.any(String) as string, name: 'bootstrap' },
      address: expect.any(String) as string,
      operation: 'patch',
      action: 'update user',
      objectKind: 'user',
      objectId: id,
      name: 'taro',
      changes: [{ attribute: 'active', from: true, to: false }],
      restored: false,
      dialect: expect.arrayContaining(['capitalisedOp', 'stringBoolean']) as string[],
      requestId: expect.any(String) as string,
    })
    expect(lines[3]!['changes']).toContainEqual({ attribute: 'password', to: 'set' })
  })

  it.each([
    ['?client=bootstrap', 4],
    ['?name=Taro', 3],
    ['?operation=patch', 1],
    ['?result=ok', 3],
    ['?dialect=stringBoolean', 2],
    [`?text=${encodeURIComponent('課長')}`, 1],
    ['?from=2020-01-01&to=2020-01-02T00:00:00Z', 0],
    ['?from=2020-01-01', 4],
  ])('%s finds %i', async (query, count) => expect(await list(query)).toHaveLength(count))

  it('finds by the id of an object, in any case, and goes on page by page', async () => {
    expect(await list(`?object=${id.toUpperCase()}`)).toHaveLength(2)
    const first = (await get('?limit=3')).body as { lines: Line[]; next: string }
    expect(first.lines).toHaveLength(3)
    const second = (await get(`?limit=3&cursor=${first.next}`)).body as { lines: Line[]; next?: string }
    expect([second.lines.length, second.next]).toEqual([1, undefined])
  })

  it.each([
    ['?limit=0', 'limit', /from 1 to 500/],
    ['?limit=1&limit=2', 'limit', /./],
    ['?from=yesterday', 'from', /2027-01-31T00:00:00Z/],
    ['?operation=sing', 'operation', /create, replace, patch, delete/],
    ['?dialect=klingon', 'dialect', /stringBoolean/],
    ['?cursor=1', 'cursor', /next of the page before/],
    ['?user=taro', 'user', /Known: client, object, name/],
    ['/export?format=xlsx', 'format', /ndjson, csv/],
  ])('refuses %s, naming the parameter and the mend', async (query, field, mend) => {
    const answer = await get(query)
    expect([answer.status, answer.headers['content-type']]).toEqual([400, expect.stringContaining('problem+json')])
    expect(answer.body.errors).toEqual([{ field, detail: expect.stringMatching(mend) as string }])
  })

  it('refuses an unknown client, other methods, and who is no administrator', async () => {
    expect((await get('?client=nobody')).body).toMatchObject({ status: 404, code: 'clientNotFound' })
    expect((await get('/export?client=nobody')).body).toMatchObject({ status: 404, code: 'clientNotFound' })
    const other = await request(server.url)
      .delete('/api/v1/provisioning-log')
      .set(await sessionHeaders(server.url, cookie))
    expect([other.status, other.headers['allow']]).toEqual([405, 'GET'])
    const token = await server.token(['users:read'])
    for (const path of ['', '/export']) {
      const refused = await request(server.url).get(`/api/v1/provisioning-log${path}`).set('Authorization', `Bearer ${token}`)
      expect(refused.status).toBe(403)
    }
  })

  it('explains a person, by id and userName, and a name that nobody has', async () => {
    const explain = (user: string) => request(server.url).get(`/api/v1/users/${user}/explain`).set('Cookie', cookie)
    await eventually(async () => (await explain('taro')).body.hops[4].state === 'ok')
    const { body } = await explain(id)
    expect(body).toMatchObject({ id, userName: 'taro', summary: [expect.stringMatching(/^SCIM: bootstrap was refused/)] })
    expect(body.hops[1]).toEqual({
      hop: 'directory',
      state: 'ok',
      since: expect.stringMatching(/Z$/) as string,
      text: expect.stringContaining('suspended') as string,
    })
    expect((await explain('%E5%B1%B1%2F')).body).toMatchObject({ summary: ['Nobody here is or was called 山/.'] })
    const token = await server.token(['users:read'])
    const refused = await request(server.url).get('/api/v1/users/taro/explain').set('Authorization', `Bearer ${token}`)
    expect(refused.status).toBe(403)
  })

  it('exports CSV that a spreadsheet reads, and NDJSON of the same lines', async () => {
    const csv = await get('/export?format=csv').buffer()
    expect([csv.headers['content-type'], csv.headers['content-disposition']]).toEqual([
      'text/csv; charset=utf-8',
      'attachment; filename=provisioning-log.csv',
    ])
    expect(csv.text.charCodeAt(0)).toBe(0xfeff)
    const rows = parse<Record<string, string>>(csv.text, { columns: true, bom: true })
    expect(rows).toHaveLength(4)
    expect(rows[3]).toMatchObject({ result: 'ok', count: '1', client: 'bootstrap', operation: 'create', name: 'taro' })
    expect(rows[3]!['changes']).toContain('title: =課長, "1"')
    const lines = (await get('/export?result=ok').buffer()).text.trimEnd().split('\n')
    expect(lines.map((line) => JSON.parse(line) as Line)).toEqual(await list('?result=ok'))
  })

  it('exports 20,000 lines while others are answered', async () => {
    await server.withStore((store) =>
      store.transact(async (tx) => {
        const actor = aClient('many')
        for (let i = 0; i < 20_000; i++)
          await tx.record({
            actor,
            action: 'update user',
            operation: 'patch',
            object: { kind: 'user', id: 'x', label: String(i) },
          })
      }),
    )
    const waits: number[] = []
    let exporting = true
    const others = (async () => {
      while (exporting) {
        const from = performance.now()
        await server.scim('get', `/Users/${id}`)
        waits.push(performance.now() - from)
      }
    })()
    const from = performance.now()
    const { text } = await get('/export?format=csv&object=x').buffer()
    const took = performance.now() - from
    exporting = false
    await others
    const rows = parse<Record<string, string>>(text, { columns: true, bom: true })
    expect(new Set(rows.map((row) => row['name'])).size).toBe(20_000)
    expect(waits.length).toBeGreaterThan(5)
    expect(Math.max(...waits)).toBeLessThan(took / 2)
  })
})
