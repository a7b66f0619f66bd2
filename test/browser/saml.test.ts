import { chromium, type Browser, type Page } from 'playwright-core'
import { startTestServer, type TestServer } from '../kit/server'
import { describeWith } from '../services/describe-with'
import { freePorts, hookTimeoutMs } from '../services/service'
import { idpHost, startSimpleSamlPhp, type SimpleSamlPhp } from '../services/simplesamlphp'

/** The sign-in of a person, as his browser sees it: the identity provider is another site, so its POST to us is cross-site. */
describeWith(['simplesamlphp', 'chromium'], 'SAML sign-in in a browser, with SimpleSAMLphp on another site', () => {
  let [server, idp, browser]: [TestServer?, SimpleSamlPhp?, Browser?] = []
  let url = ''
  beforeAll(async () => {
    const [port] = await freePorts(1)
    url = `http://127.0.0.1:${port}`
    idp = await startSimpleSamlPhp(
      { entityId: url, acsUrl: `${url}/saml/acs` },
      { hanako: 'her password', 'taro@example.jp': 'his password', stranger: 'who is it' },
    )
    server = await startTestServer({
      KAGAMI_PORT: String(port),
      KAGAMI_BASE_URL: url,
      KAGAMI_SAML_IDP_METADATA: idp.metadata,
      KAGAMI_SAML_IDP_LOGOUT_URL: idp.logoutUrl,
    })
    for (const userName of ['hanako', 'taro@example.jp']) await server.scim('post', '/Users').send({ userName })
    browser = await chromium.launch({
      executablePath: '/usr/bin/chromium',
      args: ['--no-sandbox', `--host-resolver-rules=MAP ${idpHost} 127.0.0.1`],
    })
  }, hookTimeoutMs)
  afterAll(() => Promise.all([browser?.close(), server?.stop(), idp?.stop()]), hookTimeoutMs)

  const newPage = async () => (await browser!.newContext({ locale: 'ja-JP' })).newPage()
  const signInAtIdp = async (page: Page, name: string, password: string) => {
    await page.fill('#username', name)
    await page.fill('#password', password)
    await page.click('#submit_button, [type=submit]')
    await page.waitForURL(`${url}/**`)
  }

  it('goes to the identity provider and back to where he wanted to go, signed in; /api/v1/me tells who', async () => {
    const page = await newPage()
    await page.goto(`${url}/login?returnTo=%2Fapi%2Fv1%2Fme`)
    expect(new URL(page.url()).hostname).toBe(idpHost)
    await signInAtIdp(page, 'hanako', 'her password')
    expect(page.url()).toBe(`${url}/api/v1/me`)
    expect(JSON.parse(await page.innerText('body'))).toMatchObject({ loginName: 'hanako', method: 'saml' })
  }, 60_000)

  it('signs out here, and ends at the URL after sign-out (S37)', async () => {
    const page = await newPage()
    await page.goto(url)
    await signInAtIdp(page, 'taro@example.jp', 'his password')
    expect(await page.innerText('main')).toContain('taro@example.jp')
    await page.click('form[action="/logout"] button')
    await page.waitForURL(`http://${idpHost}:*/**`)
    expect((await page.request.get(`${url}/api/v1/me`)).status()).toBe(401)
  }, 60_000)

  it('tells who is not in the directory so (SLASH_SA01), and who goes back to an old form that it was used (SLASH_SA02)', async () => {
    const page = await newPage()
    await page.goto(url)
    await signInAtIdp(page, 'stranger', 'who is it')
    expect(await page.innerText('main')).toMatch(
      /SLASH_SA01\s+SAMLResponse内のNameIDと一致するログイン名を持つユーザーが見つかりません。/,
    )
    await page.reload()
    expect(await page.innerText('main')).toContain('SLASH_SA02')
  }, 60_000)

  it('lets the administrator in by password whatever the identity provider does (S32)', async () => {
    await idp!.down()
    const page = await newPage()
    await page.goto(`${url}/login?saml=off`)
    await page.fill('#loginName', 'admin')
    await page.fill('#password', 'correct horse battery')
    await page.click('button')
    expect(await page.innerText('main')).toContain('admin としてログインしています。')
  }, 60_000)
})
