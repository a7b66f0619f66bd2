import request from 'supertest'
import { leave, post, trialOf, type Trial } from '../attacks/lab'
import { mariadbDatabases, type Databases } from '../contracts/store/databases'
import { idpMetadata, makeIdp, rightParts, type TestIdp } from '../kit/saml-idp'
import { startTestServer, type TestServer } from '../kit/server'
import { describeWith } from '../services/describe-with'
import type { MysqlConfig } from '../services/mariadb'
import { hookTimeoutMs } from '../services/service'

describeWith(['mariadb'], 'SAML sign-in at two nodes on one MariaDB', () => {
  let databases: Databases
  let idp: TestIdp
  let [a, b]: TestServer[] = []
  beforeAll(async () => {
    databases = await mariadbDatabases()
    idp = await makeIdp()
    const { user, password, host, port, database } = (await databases.empty()) as MysqlConfig
    const settings = {
      KAGAMI_BASE_URL: rightParts.entityId,
      KAGAMI_DATABASE_URL: `mysql://${user}:${password}@${host}:${port}/${database}`,
      KAGAMI_SECRET_KEY: '5e'.repeat(32),
      KAGAMI_ROLE: 'web',
      KAGAMI_SAML_IDP_METADATA: idpMetadata([idp.certificate]),
    }
    a = await startTestServer(settings)
    b = await startTestServer(settings)
  }, hookTimeoutMs)
  afterAll(async () => {
    for (const node of [a, b]) await node?.stop()
    await databases.close()
  }, hookTimeoutMs)

  const person = async (userName: string) => (await a!.scim('post', '/Users').send({ userName })).body.id as string
  /** Leaves at one node; what the identity provider says of him. */
  const begin = async (node: TestServer, userName: string): Promise<{ readonly trial: Trial; readonly xml: string }> => {
    const idps = { idp, ec: idp, dsa: idp, lowExponent: idp, encryption: idp, foreign: idp, sp: idp, outside: { url: '' } }
    const trial = trialOf(idps, await leave(node))
    return { trial, xml: trial.signed({ nameId: `<saml:NameID>${userName}</saml:NameID>` }) }
  }
  const arrive = async (node: TestServer, { trial, xml }: { readonly trial: Trial; readonly xml: string }) =>
    post(node, trial.cookie, xml, { counts: false })
  const signIn = async (userName: string) => {
    const { said, sessionCookie } = await arrive(b!, await begin(a!, userName))
    expect(said).toBe('signed in')
    return sessionCookie!
  }
  const statuses = async (cookie: string) =>
    Promise.all([a!, b!].map(async ({ url }) => (await request(url).get('/api/v1/me').set('Cookie', cookie)).status))
  /** How long the session lived on, at whichever node. */
  const livedOnMs = async (cookie: string) => {
    const started = performance.now()
    while ((await statuses(cookie)).some((status) => status === 200)) {
      if (performance.now() - started > 5_000) break
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    return performance.now() - started
  }

  it('begins at one and ends at the other; the session holds at both', async () => {
    await person('crossing')
    expect(await statuses(await signIn('crossing'))).toEqual([200, 200])
  }, 60_000)

  it('refuses a Response the second time at either, also when both get it at once', async () => {
    await person('again')
    const begun = await begin(a!, 'again')
    expect((await arrive(b!, begun)).said).toBe('signed in')
    for (const node of [a!, b!]) expect(await arrive(node, begun)).toMatchObject({ status: 400, said: 'SLASH_SA02' })
    const next = await begin(b!, 'again')
    const reused = next.trial.signed({ assertionId: begun.trial.right.assertionId, nameId: '<saml:NameID>again</saml:NameID>' })
    expect((await arrive(a!, { ...next, xml: reused })).said).toBe('SLASH_SA04 firstUse')
    const at = await begin(a!, 'again')
    const said = await Promise.all([a!, b!, a!, b!, a!, b!].map((node) => arrive(node, at).then((outcome) => outcome.said)))
    expect(said.sort()).toEqual([...Array.from({ length: 5 }, () => 'SLASH_SA02'), 'signed in'])
  }, 60_000)

  it.each<readonly [string, (id: string) => Promise<unknown>]>([
    ['suspended', (id) => a!.scim('patch', `/Users/${id}`).send({ Operations: [{ op: 'replace', value: { active: false } }] })],
    ['deleted', (id) => a!.scim('delete', `/Users/${id}`)],
    [
      'given another password',
      (id) =>
        a!.scim('patch', `/Users/${id}`).send({ Operations: [{ op: 'replace', value: { password: 'quite another one 5' } }] }),
    ],
  ])(
    'ends the session of who is %s at both within a second',
    async (what, change) => {
      const name = what.replaceAll(' ', '-')
      const id = await person(name)
      const cookie = await signIn(name)
      expect(await statuses(cookie)).toEqual([200, 200])
      await change(id)
      expect(await livedOnMs(cookie)).toBeLessThan(1_000)
      expect(await statuses(cookie)).toEqual([401, 401])
    },
    60_000,
  )
})
