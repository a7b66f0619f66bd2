import request from 'supertest'
import { openParts } from '../../../src/assemble'
import { readConfig } from '../../../src/config'
import { jsonLog } from '../../../src/log'
import { startServer } from '../../../src/server'
import { eventually, startTestServer, type TestServer } from '../../kit/server'
import { tempFolder } from '../../kit/temp-store'

describe('refused requests, told within seconds', () => {
  let server: TestServer
  beforeAll(async () => void (server = await startTestServer()))
  let slow: TestServer | undefined
  afterAll(() => Promise.all([server.stop(), slow?.stop()]))
  const lines = (of = server) => of.withStore(async (store) => (await store.read.logs.refused({}, undefined, 100)).lines)

  it('are added up by client, operation, resource type and reason, in a Bulk too; what was only asked for is not among them', async () => {
    const user = (await server.scim('post', '/Users').send({ userName: 'taro', externalId: 'e-1' })).body as { id: string }
    await server.scim('post', '/Users').send({ userName: 'taro' })
    await server.scim('post', '/Bulk').send({
      schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
      Operations: [
        { method: 'POST', path: '/Users', bulkId: 'a', data: { userName: 'TARO', externalId: 'e-9' } },
        { method: 'PATCH', path: `/Users/${user.id}`, data: { Operations: [{ op: 'replace', path: 'nope[', value: 1 }] } },
        { method: 'SING', path: '/Users' },
      ],
    })
    await server.scim('delete', `/Groups/${user.id}`)
    await server.scim('put', `/Users/${user.id}`).send('{')
    await server.scim('get', `/Users/${user.id.replace(/./g, '0')}`)
    await server.scim('post', '/Users/.search').send({ filter: 'no[' })
    await request(server.url).get('/scim/v2/Users').set('Authorization', 'Bearer wrong')
    await eventually(async () => (await lines()).length >= 6)
    const told = (await lines()).map(({ operation, objectKind, status, scimType, count, clientName, objects }) =>
      [operation, objectKind, status, scimType, count, clientName, objects.join(' ')].join(' | '),
    )
    expect(told.sort()).toEqual(
      [
        'bulk |  | 405 |  | 1 | bootstrap | ',
        'create | user | 409 | uniqueness | 2 | bootstrap | TARO e-9 taro',
        `delete | group | 404 |  | 1 | bootstrap | ${user.id}`,
        `patch | user | 400 | invalidPath | 1 | bootstrap | ${user.id}`,
        'read | user | 401 |  | 1 |  | ',
        `replace | user | 400 | invalidSyntax | 1 | bootstrap | ${user.id}`,
      ].sort(),
    )
    const [taken] = (await lines()).filter(({ status }) => status === 409)
    expect(taken!.detail).toContain('the login name … already')
  })

  it('name the client that asks too often', async () => {
    slow = await startTestServer({ KAGAMI_SCIM_REQUESTS_PER_SECOND: '1' })
    const answers = await Promise.all(Array.from({ length: 20 }, () => slow!.scim('get', '/Users?count=0')))
    const count = answers.filter(({ status }) => status === 429).length
    await eventually(async () => (await lines(slow)).length > 0)
    expect(await lines(slow)).toMatchObject([{ status: 429, clientName: 'bootstrap', operation: 'read', count }])
  })

  it('are written when the server stops', async () => {
    const folder = tempFolder()
    const config = readConfig({ KAGAMI_PORT: '0', KAGAMI_DATA_DIR: folder.path })
    const other = await startServer(config, jsonLog('silent', process.stdout))
    await request(other.url).post('/scim/v2/Users')
    await other.stop()
    const { store } = await openParts(config)
    expect((await store.read.logs.refused({}, undefined, 9)).lines).toMatchObject([{ operation: 'create', status: 401 }])
    await store.close()
    folder.remove()
  })
})
