import { once } from 'node:events'
import { statSync } from 'node:fs'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import path from 'node:path'
import { PassThrough } from 'node:stream'
import request from 'supertest'
import { readConfig } from '../src/config'
import { jsonLog } from '../src/log'
import { startServer } from '../src/server'
import { mariadbDatabases, type Databases } from './contracts/store/databases'
import { postForm, sessionHeaders } from './kit/browser'
import { cookieOf, eventually, startTestServer, type TestServer } from './kit/server'
import { tempFolder } from './kit/temp-store'
import { describeWith } from './services/describe-with'
import type { MysqlConfig } from './services/mariadb'
import { hookTimeoutMs } from './services/service'

describe('startServer', () => {
  const folder = tempFolder()
  afterAll(() => folder.remove())
  const settings = { KAGAMI_PORT: '0', KAGAMI_DATA_DIR: folder.path, KAGAMI_BASE_URL: 'http://kagami.test' }
  const start = (more: Readonly<Record<string, string>> = {}) => {
    const lines = new PassThrough()
    const log: string[] = []
    lines.on('data', (part) => log.push(String(part)))
    return startServer(readConfig({ ...settings, ...more }), jsonLog('debug', lines)).then((server) => ({ ...server, log }))
  }

  it('makes a first administrator once, and keeps everything over a restart', async () => {
    const first = await start()
    expect(first.firstAdministrator).toMatchObject({ loginName: 'Administrator' })
    await first.stop()
    const second = await start()
    const signIn = await postForm(second.url, '/login', {
      loginName: 'administrator',
      password: first.firstAdministrator!.password,
    })
    await second.stop()
    expect([second.firstAdministrator, signIn.status]).toEqual([undefined, 303])
    expect(second.log.join('')).not.toContain(first.firstAdministrator!.password)
  })

  it('keeps its secret key and data to its own user', async () => {
    expect(statSync(path.join(folder.path, 'secret.key')).mode & 0o777).toBe(0o600)
  })

  it('answers a request that is under way when it is told to stop, and takes no new ones', async () => {
    const token = 'a-scim-token-of-the-test-environment'
    const server = await start({ KAGAMI_SCIM_TOKEN: token })
    const body = JSON.stringify({ userName: 'halfway' })
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'content-length': body.length }
    const halfway = httpRequest(`${server.url}/scim/v2/Users`, { method: 'POST', headers })
    const answered = once(halfway, 'response') as Promise<[IncomingMessage]>
    halfway.write(body.slice(0, 5))
    await request(server.url).get('/livez') // by now the half has come in too
    const stopped = server.stop()
    await expect(request(server.url).get('/livez')).rejects.toThrow('ECONNREFUSED')
    halfway.end(body.slice(5))
    const [answer] = await answered
    answer.resume()
    expect(answer.statusCode).toBe(201)
    await stopped
  })

  it('writes a line a request with its id, and never a token or a query', async () => {
    const server = await start()
    const answer = await request(server.url).get('/scim/v2/Users?filter=secret').set('Authorization', 'Bearer kgm_wrong')
    await server.stop()
    const line = server.log
      .join('')
      .split('\n')
      .find((text) => text.includes(answer.headers['x-request-id']!))!
    expect(JSON.parse(line)).toMatchObject({ method: 'GET', path: '/scim/v2/Users', status: 401 })
    expect(server.log.join('')).not.toMatch(/kgm_wrong|secret/)
  })

  it('web and worker nodes need a database that they can share', () => {
    expect(() => start({ KAGAMI_ROLE: 'web' })).toThrow(/KAGAMI_ROLE=web needs a database that nodes can share/)
  })
})

describe('the mirrors of a server on SQLite', () => {
  it('go on at once with what a crash had claimed', async () => {
    const server = await startTestServer()
    const config = readConfig({ KAGAMI_PORT: '0', KAGAMI_DATA_DIR: server.folder, KAGAMI_ORGANIZATION_DOMAIN: 'example.jp' })
    const hanako = await server.scim('post', '/Users').send({ userName: 'hanako' })
    await eventually(() => server.rows('chat', 'chat_account').length === 1)
    await server.withStore(async (store) => {
      await eventually(async () => (await store.read.mirror.status('chat')).waiting === 0)
      await store.transact(async (tx) => {
        await tx.record({
          actor: { kind: 'operator', name: 'x' },
          action: 'x',
          object: { kind: 'user', id: hanako.body.id as string, label: 'hanako' },
          mirror: true,
        })
        for (const target of ['chat', 'mail'] as const) await tx.mirror.claim(target, 10, 3_600_000)
      })
      expect(await store.read.mirror.hasDueWork('chat')).toBe(false)
      const next = await startServer(config, jsonLog('silent', process.stdout))
      await eventually(async () => (await store.read.mirror.status('chat')).waiting === 0)
      await next.stop()
    })
    await server.stop()
  })
})

describeWith(['mariadb'], 'several nodes on one MariaDB', () => {
  let databases: Databases
  beforeAll(async () => void (databases = await mariadbDatabases()), hookTimeoutMs)
  afterAll(() => databases.close(), hookTimeoutMs)

  it('a person whom one node takes signs in at another, and is mirrored by the one that works', async () => {
    const { user, password, host, port, database } = (await databases.empty()) as MysqlConfig
    const settings = {
      KAGAMI_DATABASE_URL: `mysql://${user}:${password}@${host}:${port}/${database}`,
      KAGAMI_SECRET_KEY: '5e'.repeat(32),
    }
    const nodes = await Promise.all(['web', 'web', 'worker'].map((role) => startTestServer({ ...settings, KAGAMI_ROLE: role })))
    const [first, second, worker] = nodes as [TestServer, TestServer, TestServer]
    const created = await first.scim('post', '/Users').send({ userName: 'hanako', password: 'a password of hers' })
    expect(created.status).toBe(201)
    const form = { loginName: 'hanako', password: 'a password of hers' }
    const signedIn = await postForm(second.url, '/login', form)
    const me = await request(first.url).get('/api/v1/me').set('Cookie', cookieOf(signedIn))
    expect(me.body.loginName).toBe('hanako')
    await eventually(() => worker.rows('mail', 'mail_user').some((row) => row['account'] === 'hanako'))
    expect((await request(worker.url).get('/scim/v2/Users')).status).toBe(404)
    await Promise.all(nodes.map((node) => node.stop()))
  }, 30_000)

  it('what one node revokes, disables or adds is known at the other within a second', async () => {
    const { user, password, host, port, database } = (await databases.empty()) as MysqlConfig
    const settings = {
      KAGAMI_DATABASE_URL: `mysql://${user}:${password}@${host}:${port}/${database}`,
      KAGAMI_SECRET_KEY: '5e'.repeat(32),
      KAGAMI_RATE_LIMITS: 'off',
    }
    const nodes = await Promise.all(['web', 'web'].map((role) => startTestServer({ ...settings, KAGAMI_ROLE: role })))
    const [first, second] = nodes as [TestServer, TestServer]
    const headers = await sessionHeaders(first.url, await first.signIn())
    const api = (method: 'post' | 'patch' | 'delete', at: string) =>
      request(first.url)[method](`/api/v1/clients${at}`).set(headers)
    const { body: client } = await api('post', '').send({ name: 'both' })
    const scopes = ['users:read']
    const { body: one } = await api('post', `/${client.id}/tokens`).send({ scopes })
    const { body: other } = await api('post', `/${client.id}/tokens`).send({ scopes })
    const { body: secret } = await api('post', `/${client.id}/secrets`).send({ scopes })
    const form = { grant_type: 'client_credentials', client_id: client.id, client_secret: secret.secret }
    const { body: access } = await request(first.url).post('/oauth/token').type('form').send(form)
    const tokens = [one.token, other.token, access.access_token] as const
    const statuses = (node: TestServer) =>
      Promise.all(
        tokens.map(
          async (token) => (await request(node.url).get('/scim/v2/Users').set('Authorization', `Bearer ${token}`)).status,
        ),
      )
    /** How long the other node goes on as before, while it is busy with these tokens. */
    const untilKnown = async (expected: readonly number[]) => {
      const since = Date.now()
      expect(await statuses(first)).toEqual(expected) // here at once
      await eventually(async () => JSON.stringify(await statuses(second)) === JSON.stringify(expected))
      return Date.now() - since
    }
    expect([await statuses(first), await statuses(second)]).toEqual([[200, 200, 200], [200, 200, 200]]) // prettier-ignore
    await api('delete', `/${client.id}/tokens/${one.id}`)
    expect(await untilKnown([401, 200, 200])).toBeLessThan(5_000) // a second, on a machine that has time
    await api('delete', `/${client.id}/secrets/${secret.id}`)
    expect(await untilKnown([401, 200, 401])).toBeLessThan(5_000)
    await api('patch', `/${client.id}`).send({ disabled: true })
    expect(await untilKnown([401, 401, 401])).toBeLessThan(5_000)
    await Promise.all(nodes.map((node) => node.stop()))
  }, 60_000)
})
