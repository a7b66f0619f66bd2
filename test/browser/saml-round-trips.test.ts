import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { chromium, type Browser } from 'playwright-core'
import { startTestServer, type TestServer } from '../kit/server'
import { tempFolder } from '../kit/temp-store'
import { writeCertificate } from '../services/certificate'
import { describeWith } from '../services/describe-with'
import { freePorts, hookTimeoutMs } from '../services/service'
import { idpHost, startSimpleSamlPhp, type SimpleSamlPhp } from '../services/simplesamlphp'

/** A key pair in a folder of its own, as PEM. */
async function makePair(folder: string, name: string) {
  const at = path.join(folder, name)
  mkdirSync(at)
  await writeCertificate(at, idpHost)
  return { key: readFileSync(path.join(at, 'key.pem'), 'utf8'), certificate: readFileSync(path.join(at, 'crt.pem'), 'utf8') }
}

const bare = (pem: string) => pem.replace(/-----[^-]+-----|\s/g, '')

describeWith(['simplesamlphp', 'chromium'], 'SAML in all its forms in a browser, with SimpleSAMLphp on another site', () => {
  const folder = tempFolder()
  let [server, idp, browser]: [TestServer?, SimpleSamlPhp?, Browser?] = []
  let [url, ours]: [string, { readonly key: string; readonly certificate: string }?] = ['']
  let next: { readonly key: string; readonly certificate: string }
  beforeAll(async () => {
    const [port] = await freePorts(1)
    url = `http://127.0.0.1:${port}`
    idp = await startSimpleSamlPhp({ entityId: url, acsUrl: `${url}/saml/acs` }, { hanako: 'her password' })
    ours = await makePair(folder.path, 'sp')
    next = await makePair(folder.path, 'next')
    writeFileSync(path.join(folder.path, 'sp.key'), ours.key)
    writeFileSync(path.join(folder.path, 'sp.crt'), ours.certificate)
    server = await startTestServer({
      KAGAMI_PORT: String(port),
      KAGAMI_BASE_URL: url,
      KAGAMI_CERTS_DIR: folder.path,
      KAGAMI_SAML_IDP_SSO_URL: idp.ssoUrl,
      KAGAMI_SAML_IDP_CERT: idp.certificate() + next.certificate,
    })
    await server.scim('post', '/Users').send({ userName: 'hanako' })
    browser = await chromium.launch({
      executablePath: '/usr/bin/chromium',
      args: ['--no-sandbox', `--host-resolver-rules=MAP ${idpHost} 127.0.0.1`],
    })
  }, hookTimeoutMs)
  afterAll(async () => {
    await Promise.all([browser?.close(), server?.stop(), idp?.stop()])
    folder.remove()
  }, hookTimeoutMs)

  /** From our page to the identity provider and back; the Response that the browser brought, and who is signed in. */
  const roundTrip = async () => {
    const context = await browser!.newContext({ locale: 'en-US' })
    try {
      const page = await context.newPage()
      let brought = ''
      page.on('request', (sent) => {
        if (sent.url() === `${url}/saml/acs`) brought = new URLSearchParams(sent.postData() ?? '').get('SAMLResponse') ?? ''
      })
      await page.goto(`${url}/login?returnTo=%2Fapi%2Fv1%2Fme`)
      await page.fill('#username', 'hanako')
      await page.fill('#password', 'her password')
      await page.click('#submit_button, [type=submit]')
      await page.waitForURL(`${url}/**`)
      return { xml: Buffer.from(brought, 'base64').toString(), shown: await page.innerText('body') }
    } finally {
      await context.close()
    }
  }
  const signedParts = (xml: string) => [
    ...(/<samlp:Response[^>]*>(<saml:Issuer[^>]*>[^<]*<\/saml:Issuer>)?\s*<ds:Signature/.test(xml) ? ['Response'] : []),
    ...(/<saml:Assertion[^>]*>(<saml:Issuer[^>]*>[^<]*<\/saml:Issuer>)?\s*<ds:Signature/.test(xml) ? ['Assertion'] : []),
    ...(xml.includes('<saml:EncryptedAssertion') ? ['encrypted'] : []),
  ]
  const [response, assertion, encryption] = ['saml20.sign.response', 'saml20.sign.assertion', 'assertion.encryption']

  it.each<readonly [string, readonly [boolean, boolean, boolean], readonly string[]]>([
    ['a signed Assertion', [false, true, false], ['Assertion']],
    ['a signed Response', [true, false, false], ['Response']],
    ['both signed', [true, true, false], ['Response', 'Assertion']],
    ['a signed Assertion, encrypted', [false, true, true], ['encrypted']],
    ['an encrypted Assertion in a signed Response', [true, false, true], ['Response', 'encrypted']],
  ])(
    'signs in with %s',
    async (_what, [signsResponse, signsAssertion, encrypts], parts) => {
      const certData = bare(ours!.certificate)
      idp!.set({ [response]: signsResponse, [assertion]: signsAssertion, [encryption]: encrypts, certData })
      const { xml, shown } = await roundTrip()
      expect(signedParts(xml)).toEqual(parts)
      expect(JSON.parse(shown)).toMatchObject({ loginName: 'hanako', method: 'saml' })
    },
    60_000,
  )

  it('goes on while the identity provider changes its key, at once and without a failure', async () => {
    idp!.set({ [response]: true, [assertion]: true })
    const shown: string[] = []
    for (let i = 0; i < 4; i++) {
      if (i === 2) idp!.rotateKey(next)
      const { xml, shown: text } = await roundTrip()
      expect(xml.replace(/\s/g, '')).toContain(bare(i < 2 ? idp!.certificate() : next.certificate).slice(0, 200))
      shown.push((JSON.parse(text) as { readonly loginName: string }).loginName)
    }
    expect(shown).toEqual(Array.from({ length: 4 }, () => 'hanako'))
  }, 90_000)
})
