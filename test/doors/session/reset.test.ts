import request from 'supertest'
import { postForm } from '../../kit/browser'
import { baseUrl, eventually, startTestServer, type TestServer } from '../../kit/server'
import { startSmtpSink, type SmtpSink } from '../../kit/smtp-sink'

describe('/reset (S17)', () => {
  let server: TestServer
  let sink: SmtpSink
  beforeAll(async () => {
    sink = await startSmtpSink()
    server = await startTestServer({
      KAGAMI_SMTP_URL: `smtp://127.0.0.1:${sink.port}`,
      KAGAMI_SMTP_SENDER: 'no-reply@example.jp',
    })
    for (const [userName, address] of [
      ['taro', 'taro@example.com'],
      ['jiro', 'shared@example.com'],
      ['saburo', 'shared@example.com'],
    ]) {
      await server
        .scim('post', '/Users')
        .send({ userName, password: 'the first password', emails: [{ value: address }] })
        .expect(201)
    }
  })
  afterAll(async () => {
    await server.stop()
    await sink.stop()
  })
  const post = (path: string, form: object, headers: Readonly<Record<string, string>> = {}) =>
    postForm(server.url, path, form, { 'Accept-Language': 'en', ...headers })
  const get = (path: string) => request(server.url).get(path).set('Accept-Language', 'en')
  const signIn = (password: string) => post('/login', { loginName: 'taro', password })

  it('leads from the sign-in page by mail to a new password; looking at the link uses nothing up', async () => {
    expect((await get('/login?saml=off')).text).toContain('href="/reset"')
    expect((await get('/reset')).text).toContain('name="address"')
    expect((await post('/reset', { address: 'taro@example.com' })).status).toBe(200)
    await eventually(() => sink.mails.length === 1)
    const text = sink.textOf(sink.mails[0]!)
    const [link, token] = /http:\/\/kagami\.test(\/reset\/new\?token=([\w-]{43}))/.exec(text)!.slice(1) as [string, string]
    for (let i = 0; i < 3; i++) {
      const page = await get(link)
      expect([page.status, page.headers['referrer-policy'], page.headers['cache-control']]).toEqual([
        200,
        'same-origin',
        'no-store',
      ])
      expect(page.text).toContain('autocomplete="new-password"')
    }
    const poor = await post('/reset/new', { token, wanted: 'short' })
    expect([poor.status, poor.text]).toEqual([400, expect.stringContaining('at least 12 characters')])
    expect((await post('/reset/new', { token, wanted: 'the second password' })).status).toBe(200)
    expect([(await signIn('the first password')).status, (await signIn('the second password')).status]).toEqual([401, 303])
    for (const again of [await get(link), await post('/reset/new', { token, wanted: 'the third password' })]) {
      expect([again.status, again.text]).toEqual([410, expect.stringContaining('href="/reset"')])
    }
    expect(JSON.stringify(server.rows('kagami', 'system_mail'))).not.toContain(token)
    expect(JSON.stringify(server.rows('kagami', 'audit_line'))).not.toContain(token)
  })

  it('answers alike whether there is such an address or not; the audit log tells', async () => {
    const addresses = ['taro@example.com', 'nobody@example.com', 'shared@example.com', '', '<script>@x']
    const answers = await Promise.all(addresses.map((address) => post('/reset', { address })))
    const shown = answers.map(({ status, text }) => `${status} ${text.replace(/(nonce|value)="[^"]*"/g, '')}`)
    expect(new Set(shown).size).toBe(1)
    const told = () => server.rows('kagami', 'audit_line').filter(({ action }) => action === 'send password reset mail')
    await eventually(() => told().length === 6)
    const reasons = told().map(({ result, detail }) => `${String(result)} ${String(detail)}`)
    expect(reasons).toContainEqual('FAILED {"email":"nobody@example.com","reason":"unregistered"}')
    expect(reasons).toContainEqual('FAILED {"email":"shared@example.com","reason":"duplicated"}')
    expect(reasons).toContainEqual('SUCCESS {"email":"taro@example.com"}')
  })

  it('refuses a form of another site, a link that never was, and who asks too often', async () => {
    const evil = await post('/reset', { address: 'taro@example.com' }, { Origin: 'https://evil.example' })
    expect(evil.status).toBe(403)
    const unknown = await post('/reset/new', { token: 'x', wanted: 'the third password' }, { Origin: baseUrl })
    expect(unknown.status).toBe(410)
    let answer = await post('/reset', { address: 'nobody@example.com' })
    for (let i = 0; i < 25 && answer.status === 200; i++) answer = await post('/reset', { address: 'nobody@example.com' })
    expect([answer.status, Number(answer.headers['retry-after']) > 0]).toEqual([429, true])
  })

  it('counts who asks too often by his network: whoever has one address of IPv6 has 64 bits of them', async () => {
    const proxied = await startTestServer({ KAGAMI_TRUSTED_PROXIES: '127.0.0.1' })
    const ask = (address: string) =>
      postForm(proxied.url, '/reset', { address: 'nobody@example.com' }, { 'X-Forwarded-For': address })
    try {
      const statuses: number[] = []
      for (let i = 0; i < 21; i++) statuses.push((await ask(`2001:db8:1:2::${i + 1}`)).status)
      expect([statuses[19], statuses[20], (await ask('2001:db8:1:3::1')).status]).toEqual([200, 429, 200])
    } finally {
      await proxied.stop()
    }
  })
})
