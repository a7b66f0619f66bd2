import request from 'supertest'
import { baseUrl, startTestServer, type TestServer } from '../../kit/server'

const patchOp = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'
const errorUrn = 'urn:ietf:params:scim:api:messages:2.0:Error'

describe.each<[type: string, path: string, make: (name: string) => object, rename: (name: string) => object]>([
  ['User', '/Users', (userName) => ({ userName }), (value) => ({ op: 'replace', path: 'displayName', value })],
  ['Group', '/Groups', (displayName) => ({ displayName }), (value) => ({ op: 'replace', path: 'displayName', value })],
])('the protocol of %s (RFC 7644)', (_type, path, make, rename) => {
  let server: TestServer
  beforeAll(async () => void (server = await startTestServer()))
  afterAll(() => server.stop())

  const create = async (name: string) => (await server.scim('post', path).send(make(name))).body as { readonly id: string }
  const change = (id: string, name: string) =>
    server.scim('patch', `${path}/${id}`).send({ schemas: [patchOp], Operations: [rename(name)] })
  const unknown = `${path}/01a21184-f6b4-71fa-8718-6a40efab043d`

  it('every answer with a resource says where it is and in which version (§3.1, §3.14)', async () => {
    const created = await server.scim('post', path).send(make('headers'))
    const at = `${baseUrl}/scim/v2${path}/${created.body.id}`
    expect([created.status, created.headers['location'], created.headers['etag']]).toEqual([201, at, 'W/"1"'])
    const own = `${path}/${created.body.id}`
    for (const answer of [
      await server.scim('get', own),
      await server.scim('put', own).send(make('headers')),
      await change(created.body.id, 'headers-2').query({ attributes: 'meta' }),
      await server.scim('get', own).query({ attributes: 'meta' }),
    ]) {
      expect([answer.status, answer.body.meta.location]).toEqual([200, at])
      expect([answer.headers['content-location'], answer.headers['location']]).toEqual([at, at])
      expect(answer.headers['etag']).toBe(answer.body.meta.version)
    }
  })

  it('HEAD has the headers of GET and no body', async () => {
    const { id } = await create('head')
    for (const at of [path, `${path}/${id}`]) {
      const [get, head] = [await server.scim('get', at), await server.scim('head' as 'get', at)]
      expect([head.status, head.text]).toEqual([200, undefined])
      for (const name of ['content-type', 'content-length', 'etag', 'content-location']) {
        expect([name, head.headers[name]]).toEqual([name, get.headers[name]])
      }
    }
    expect((await server.scim('head' as 'get', unknown)).status).toBe(404)
  })

  it('If-None-Match saves what is known, If-Match guards every change (§3.14)', async () => {
    const { id } = await create('etags')
    const own = `${path}/${id}`
    for (const tag of ['W/"1"', '"1"', '*', 'W/"7", W/"1"']) {
      const answer = await server.scim('get', own).set('If-None-Match', tag)
      expect([tag, answer.status, answer.headers['etag'], answer.text]).toEqual([tag, 304, 'W/"1"', ''])
    }
    for (const tag of ['W/"2"', 'W/"other"']) expect((await server.scim('get', own).set('If-None-Match', tag)).status).toBe(200)
    const stale = { 'If-Match': 'W/"7"' }
    for (const answer of [
      await server.scim('put', own).set(stale).send(make('stale')),
      await change(id, 'stale').set(stale),
      await server.scim('delete', own).set(stale),
    ]) {
      expect([answer.status, answer.body.schemas, answer.body.status]).toEqual([412, [errorUrn], '412'])
    }
    expect((await server.scim('get', own)).headers['etag']).toBe('W/"1"')
    expect((await server.scim('delete', own).set('If-Match', '"7", W/"1"')).status).toBe(204)
  })

  it('what is not there is 404, never 400, and 409 what is there already', async () => {
    for (const at of [unknown, `${path}/nobody`, `${path}/${'x'.repeat(500)}`]) {
      for (const answer of [
        await server.scim('get', at),
        await server.scim('put', at).send(make('nobody')),
        await server.scim('patch', at).send({ schemas: [patchOp], Operations: [rename('nobody')] }),
        await server.scim('delete', at),
      ]) {
        expect([answer.status, answer.body.schemas]).toEqual([404, [errorUrn]])
      }
    }
    await create('taken')
    const again = await server.scim('post', path).send(make('TAKEN')).set('If-None-Match', '*')
    expect([again.status, again.body.scimType]).toEqual([409, 'uniqueness'])
  })

  it('a method that is not possible is 405 and names those that are', async () => {
    const { id } = await create('methods')
    for (const [method, at, allowed] of [
      ['put', path, 'GET, POST'],
      ['delete', path, 'GET, POST'],
      ['post', `${path}/${id}`, 'GET, PUT, PATCH, DELETE'],
      ['post', '/', 'GET'],
    ] as const) {
      const answer = await server.scim(method, at).send(make('other'))
      expect([method, at, answer.status, answer.headers['allow']]).toEqual([method, at, 405, allowed])
    }
  })

  it('a slash, a question mark or an ampersand at the end changes nothing', async () => {
    const { id } = await create('ends')
    for (const at of [path, `${path}/${id}`]) {
      const { body } = await server.scim('get', at)
      for (const end of ['/', '?', '/?', '?&', '?attributes=&']) {
        expect([end, (await server.scim('get', `${at}${end}`)).body]).toEqual([end, body])
      }
    }
    expect((await server.scim('get', `${path}?filter=displayName+eq+"ends"&`)).status).toBe(200)
    const answer = await server.scim('put', `${path}/${id}/?`).send(make('ends'))
    expect([answer.status, answer.headers['etag']]).toEqual([200, 'W/"1"'])
  })

  it('says only the schemas that the answer uses, and nothing empty', async () => {
    const rest = path === '/Users' ? { name: { familyName: '山田' }, emails: [{ value: 'a@example.jp' }] } : {}
    const { id } = (await server.scim('post', path).send({ ...make('schemas'), ...rest })).body as { readonly id: string }
    for (const attributes of [undefined, 'meta', 'name.middleName,emails.type', 'nonsense']) {
      const { body } = await server.scim('get', `${path}/${id}`).query(attributes === undefined ? {} : { attributes })
      expect(body.schemas).toEqual([`urn:ietf:params:scim:schemas:core:2.0:${path === '/Users' ? 'User' : 'Group'}`])
      for (const [name, value] of Object.entries(body as object)) {
        if (name !== 'members')
          expect([name, JSON.stringify(value)]).not.toEqual([name, expect.stringMatching(/^(\{\}|\[.?.?\])$/)])
      }
    }
  })

  it('who may only write gets no body, and learns where it is and in which version', async () => {
    const token = await server.token([path === '/Users' ? 'users:write' : 'groups:write'])
    const write = (method: 'post' | 'put' | 'patch' | 'get', at: string) => {
      const agent = request(server.url)
      return agent[method](`/scim/v2${at}`).set({ Authorization: `Bearer ${token}`, 'Content-Type': 'application/scim+json' })
    }
    const created = await write('post', path).send(make('only'))
    expect([created.status, created.text, created.headers['etag']]).toEqual([201, '', 'W/"1"'])
    const own = created.headers['location']!.slice(`${baseUrl}/scim/v2`.length)
    const put = await write('put', own).send(make('only-2'))
    expect([put.status, put.text, put.headers['etag']]).toEqual([204, '', 'W/"2"'])
    const patched = await write('patch', own)
      .send({ Operations: [rename('only-3')] })
      .query({ attributes: 'displayName' })
    expect([patched.status, patched.text, patched.headers['etag']]).toEqual([204, '', 'W/"3"'])
    expect((await write('get', own)).status).toBe(403)
  })
})
