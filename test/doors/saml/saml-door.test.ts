import express from 'express'
import request from 'supertest'
import { inflateRawSync } from 'node:zlib'
import { cookiesFor } from '../../../src/doors/cookies'
import { requestContext, showRequestId } from '../../../src/doors/request'
import { samlDoor } from '../../../src/doors/saml/saml-door'
import { jsonLog } from '../../../src/log'
import { SamlVerifierBusy } from '../../../src/ports/saml-verifier'
import type { Store } from '../../../src/ports/store'
import { bootstrapSamlIdp } from '../../../src/usecases/access/saml-settings'
import { findSession } from '../../../src/usecases/access/find-session'
import { takeAssertion } from '../../../src/usecases/access/take-assertion'
import { parseSamlIdp } from '../../../src/wire/saml/parse-saml-idp'
import { aUser, start } from '../../kit/builders'
import { samlDeps } from '../../kit/saml-deps'
import { encode, idpMetadata, makeIdp, rightParts, signedResponse, type TestIdp } from '../../kit/saml-idp'
import { openTempStore, settableClock, testSecrets } from '../../kit/temp-store'

const baseUrl = 'https://id.example.jp'
const minute = 60_000

describe('/saml', () => {
  const clock = settableClock(start)
  const deps = samlDeps(baseUrl, clock)
  let idp: TestIdp
  let store: Store
  let close: () => Promise<void>
  let app: express.Express

  const appOver = (over: Store, more: Partial<typeof deps> = {}) =>
    express()
      .use(
        requestContext(jsonLog('silent', process.stdout), () => undefined, { answered: 0 }),
        showRequestId,
      )
      .use(
        '/saml',
        samlDoor({ ...deps, ...more, store: over, clock, secrets: testSecrets, cookies: cookiesFor(baseUrl) }, baseUrl),
      )

  beforeAll(async () => {
    idp = await makeIdp()
    ;({ store, close } = await openTempStore(undefined, clock))
    app = appOver(store)
    await store.transact(async (tx) => {
      await tx.users.insert(aUser({ loginName: 'taro' }), undefined)
      await tx.users.insert(aUser({ loginName: 'teishi', status: 'suspended' }), undefined)
    })
  })
  afterAll(() => close())
  beforeEach(() => clock.set(start))

  const useIdp = () => bootstrapSamlIdp({ store }, parseSamlIdp({ kind: 'metadata', xml: idpMetadata([idp.certificate]) }))
  const cookies = (answer: request.Response) => (answer.headers['set-cookie'] ?? []) as unknown as readonly string[]
  /** Leaves for the identity provider. */
  const leave = async (query = '') => {
    const answer = await request(app).get(`/saml/login${query}`)
    const url = new URL(answer.headers['location']!)
    const authnRequest = inflateRawSync(Buffer.from(url.searchParams.get('SAMLRequest')!, 'base64')).toString()
    return {
      answer,
      url,
      authnRequest,
      requestId: /ID="([^"]+)"/.exec(authnRequest)![1]!,
      cookie: cookies(answer)[0]!.split(';')[0]!,
    }
  }
  let made = 0
  const response = (requestId: string, overrides: Parameters<typeof signedResponse>[1] = {}) =>
    encode(signedResponse(idp, { requestId, assertionId: `_a${++made}`, ...overrides }))
  const post = (cookie: string, form: object, language = 'en') =>
    request(app).post('/saml/acs').set('Cookie', cookie).set('Accept-Language', language).type('form').send(form)
  /** A whole sign-in, but for what is overridden. */
  const signIn = async (overrides: Parameters<typeof signedResponse>[1] = {}, more: object = {}, query = '') => {
    const { cookie, requestId } = await leave(query)
    return post(cookie, { SAMLResponse: response(requestId, overrides), ...more })
  }
  const failedRows = (answer: request.Response) => answer.text.split('class="failed"').length - 1

  it('says how to configure an identity provider while there is none', async () => {
    const answer = await request(app).get('/saml/login').set('Accept-Language', 'en')
    expect([answer.status, cookies(answer)]).toEqual([404, []])
    for (const part of ['KAGAMI_SAML_IDP_METADATA_FILE', baseUrl, `${baseUrl}/saml/acs`]) expect(answer.text).toContain(part)
  })

  describe('with an identity provider', () => {
    beforeAll(async () => {
      await useIdp()
      app = appOver(store) // remembers for a second that there was none
    })

    it('GET /saml/metadata tells entity id and ACS, from the base URL and never from the Host header', async () => {
      const answer = await request(app)
        .get('/saml/metadata')
        .buffer()
        .set('Host', 'evil.example')
        .set('X-Forwarded-Host', 'evil.example')
      expect(answer.headers['content-type']).toContain('application/samlmetadata+xml')
      const xml = answer.text
      expect(xml).toContain(`entityID="${baseUrl}"`)
      expect(xml).toContain(`Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="${baseUrl}/saml/acs"`)
      expect(xml).not.toContain('evil')
    })

    it('GET /saml/login sends an AuthnRequest by HTTP-Redirect and keeps it in a cookie that comes back across sites', async () => {
      const { answer, url, authnRequest } = await leave()
      expect([answer.status, url.origin + url.pathname, url.searchParams.get('tenant')]).toEqual([
        302,
        'https://idp.test/sso',
        '1',
      ])
      for (const part of [
        `Destination="https://idp.test/sso?tenant=1"`,
        `URL="${baseUrl}/saml/acs"`,
        `<saml:Issuer>${baseUrl}<`,
        'unspecified',
      ]) {
        expect(authnRequest).toContain(part)
      }
      expect(cookies(answer)[0]).toMatch(/^__Host-kagami-saml=[^;]+; Path=\/; HttpOnly; SameSite=None; Secure; Max-Age=600$/)
      expect(answer.headers['cache-control']).toBe('no-store')
    })

    it('POST /saml/acs signs in with a new session, and forgets the request', async () => {
      const answer = await signIn()
      expect([answer.status, answer.headers['location']]).toEqual([303, '/'])
      expect(cookies(answer)[0]).toMatch(/^__Host-kagami-saml=; .*Max-Age=0$/)
      const session = await findSession({ store, clock }, /^__Host-kagami=([^;]+)/.exec(cookies(answer)[1]!)![1]!)
      expect(session).toMatchObject({ loginName: 'taro', method: 'saml', mustChangePassword: false })
    })

    it.each([
      ['/groups?page=2', '/groups?page=2'],
      ['//evil.example', '/'],
      ['https://evil.example', '/'],
      ['/%09/evil.example', '/'],
    ])('goes back to %s only as %s; RelayState is ignored', async (returnTo, gone) => {
      const answer = await signIn({}, { RelayState: 'https://evil.example' }, `?returnTo=${returnTo}`)
      expect(answer.headers['location']).toBe(gone)
    })

    it('SLASH_SA01: nobody, or nobody in use, has that login name (S33)', async () => {
      for (const name of ['nobody', 'teishi', '__proto__', '&lt;script&gt;alert(1)&lt;/script&gt;']) {
        const answer = await signIn({ nameId: `<saml:NameID>${name}</saml:NameID>` })
        expect([answer.status, /SLASH_\w+/.exec(answer.text)![0], cookies(answer).length]).toEqual([403, 'SLASH_SA01', 1])
      }
    })

    it('SLASH_SA02: the AuthnRequest is unknown, of another browser, too old, changed, or used before (S34)', async () => {
      const { cookie, requestId } = await leave()
      const mine = { SAMLResponse: response(requestId) }
      const refused = async (from: string) => /SLASH_\w+/.exec((await post(from, mine)).text)?.[0]
      expect(await refused('')).toBe('SLASH_SA02')
      expect(await refused((await leave()).cookie)).toBe('SLASH_SA02')
      expect(await refused(`${cookie.slice(0, -8)}AAAAAAAA`)).toBe('SLASH_SA02')
      clock.advance(10 * minute)
      expect(await refused(cookie)).toBe('SLASH_SA02')
      clock.set(start + 10 * minute - 1)
      const late = { SAMLResponse: response(requestId, { notOnOrAfter: new Date(start + 20 * minute).toISOString() }) }
      expect((await post(cookie, late)).status).toBe(303)
      expect((await post(cookie, late)).text).toContain('SLASH_SA02')
    })

    it('uses the AuthnRequest up, whatever becomes of the Response', async () => {
      const { cookie, requestId } = await leave()
      expect((await post(cookie, { SAMLResponse: 'trash' })).text).toContain('SLASH_SA04')
      expect((await post(cookie, { SAMLResponse: response(requestId) })).text).toContain('SLASH_SA02')
    })

    it('lets one of six in who bring the same Response at once', async () => {
      const { cookie, requestId } = await leave()
      const form = { SAMLResponse: response(requestId) }
      const answers = await Promise.all(Array.from({ length: 6 }, () => post(cookie, form)))
      expect(answers.map(({ status }) => status).sort()).toEqual([303, 400, 400, 400, 400, 400])
    })

    it('SLASH_SA03: no SAMLResponse, or not one (S35)', async () => {
      for (const form of [{}, { SAMLResponse: '' }, { SAMLResponse: ['a', 'b'] }, { 'SAMLResponse[x]': 'a' }]) {
        const answer = await post('', form)
        expect([answer.status, /SLASH_\w+/.exec(answer.text)![0]]).toEqual([400, 'SLASH_SA03'])
      }
      const json = await request(app).post('/saml/acs').send({ SAMLResponse: 'x' })
      expect(json.text).toContain('SLASH_SA03')
    })

    it('SLASH_SA05: any method but POST (S35)', async () => {
      for (const method of ['get', 'put', 'delete'] as const) {
        const answer = await request(app)[method]('/saml/acs?SAMLResponse=x')
        expect([answer.status, answer.headers['allow'], /SLASH_\w+/.exec(answer.text)![0]]).toEqual([405, 'POST', 'SLASH_SA05'])
      }
    })

    it('SLASH_SA04: shows each check and its result, in Japanese or English (S36)', async () => {
      const answer = await signIn({ entityId: 'https://other.example/&lt;b&gt;' })
      expect([answer.status, failedRows(answer), cookies(answer).length]).toEqual([400, 1, 1])
      expect(answer.text).toContain('https://other.example/&lt;b&gt;')
      expect(answer.headers['cache-control']).toBe('no-store')
      const { cookie } = await leave()
      const japanese = await post(cookie, { SAMLResponse: 'trash' }, 'ja')
      expect(failedRows(japanese)).toBe(5)
      for (const text of ['SAMLResponseが無効です。', 'Conditions要素のNotBefore属性', 'lang="ja"'])
        expect(japanese.text).toContain(text)
    })

    it('SLASH_SA04: an assertion that was used before', async () => {
      const { cookie, requestId } = await leave()
      await takeAssertion({ store }, '_replayed', start + minute)
      const answer = await post(cookie, { SAMLResponse: response(requestId, { assertionId: '_replayed' }) })
      expect([answer.status, failedRows(answer)]).toEqual([400, 1])
      expect(answer.text).toContain('used for the first time')
    })

    it('SLASH_FA01: something of ours failed; the page names the request id and nothing else (S35)', async () => {
      const { cookie, requestId } = await leave()
      const closed = await openTempStore()
      await closed.close()
      const answer = await request(appOver(closed.store))
        .post('/saml/acs')
        .set('Cookie', cookie)
        .type('form')
        .send({ SAMLResponse: response(requestId) })
      expect([answer.status >= 500, /SLASH_\w+/.exec(answer.text)![0]]).toEqual([true, 'SLASH_FA01'])
      expect(answer.text).toContain(answer.headers['x-request-id'])
      expect(answer.text).not.toMatch(/store|sql|Error/i)
    })

    it('SLASH_FA01 with 503 and Retry-After: too many Responses wait to be verified', async () => {
      const verify = () => Promise.reject(new SamlVerifierBusy('too many Responses wait'))
      const { cookie, requestId } = await leave()
      const answer = await request(appOver(store, { samlVerifier: { ...deps.samlVerifier, verify } }))
        .post('/saml/acs')
        .set('Cookie', cookie)
        .type('form')
        .send({ SAMLResponse: response(requestId) })
      expect([answer.status, answer.headers['retry-after'], /SLASH_\w+/.exec(answer.text)![0]]).toEqual([503, '5', 'SLASH_FA01'])
    })

    it('takes 500 KB, and refuses more than 1 MB with 413', async () => {
      const attributes = `<saml:AttributeStatement><saml:Attribute Name="groups"><saml:AttributeValue>${'x'.repeat(400_000)}</saml:AttributeValue></saml:Attribute></saml:AttributeStatement>`
      expect((await signIn({ attributes })).status).toBe(303)
      const answer = await post('', { SAMLResponse: 'A'.repeat(1_100_000) })
      expect([answer.status, /SLASH_\w+/.exec(answer.text)![0]]).toEqual([413, 'SLASH_SA04'])
    })

    it('names the issuer that is configured, and no other', async () => {
      expect(failedRows(await signIn({ issuer: `${rightParts.issuer}x` }))).toBe(1)
    })

    it('has no single logout', async () => {
      for (const path of ['/saml/slo', '/saml/logout']) expect((await request(app).post(path)).status).toBe(404)
    })
  })
})
