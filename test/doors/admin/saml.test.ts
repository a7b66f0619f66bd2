import request from 'supertest'
import { sessionHeaders } from '../../kit/browser'
import { inflateRawSync } from 'node:zlib'
import { baseUrl, eventually, startTestServer, type TestServer } from '../../kit/server'
import { base64Of, encode, idpMetadata, makeIdp, signedResponse, type TestIdp } from '../../kit/saml-idp'

const minute = 60_000
const attributesXml = (values: Readonly<Record<string, string>>) =>
  `<saml:AttributeStatement>${Object.entries(values)
    .map(([name, value]) => `<saml:Attribute Name="${name}"><saml:AttributeValue>${value}</saml:AttributeValue></saml:Attribute>`)
    .join('')}</saml:AttributeStatement>`

describe('/api/v1/saml', () => {
  let server: TestServer
  let headers: Readonly<Record<string, string>>
  let idp: TestIdp
  beforeAll(async () => {
    server = await startTestServer()
    headers = await sessionHeaders(server.url, await server.signIn())
    idp = await makeIdp()
    await server.scim('post', '/Users').send({ userName: 'taro' })
  })
  afterAll(() => server.stop())

  const api = (method: 'get' | 'post' | 'put' | 'patch', path = '') =>
    request(server.url)[method](`/api/v1/saml${path}`).set(headers)
  const metadata = () => idpMetadata([idp.certificate])
  const at = (ms: number) => new Date(Date.now() + ms).toISOString()
  /** The identity provider's answer to a request that a browser was sent away with. */
  const answerTo = async (left: request.Response, overrides: Parameters<typeof signedResponse>[1] = {}) => {
    const url = new URL(left.headers['location']!)
    const xml = inflateRawSync(Buffer.from(url.searchParams.get('SAMLRequest')!, 'base64')).toString()
    const pending = (left.headers['set-cookie'] as unknown as readonly string[])[0]!.split(';')[0]!
    const SAMLResponse = encode(
      signedResponse(idp, {
        requestId: /ID="([^"]+)"/.exec(xml)![1]!,
        assertionId: `_${Math.random()}`,
        entityId: baseUrl,
        acsUrl: `${baseUrl}/saml/acs`,
        issueInstant: at(0),
        notBefore: at(-minute),
        notOnOrAfter: at(5 * minute),
        ...overrides,
      }),
    )
    return request(server.url)
      .post('/saml/acs')
      .set('Cookie', pending)
      .set('Accept-Language', 'en')
      .type('form')
      .send({ SAMLResponse })
  }
  const signIn = async (overrides: Parameters<typeof signedResponse>[1] = {}) =>
    answerTo(await request(server.url).get('/saml/login'), overrides)
  const testUrl = async () => {
    const { body } = await api('post', '/test')
    return (body as { url: string }).url.replace(baseUrl, '')
  }
  const trySettings = async (overrides: Parameters<typeof signedResponse>[1] = {}) =>
    answerTo(await request(server.url).get(await testUrl()), overrides)

  it('is off at first, with the defaults', async () => {
    const { body, headers } = await api('get')
    expect(body).toEqual({
      enabled: false,
      source: 'administrator',
      locked: [],
      sp: { entityId: baseUrl, acsUrl: `${baseUrl}/saml/acs`, metadataUrl: `${baseUrl}/saml/metadata` },
      active: null,
      draft: {
        idp: null,
        clockSkewSeconds: 60,
        allowSha1: false,
        signAuthnRequests: false,
        forceAuthn: false,
        requestedAuthnContext: [],
        jit: { enabled: false, displayName: null, email: null, familyName: null, givenName: null },
        passwordSignIn: 'administrators',
      },
      test: null,
      mayEnable: false,
      warnings: [],
    })
    expect(headers['etag']).toBe('"0"')
    for (const path of ['/enable', '/test']) {
      const answer = await api('post', path)
      expect([answer.status, answer.body.code]).toEqual([409, 'samlNotConfigured'])
    }
  })

  it.each<[string, object, RegExp]>([
    ['no certificate', { idp: { ssoUrl: 'https://idp.test/sso' } }, /metadata, or both ssoUrl and certificates/],
    ['three certificates', { idp: { ssoUrl: 'https://idp.test/sso', certificates: ['a', 'b', 'c'] } }, /1 to 2 certificates/],
    ['what is no certificate', { idp: { ssoUrl: 'https://idp.test/sso', certificates: ['a'] } }, /certificate cannot be read/],
    ['two forms', { idp: { metadata: '<a/>', ssoUrl: 'https://idp.test/sso' } }, /Send one form/],
    ['metadata of nobody', { idp: { metadata: '<a/>' } }, /describes no SAML 2\.0 identity provider/],
    ['a skew of 6 minutes', { clockSkewSeconds: 360 }, /from 0 to 300/],
    ['a context that is none', { requestedAuthnContext: ['password'] }, /no AuthnContext class/],
    ['a member that is not there', { jit: { enable: true } }, /no such member/],
  ])('refuses %s, and says how to mend it', async (_what, change, words) => {
    const answer = await api('put').send(change)
    expect([answer.status, answer.body.status]).toEqual([400, 400])
    expect(answer.body.detail).toMatch(words)
    expect((await api('get')).headers['etag']).toBe('"0"')
  })

  it('refuses metadata that may not be used any more, wherever it says so', async () => {
    const ended = (xml: string, element: string) => xml.replace(`<${element}`, `<${element} validUntil="2020-01-01T00:00:00Z"`)
    for (const element of ['EntityDescriptor', 'IDPSSODescriptor']) {
      const answer = await api('put').send({ idp: { metadata: ended(metadata(), element) } })
      expect([answer.status, answer.body.code]).toEqual([400, 'invalidSamlIdp'])
      expect(answer.body.detail).toMatch(/valid until 2020-01-01.*Get it from the identity provider once more/)
    }
  })

  it('enables a draft only after a test sign-in with just these settings', async () => {
    const put = await api('put')
      .set('If-Match', '"0"')
      .send({ idp: { metadata: metadata() } })
    expect([put.status, put.headers['etag'], put.body.enabled, put.body.mayEnable]).toEqual([200, '"1"', false, false])
    expect(put.body.draft.idp).toMatchObject({ entityId: 'https://idp.test/', ssoUrl: 'https://idp.test/sso?tenant=1' })
    expect(put.body.draft.idp.certificates).toEqual([expect.objectContaining({ keyType: 'rsa', keyBits: 2048, state: 'valid' })])
    expect((await api('put').set('If-Match', '"0"').send({})).status).toBe(412)
    expect((await api('post', '/enable')).body.code).toBe('samlNotTested')

    const failed = await trySettings({ entityId: 'https://other.example' })
    expect([failed.status, failed.text]).toEqual([400, expect.stringContaining('The test sign-in failed')])
    expect((await trySettings({ nameId: '<saml:NameID>nobody</saml:NameID>' })).text).toContain('No user account')
    expect((await api('get')).body.mayEnable).toBe(false)

    const tried = await trySettings({ attributes: attributesXml({ mail: 'taro@example.jp&lt;b&gt;' }) })
    expect([tried.status, tried.text]).toEqual([200, expect.stringContaining('The test sign-in succeeded')])
    expect(tried.text).toContain('taro@example.jp&lt;b&gt;')
    expect(String(tried.headers['set-cookie'])).not.toMatch(/kagami=/)
    expect((await request(server.url).get('/saml/login')).status).toBe(404)

    const changed = await api('patch').send({ forceAuthn: true })
    expect([changed.body.mayEnable, changed.body.test]).toEqual([false, null])
    expect((await api('post', '/enable')).body.code).toBe('samlNotTested')
    const back = await api('patch').send({ forceAuthn: false })
    expect([back.body.mayEnable, back.body.test.nameId]).toEqual([true, 'taro'])

    const enabled = await api('post', '/enable')
    expect([enabled.status, enabled.body.enabled]).toEqual([200, true])
    await eventually(async () => (await request(server.url).get('/saml/login')).status === 302)
    expect((await signIn()).status).toBe(303)
  })

  it('a test URL works once, for ten minutes, and for the draft that it was made for', async () => {
    const url = await testUrl()
    expect((await request(server.url).get(url)).status).toBe(302)
    const again = await request(server.url).get(url).set('Accept-Language', 'en')
    expect([again.status, again.text]).toEqual([410, expect.stringContaining('cannot be used')])
    expect((await request(server.url).get('/saml/login?test=v1.x.y.z.a')).status).toBe(410)
    const stale = await testUrl()
    const left = await request(server.url).get(await testUrl())
    await api('patch').send({ clockSkewSeconds: 30 })
    expect((await request(server.url).get(stale)).status).toBe(410)
    const answer = await answerTo(left)
    expect([answer.status, answer.text]).toEqual([400, expect.stringContaining('changed during the test')])
    await api('patch').send({ clockSkewSeconds: 60 })
  })

  it('keeps what is in force while a draft is changed; force needs a reason, which is audited', async () => {
    await api('patch').send({ idp: { logoutUrl: 'https://idp.test/bye' }, requestedAuthnContext: ['urn:example:strong'] })
    expect((await signIn()).status).toBe(303)
    expect((await api('post', '/enable').send({ force: true })).body.errors).toEqual([
      { field: 'reason', detail: expect.stringContaining('Say why') as string },
    ])
    const forced = await api('post', '/enable').send({ force: true, reason: 'The identity provider is down today' })
    expect(forced.body.active).toMatchObject({ requestedAuthnContext: ['urn:example:strong'] })
    expect(JSON.stringify(server.rows('kagami', 'audit_line'))).toContain('The identity provider is down today')
    await eventually(async () => (await signIn()).text.includes('SLASH_SA04'))
    await api('patch').send({ requestedAuthnContext: [] })
    await api('post', '/enable').send({ force: true, reason: 'back' })
    await eventually(async () => (await signIn()).status === 303)
  })

  it('takes two certificates while they are rolled over, and no sign-in fails on the way', async () => {
    const next = await makeIdp()
    const [old, both] = [idp, [idp.certificate, base64Of(next.certificate)]]
    const patched = await api('patch').send({ idp: { certificates: both } })
    expect(patched.body.draft.idp.certificates).toHaveLength(2)
    expect((await trySettings()).status).toBe(200)
    expect((await api('post', '/enable')).status).toBe(200)
    await eventually(async () => {
      idp = next
      const { status } = await signIn()
      idp = old
      return status === 303
    })
    expect((await signIn()).status).toBe(303)
    await api('patch').send({ idp: { certificates: [next.certificate] } })
    idp = next
    expect((await trySettings()).status).toBe(200)
    expect((await api('post', '/enable')).status).toBe(200)
    expect((await signIn()).status).toBe(303)
  })

  it('makes who is not there at his first sign-in, when that is on, by the rules of the directory', async () => {
    const names = { displayName: 'dn', email: 'mail', familyName: 'sn', givenName: 'gn' }
    await api('patch').send({ jit: { enabled: true, ...names } })
    const nameId = (name: string) => ({ nameId: `<saml:NameID>${name}</saml:NameID>` })
    const values = { dn: '山田 花子', mail: 'hanako@example.jp', sn: '山田', gn: 'x'.repeat(300) }
    const tried = await trySettings({ ...nameId('hanako'), attributes: attributesXml(values) })
    expect([tried.status, tried.text]).toEqual([200, expect.stringContaining('made at the first sign-in')])
    const found = async (name: string) => (await server.scim('get', `/Users?filter=userName eq "${name}"`)).body.Resources ?? []
    expect(await found('hanako')).toEqual([])
    await api('post', '/enable')
    await eventually(async () => (await signIn({ ...nameId('hanako'), attributes: attributesXml(values) })).status === 303)
    const [hanako] = await found('hanako')
    expect(hanako).toMatchObject({
      userName: 'hanako',
      displayName: '山田 花子',
      name: { familyName: '山田' },
      emails: [{ value: 'hanako@example.jp', type: 'work', primary: true }],
    })
    expect(hanako.name.givenName).toBeUndefined() // too long: left out
    const lines = server.rows('kagami', 'audit_line').filter(({ label }) => label === 'hanako')
    expect(lines).toContainEqual(expect.objectContaining({ action: 'add user', actor_name: 'SAML just-in-time' }))
    const all = await Promise.all(Array.from({ length: 4 }, () => signIn(nameId('jiro'))))
    expect(all.map(({ status }) => status)).toEqual([303, 303, 303, 303])
    expect(await found('jiro')).toHaveLength(1)
    for (const bad of ['a,b', ' x', 'ｊｉｒｏ', 'y'.repeat(200)])
      expect([bad, (await signIn(nameId(bad))).status]).toEqual([bad, 403])
    await api('patch').send({ jit: { enabled: false } })
    await api('post', '/enable').send({ force: true, reason: 'no creation any more' })
    let tries = 0 // who comes within a second is still made
    await eventually(async () => (await signIn(nameId(`saburo${++tries}`))).status === 403)
  })

  it('rolls the SP key over: next is published, then promoted, then the old one retired', async () => {
    const published = async () =>
      [...(await request(server.url).get('/saml/metadata').buffer()).text.matchAll(/<ds:X509Certificate>([^<]+)</g)].map(
        ([, base64]) => base64,
      )
    const uses = ({ body }: request.Response) => (body.keys as { use: string }[]).map(({ use }) => use)
    const first = await api('get', '/keys')
    expect([uses(first), first.text.includes('PRIVATE')]).toEqual([['current'], false])
    const pem = base64Of(first.body.keys[0].certificate.pem)
    expect(await published()).toEqual([pem, pem]) // for signing and for encryption
    expect((await api('post', '/keys/promote')).body.code).toBe('spKeyState')
    expect(uses(await api('post', '/keys/next'))).toEqual(['current', 'next'])
    expect((await api('post', '/keys/next')).status).toBe(409)
    expect(new Set(await published()).size).toBe(2)
    expect(uses(await api('post', '/keys/promote'))).toEqual(['previous', 'current'])
    expect(await published()).not.toContain(pem)
    expect(uses(await api('post', '/keys/retire'))).toEqual(['current'])
    expect((await api('post', '/keys/retire')).status).toBe(409)
    expect(JSON.stringify(server.rows('kagami', 'system_setting'))).not.toContain('PRIVATE')
  })

  it('lists the last sign-ins with every check, and the Response without what could be misused', async () => {
    expect((await signIn()).status).toBe(303)
    const secret = await signIn({ entityId: 'https://other.example', attributes: attributesXml({ mail: 'secret@example.jp' }) })
    const requestId = secret.headers['x-request-id'] as string
    const signIns = async () => (await api('get', '/sign-ins')).body.signIns as { requestId: string; result: string }[]
    await eventually(async () => (await signIns()).some((one) => one.requestId === requestId))
    expect((await signIns()).length).toBeLessThanOrEqual(100)
    expect(await signIns()).toContainEqual(expect.objectContaining({ result: 'ok', nameId: 'taro', failed: [], test: false }))
    const { body } = await api('get', `/sign-ins/${requestId}`)
    expect(body).toMatchObject({
      code: 'SLASH_SA04',
      failed: ['audience'],
      nameId: 'taro',
      address: expect.any(String) as string,
    })
    expect(body.verdicts).toContainEqual({ name: 'audience', passed: false, expected: baseUrl, actual: 'https://other.example' })
    expect(body.xml).toContain('>taro</saml:NameID>')
    expect(body.xml).not.toContain('secret@example.jp')
    expect(body.xml).toMatch(/<ds:SignatureValue>\[\d+ characters\]<\/ds:SignatureValue>/)
    const none = await api('get', '/sign-ins/nothing')
    expect([none.status, none.body.code]).toEqual([404, 'signInNotFound'])
  })

  it('is for administrators alone', async () => {
    const token = await server.token(['users:read', 'users:write', 'groups:read', 'groups:write'])
    const as = (method: 'get' | 'post', path: string) =>
      request(server.url)[method](`/api/v1/saml${path}`).set('Authorization', `Bearer ${token}`)
    for (const path of ['', '/keys', '/sign-ins', '/sign-ins/x']) expect((await as('get', path)).status).toBe(403)
    for (const path of ['/test', '/enable', '/disable', '/keys/next', '/keys/promote', '/keys/retire'])
      expect((await as('post', path)).status).toBe(403)
  })

  it('disable turns SAML off and keeps the settings; what was in force is enabled again without a test', async () => {
    expect((await api('post', '/disable')).body.enabled).toBe(false)
    await eventually(async () => (await request(server.url).get('/saml/login')).status === 404)
    expect((await api('post', '/enable')).body.enabled).toBe(true)
  })
})
