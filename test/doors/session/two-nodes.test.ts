import request from 'supertest'
import { argon2Passwords } from '../../../src/connectors/passwords'
import { systemClock } from '../../../src/ports/clock'
import { createAdministrator } from '../../../src/usecases/access/create-administrator'
import { mariadbDatabases, type Databases } from '../../contracts/store/databases'
import { pageOf, postForm, sessionHeaders } from '../../kit/browser'
import { admin, cookieOf, eventually, startTestServer, type TestServer } from '../../kit/server'
import { describeWith } from '../../services/describe-with'
import type { MysqlConfig } from '../../services/mariadb'
import { hookTimeoutMs } from '../../services/service'

describeWith(['mariadb'], 'sign-in at two nodes on one MariaDB', () => {
  let databases: Databases
  let nodes: readonly [TestServer, TestServer]
  beforeAll(async () => {
    databases = await mariadbDatabases()
    const { user, password, host, port, database } = (await databases.empty()) as MysqlConfig
    const settings = {
      KAGAMI_DATABASE_URL: `mysql://${user}:${password}@${host}:${port}/${database}`,
      KAGAMI_SECRET_KEY: '5e'.repeat(32),
      KAGAMI_ROLE: 'web',
      KAGAMI_TRUSTED_PROXIES: '127.0.0.1',
    }
    nodes = [await startTestServer(settings), await startTestServer(settings)]
  }, hookTimeoutMs)
  afterAll(async () => {
    for (const node of nodes) await node.stop()
    await databases.close()
  }, hookTimeoutMs)

  const from = (address: string) => ({ 'X-Forwarded-For': address })
  const isIn = async (node: TestServer, cookie: string) =>
    (await request(node.url).get('/api/v1/me').set('Cookie', cookie)).status === 200
  const everywhere = (cookie: string) => Promise.all(nodes.map((node) => isIn(node, cookie)))
  let people = 0
  const person = async () => {
    const who = { loginName: `person${++people}`, password: 'long enough it is' }
    const { body } = await nodes[0].scim('post', '/Users').send({ userName: who.loginName, password: who.password })
    return { ...who, id: body.id as string }
  }

  it('a form of one node is taken by the other, and its session is one of both', async () => {
    const { csrf, cookie } = await pageOf(nodes[0].url)
    const answer = await request(nodes[1].url)
      .post('/login')
      .set('Cookie', cookie)
      .type('form')
      .send({ csrf, ...(await person()) })
    expect(answer.status).toBe(303)
    expect(await everywhere(cookieOf(answer))).toEqual([true, true])
  })

  it('guesses are counted together: five of thirty at once, and the owner comes in by the browser that he knows', async () => {
    const who = await person()
    const first = await postForm(nodes[0].url, '/login', who, from('203.0.113.9'))
    const known = ((first.headers['set-cookie'] ?? []) as unknown as readonly string[])
      .map((one) => one.split(';', 1)[0]!)
      .find((one) => one.startsWith('kagami-device='))!
    const guesses = await Promise.all(
      Array.from({ length: 30 }, (_, i) =>
        postForm(nodes[i % 2]!.url, '/login', { ...who, password: `guess ${i}` }, from(`198.51.100.${i}`)),
      ),
    )
    const statuses = guesses.map(({ status }) => status)
    expect(statuses.filter((status) => status === 401)).toHaveLength(5)
    expect(statuses.filter((status) => status === 429)).toHaveLength(25)
    for (const node of nodes) {
      const stranger = await postForm(node.url, '/login', who, from('198.51.100.200'))
      if (stranger.status === 429) expect(Number(stranger.headers['retry-after'])).toBeGreaterThan(0)
    }
    const owner = await postForm(nodes[1].url, '/login', who, { ...from('198.51.100.201'), Cookie: known })
    expect(owner.status).toBe(303)
  })

  it.each<[string, (who: { readonly id: string; readonly loginName: string }) => PromiseLike<unknown>]>([
    [
      'a suspension',
      ({ id }) =>
        nodes[0].scim('patch', `/Users/${id}`).send({
          schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
          Operations: [{ op: 'replace', path: 'active', value: false }],
        }),
    ],
    ['a deletion', ({ id }) => nodes[0].scim('delete', `/Users/${id}`)],
    [
      'an administrator at the other node',
      async ({ id }) => {
        const headers = await sessionHeaders(nodes[0].url, await nodes[0].signIn())
        return request(nodes[0].url).delete(`/api/v1/users/${id}/sessions`).set(headers)
      },
    ],
    [
      'a new password by the command line',
      ({ loginName }) =>
        nodes[0].withStore((store) =>
          createAdministrator(
            { store, clock: systemClock, passwords: argon2Passwords() },
            { kind: 'operator', name: 'test' },
            loginName,
          ),
        ),
    ],
  ])('a session ends at both at once with %s', async (_what, change) => {
    const who = await person()
    const cookie = cookieOf(await postForm(nodes[1].url, '/login', who))
    expect(await everywhere(cookie)).toEqual([true, true])
    await change(who)
    expect(await everywhere(cookie)).toEqual([false, false])
  })

  it('no session outlives a change of the password that meets its sign-in', async () => {
    const who = await person()
    let current = who.password
    for (let round = 0; round < 4; round++) {
      const wanted = `the next long password ${round}`
      const own = cookieOf(await postForm(nodes[0].url, '/login', { ...who, password: current }))
      const [changed, ...others] = await Promise.all([
        postForm(nodes[0].url, '/password', { current, wanted }, { Cookie: own }),
        ...Array.from({ length: 3 }, (_, i) => postForm(nodes[i % 2]!.url, '/login', { ...who, password: current })),
      ])
      expect(changed.status).toBe(303)
      for (const answer of others) expect(cookieOf(answer) === '' || !(await isIn(nodes[1], cookieOf(answer)))).toBe(true)
      current = wanted
    }
  })

  it('framing follows the setting at the other node within seconds (S20)', async () => {
    const headers = await sessionHeaders(nodes[0].url, cookieOf(await postForm(nodes[0].url, '/login', admin)))
    await request(nodes[0].url).patch('/api/v1/publication').set(headers).send({ clickjackingProtection: false })
    await eventually(
      async () => (await request(nodes[1].url).get('/login?saml=off')).headers['x-frame-options'] === undefined,
      3_000,
    )
  })
})
