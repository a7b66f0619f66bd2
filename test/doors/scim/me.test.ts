import request from 'supertest'
import { administratorsId } from '../../../src/domain/directory/group'
import type { UserId } from '../../../src/domain/ids'
import { postForm, sessionHeaders } from '../../kit/browser'
import { baseUrl, cookieOf, startTestServer, type TestServer } from '../../kit/server'

describe('/scim/v2/Me (RFC 7644 §3.11)', () => {
  let server: TestServer
  let id: string
  let cookie: string
  let token: string
  const password = 'a-long-enough-password'
  beforeAll(async () => {
    server = await startTestServer()
    id = (await server.scim('post', '/Users').send({ userName: 'taro', displayName: '太郎', password })).body.id as string
    cookie = cookieOf(await postForm(server.url, '/login', { loginName: 'taro', password }))
    token = (await sessionHeaders(server.url, cookie))['X-CSRF-Token']
  })
  afterAll(() => server.stop())

  type Method = 'get' | 'post' | 'put' | 'patch' | 'delete'
  const me = (method: Method, headers: Readonly<Record<string, string>> = {}) => {
    const agent = request(server.url)
    return agent[method]('/scim/v2/Me').set({
      Cookie: cookie,
      'X-CSRF-Token': token,
      'Content-Type': 'application/scim+json',
      ...headers,
    })
  }
  const rename = (headers?: Readonly<Record<string, string>>) =>
    me('patch', headers).send({ Operations: [{ op: 'replace', path: 'displayName', value: '次郎' }] })

  it('is the person who is signed in, at his own place', async () => {
    const answer = await me('get')
    expect([answer.status, answer.body.userName]).toEqual([200, 'taro'])
    expect(answer.headers['content-location']).toBe(`${baseUrl}/scim/v2/Users/${id}`)
    expect(answer.body.meta.location).toBe(`${baseUrl}/scim/v2/Users/${id}`)
    expect((await me('get', { 'If-None-Match': answer.headers['etag']! })).status).toBe(304)
    expect(Object.keys((await me('get').query({ attributes: 'displayName' })).body)).toEqual(['schemas', 'id', 'displayName'])
  })

  it('lets him change nothing', async () => {
    const before = (await me('get')).body
    for (const answer of [
      await rename(),
      await me('put').send({ userName: 'other' }),
      await me('post').send({ userName: 'other' }),
      await me('delete'),
    ]) {
      expect([answer.status, answer.body.detail]).toEqual([403, expect.stringContaining('common administrator')])
    }
    expect((await me('get')).body).toEqual(before)
  })

  it('hears no other site, and nobody who is not signed in', async () => {
    expect((await rename({ 'Sec-Fetch-Site': 'cross-site' })).status).toBe(403)
    const nobody = await request(server.url).get('/scim/v2/Me')
    expect([nobody.status, nobody.headers['www-authenticate']]).toEqual([401, 'Bearer realm="scim"'])
    expect((await me('get', { Cookie: 'kagami=nonsense' })).status).toBe(401)
  })

  it('is nobody for a token, which is told where people are, and for a built-in account', async () => {
    const answer = await server.scim('get', '/Me')
    expect([answer.status, answer.body.detail]).toEqual([404, expect.stringContaining('/Users/ID')])
    expect((await me('get', { Authorization: 'Bearer wrong' })).status).toBe(401)
    expect((await me('get', { Cookie: await server.signIn() })).status).toBe(404)
  })

  it('waits until a temporary password is changed', async () => {
    const setTemporary = (temporary: boolean) =>
      server.withStore((store) =>
        store.transact(async (tx) => {
          const row = await tx.passwords.find(id as UserId)
          await tx.passwords.set(id as UserId, { ...row!, temporary })
        }),
      )
    await setTemporary(true)
    const answer = await me('get')
    expect([answer.status, answer.body.detail]).toEqual([403, expect.stringContaining('/password')])
    await setTemporary(false)
    expect((await me('get')).status).toBe(200)
  })

  it('lets a common administrator change himself', async () => {
    await server.withStore((store) => store.transact((tx) => tx.groups.join(administratorsId, id as UserId)))
    const changed = await rename({ 'If-Match': 'W/"1"' })
    expect([changed.status, changed.body.displayName, changed.headers['etag']]).toEqual([200, '次郎', 'W/"2"'])
    expect((await rename({ 'If-Match': 'W/"1"' })).status).toBe(412)
    expect((await rename({ 'Sec-Fetch-Site': 'cross-site' })).status).toBe(403)
    expect((await me('post').send({ userName: 'other' })).status).toBe(409)
    expect((await me('put').send({ userName: 'taro', title: '部長' })).body).toMatchObject({ id, title: '部長' })
    expect((await me('delete')).status).toBe(204)
    expect((await server.scim('get', `/Users/${id}`)).status).toBe(404)
  })
})
