import { createPublicKey, createVerify, X509Certificate } from 'node:crypto'
import { inflateRawSync } from 'node:zlib'
import request from 'supertest'
import { postForm } from '../../kit/browser'
import { admin, baseUrl, eventually, startTestServer, type TestServer } from '../../kit/server'
import { encryptedXml } from '../../kit/saml-encryption'
import {
  assertionXml,
  encode,
  idpMetadata,
  makeIdp,
  responseXml,
  signedResponse,
  signXml,
  type TestIdp,
} from '../../kit/saml-idp'

const minute = 60_000

/** What the settings do to sign-ins, with the whole product. */
describe('SAML options', () => {
  let server: TestServer
  let token: string
  let idp: TestIdp
  beforeAll(async () => {
    server = await startTestServer()
    token = await server.token(['admin'])
    idp = await makeIdp()
    await server.scim('post', '/Users').send({ userName: 'taro', password: 'correct horse battery' })
    await set({ idp: { metadata: idpMetadata([idp.certificate]), logoutUrl: 'https://idp.test/bye?x=1' } })
  })
  afterAll(() => server.stop())

  const api = (method: 'get' | 'post' | 'patch', path = '') =>
    request(server.url)[method](`/api/v1/saml${path}`).set('Authorization', `Bearer ${token}`)
  /** In force within a second. */
  const set = async (change: object) => {
    expect((await api('patch').send(change)).status).toBe(200)
    expect((await api('post', '/enable').send({ force: true, reason: 'tests' })).status).toBe(200)
    await new Promise((resolve) => setTimeout(resolve, 1_100))
  }
  const at = (ms: number) => new Date(Date.now() + ms).toISOString()
  const leave = async () => {
    const answer = await request(server.url).get('/saml/login')
    const url = new URL(answer.headers['location']!)
    const xml = inflateRawSync(Buffer.from(url.searchParams.get('SAMLRequest')!, 'base64')).toString()
    const pending = (answer.headers['set-cookie'] as unknown as readonly string[])[0]!.split(';')[0]!
    return { url, xml, pending, requestId: /ID="([^"]+)"/.exec(xml)![1]! }
  }
  const parts = (requestId: string) => ({
    requestId,
    assertionId: `_${Math.random()}`,
    entityId: baseUrl,
    acsUrl: `${baseUrl}/saml/acs`,
    issueInstant: at(0),
    notBefore: at(-minute),
    notOnOrAfter: at(5 * minute),
  })
  const post = (pending: string, xml: string, language = 'en') =>
    request(server.url)
      .post('/saml/acs')
      .set('Cookie', pending)
      .set('Accept-Language', language)
      .type('form')
      .send({ SAMLResponse: encode(xml) })
  const signIn = async (overrides: object = {}) => {
    const { pending, requestId } = await leave()
    return post(pending, signedResponse(idp, { ...parts(requestId), ...overrides }))
  }

  it('AuthnRequests are unsigned, and ask for nothing more, at first', async () => {
    const { url, xml } = await leave()
    expect([...url.searchParams.keys()]).toEqual(['tenant', 'SAMLRequest'])
    expect(xml).not.toMatch(/ForceAuthn|RequestedAuthnContext|Index|\{/)
  })

  it('signs AuthnRequests with the key of our metadata, asks anew, and for one of the contexts', async () => {
    const contexts = ['urn:example:a&b', 'urn:oasis:names:tc:SAML:2.0:ac:classes:Password']
    await set({ signAuthnRequests: true, forceAuthn: true, requestedAuthnContext: contexts })
    const { url, xml } = await leave()
    const query = url.search.slice(1).split('&').filter((part) => /^(SAMLRequest|SigAlg)=/.test(part)).join('&') // prettier-ignore
    const metadata = (await request(server.url).get('/saml/metadata').buffer()).text
    expect(metadata).toContain('AuthnRequestsSigned="true"')
    const certificate = /use="signing">.*?<ds:X509Certificate>([^<]+)</.exec(metadata)![1]!
    const key = createPublicKey(
      new X509Certificate(Buffer.from(certificate, 'base64')).publicKey.export({ type: 'spki', format: 'pem' }),
    )
    const signature = Buffer.from(url.searchParams.get('Signature')!, 'base64')
    expect(createVerify('sha256').update(query).verify(key, signature)).toBe(true)
    expect(xml).toContain('ForceAuthn="true"')
    expect(xml).toContain('<saml:AuthnContextClassRef>urn:example:a&amp;b</saml:AuthnContextClassRef>')
    const refused = await signIn()
    expect([refused.status, refused.text]).toEqual([400, expect.stringContaining('AuthnContextClassRef')])
    await set({ signAuthnRequests: false, forceAuthn: false, requestedAuthnContext: [] })
    expect((await signIn()).status).toBe(303)
  })

  it('reads an assertion that is encrypted for the certificate of our metadata, also while the key is rolled over', async () => {
    const encryptedFor = async () => {
      const metadata = (await request(server.url).get('/saml/metadata').buffer()).text
      const base64 = /use="encryption">.*?<ds:X509Certificate>([^<]+)</.exec(metadata)![1]!
      const { publicKey } = new X509Certificate(Buffer.from(base64, 'base64'))
      return async () => {
        const { pending, requestId } = await leave()
        const p = parts(requestId)
        const assertion = signXml(idp, assertionXml(p), p.assertionId)
        return (await post(pending, responseXml(encryptedXml(assertion, { ...idp, publicKey }), p))).status
      }
    }
    const first = await encryptedFor()
    expect(await first()).toBe(303)
    for (const step of ['next', 'promote']) expect((await api('post', `/keys/${step}`)).status).toBe(200)
    await new Promise((resolve) => setTimeout(resolve, 1_100))
    const second = await encryptedFor()
    expect([await first(), await second()]).toEqual([303, 303])
    await api('post', '/keys/retire')
    await new Promise((resolve) => setTimeout(resolve, 1_100))
    expect([await first(), await second()]).toEqual([400, 303])
  })

  it('takes clocks as far apart as the settings say', async () => {
    const late = { notBefore: at(2 * minute), issueInstant: at(2 * minute) }
    expect((await signIn(late)).status).toBe(400)
    await set({ clockSkewSeconds: 180 })
    expect((await signIn(late)).status).toBe(303)
    await set({ clockSkewSeconds: 60 })
  })

  it('a newer AuthnRequest takes the place of the one before: its Response is SLASH_SA02 (S34)', async () => {
    const [first, second] = [await leave(), await leave()]
    const old = await post(second.pending, signedResponse(idp, parts(first.requestId)))
    expect([old.status, /SLASH_\w+/.exec(old.text)![0]]).toEqual([400, 'SLASH_SA02'])
  })

  it.each([
    ['ja', 'lang="ja"', 'リクエストID'],
    ['en-US', 'lang="en"', 'Request id'],
    ['zh-CN,zh;q=0.9', 'lang="zh"', '请求ID'],
    ['fr', 'lang="ja"', 'リクエストID'],
  ])('speaks the language of the browser: %s', async (language, lang, words) => {
    const { pending } = await leave()
    const answer = await post(pending, '<nothing/>', language)
    for (const text of [lang, words, answer.headers['x-request-id'] as string]) expect(answer.text).toContain(text)
  })

  it('the local password is for administrators while SAML is on, and for others where the settings say so (S32)', async () => {
    const passwordOf = async (loginName: string) => {
      const form = { loginName, password: admin.password }
      return (await postForm(server.url, '/login', form)).status
    }
    expect([await passwordOf(admin.loginName), await passwordOf('taro')]).toEqual([303, 401])
    await set({ passwordSignIn: 'everyone' })
    expect(await passwordOf('taro')).toBe(303)
    await set({ passwordSignIn: 'administrators' })
    await api('post', '/disable')
    expect(await passwordOf('taro')).toBe(303)
    await api('post', '/enable')
  })

  it('signing out ends the session here first, then goes to the URL after sign-out (S37)', async () => {
    await eventually(async () => (await signIn()).status === 303)
    const answer = await signIn()
    const session = String(answer.headers['set-cookie'])
      .match(/(?:__Host-)?kagami=[^;,]+/g)!
      .at(-1)!
    const out = await postForm(server.url, '/logout', {}, { Cookie: session })
    expect([out.status, out.headers['location']]).toEqual([303, 'https://idp.test/bye?x=1'])
    expect((await request(server.url).get('/api/v1/me').set('Cookie', session)).status).toBe(401)
  })

  it('a restart keeps settings and key', async () => {
    const before = (await api('get', '/keys')).body.keys[0].id
    await server.restart()
    expect((await signIn()).status).toBe(303)
    expect((await api('get', '/keys')).body.keys[0].id).toBe(before)
  })
})
