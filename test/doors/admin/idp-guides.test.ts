import request from 'supertest'
import { idpGuides } from '../../../src/domain/access/idp-guide'
import { baseUrl, startTestServer, type TestServer } from '../../kit/server'

describe('/api/v1/idp-guides', () => {
  let server: TestServer
  let token: string
  beforeAll(async () => {
    server = await startTestServer()
    token = await server.token(['admin'])
  })
  afterAll(() => server.stop())

  const get = (path: string, withToken = token) =>
    request(server.url).get(`/api/v1/idp-guides${path}`).set('Authorization', `Bearer ${withToken}`)

  it('lists every guide with its titles', async () => {
    const { status, body } = await get('')
    expect(status).toBe(200)
    expect(body).toEqual({ guides: Object.entries(idpGuides).map(([name, title]) => ({ name, title })) })
  })

  it.each(Object.keys(idpGuides))('%s: Markdown in both languages, with the addresses of this installation', async (name) => {
    for (const language of ['ja', 'en'] as const) {
      const { status, headers, text } = await get(`/${name}?language=${language}`)
      expect([status, headers['content-type'], headers['content-language']]).toEqual([
        200,
        'text/markdown; charset=utf-8',
        language,
      ])
      expect(text).toContain(`# ${idpGuides[name as keyof typeof idpGuides][language]}\n`)
      expect(text).toContain(`\`${baseUrl}/saml/acs\``)
      expect(text).not.toMatch(/\{[A-Z]+_[A-Z]+\}/)
      // the part about Kagami is a chapter of the same document
      expect(text).toContain(`${baseUrl}/login?saml=off`)
      expect(text.match(/^# /gm)).toHaveLength(1)
    }
  })

  it('names the addresses that the server really has', async () => {
    const { text } = await get('/entra?language=en')
    const metadata = (await request(server.url).get('/saml/metadata')).text
    const [entityId] = /(?<=entityID=")[^"]+/.exec(metadata)!
    const [acsUrl] = /(?<=AssertionConsumerService[^>]*Location=")[^"]+/.exec(metadata)!
    expect(text).toMatch(new RegExp(`\\| Identifier \\(Entity ID\\) +\\| \`${entityId}\` +\\|`))
    expect(text).toMatch(new RegExp(`\\| Reply URL [^|]+\\| \`${acsUrl}\` +\\|`))
    // the certificates that the guides speak of
    for (const use of ['signing', 'encryption'])
      expect(metadata).toMatch(new RegExp(`<KeyDescriptor use="${use}">.*<ds:X509Certificate>`))
    for (const [address, status] of [
      ['/saml/metadata', 200],
      ['/signed-out', 200],
      ['/login?saml=off', 200],
      ['/scim/v2/Users', 401],
    ] as const) {
      expect(text + (await get('/cloudgate?language=en')).text).toContain(`${baseUrl}${address.replace('/Users', '')}`)
      expect([address, (await request(server.url).get(address)).status]).toEqual([address, status])
    }
  })

  it('goes by Accept-Language where no language is asked for', async () => {
    const languageOf = async (accepted: string) =>
      (await get('/okta').set('Accept-Language', accepted)).headers['content-language'] as unknown
    expect([await languageOf('en-GB'), await languageOf('ja'), await languageOf('zh-CN')]).toEqual(['en', 'ja', 'en'])
    expect((await get('/okta')).headers['vary']).toContain('Accept-Language')
  })

  it.each(['/nobody', '/kagami', '/__proto__', '/..%2F..%2Fsaml', '/..%2Fen%2Fentra', '/entra.md', '/%00', '/entra%00'])(
    '%s is no guide: 404',
    async (path) => {
      const { status, body } = await get(path)
      expect([status, body.code, body.detail]).toEqual([404, 'guideNotFound', expect.stringContaining('GET /api/v1/idp-guides')])
    },
  )

  it.each(['?language=fr', '?language=', '?language=ja&language=en', '?language[]=ja', '?lang=ja'])(
    '%s is a bad request',
    async (query) => {
      const { status, body } = await get(`/entra${query}`)
      expect([status, body.code]).toEqual([400, 'invalidInput'])
    },
  )

  it('is for administrators alone', async () => {
    const other = await server.token(['users:read', 'users:write', 'groups:read', 'groups:write'])
    for (const path of ['', '/entra', '/nobody']) {
      expect([path, (await request(server.url).get(`/api/v1/idp-guides${path}`)).status]).toEqual([path, 401])
    }
    for (const path of ['', '/entra']) expect([path, (await get(path, other)).status]).toEqual([path, 403])
    expect(
      (
        await request(server.url)
          .get('/api/v1/idp-guides')
          .set('Cookie', await server.signIn())
      ).status,
    ).toBe(200)
  })

  it.each(['post', 'put', 'delete'] as const)('%s is not possible', async (method) => {
    const answer = await request(server.url)[method]('/api/v1/idp-guides/entra').set('Authorization', `Bearer ${token}`)
    expect([answer.status, answer.headers['allow']]).toEqual([405, 'GET'])
  })
})
