import request from 'supertest'
import type { UserId } from '../../../src/domain/ids'
import { totpAt } from '../../../src/domain/access/totp'
import { postForm } from '../../kit/browser'
import { admin, cookieOf, startTestServer, type TestServer } from '../../kit/server'
import { requireTwoStep } from '../../../src/usecases/access/two-step-admin'

describe('/two-step and /login/step (S15)', () => {
  let server: TestServer
  beforeAll(async () => void (server = await startTestServer()))
  afterAll(() => server.stop())

  const post = (path: string, form: object, cookie = '') =>
    postForm(server.url, path, form, { Cookie: cookie, 'Accept-Language': 'en' })
  const get = (path: string, cookie = '') => request(server.url).get(path).set({ Cookie: cookie, 'Accept-Language': 'en' })
  const codeOf = (secret: string, steps = 0) => totpAt(secret, Math.floor(Date.now() / 30_000) + steps)
  const stepCookie = (answer: request.Response) =>
    (answer.headers['set-cookie'] as unknown as string[]).find((one) => one.startsWith('kagami-step='))!.split(';')[0]!

  it('an administrator who must sets up an app, and signs in with its code or a recovery code', async () => {
    await server.withStore((store) => requireTwoStep({ store }, { kind: 'operator', name: 'root' }, true))
    const cookie = cookieOf(await post('/login', admin))
    expect((await get('/', cookie)).headers['location']).toBe('/two-step')
    expect((await get('/api/v1/mirror', cookie)).body).toMatchObject({ status: 403, code: 'twoStepDue' })
    const me = await get('/scim/v2/Me', cookie)
    expect([me.status, me.body]).toEqual([
      403,
      expect.objectContaining({ detail: expect.stringContaining('/two-step') as string }),
    ])
    expect((await get('/two-step', cookie)).text).toContain('have to set up')
    expect((await post('/two-step/totp', { current: 'wrong' }, cookie)).status).toBe(400)
    const page = await post('/two-step/totp', { current: admin.password }, cookie)
    const secret = /secret=([A-Z2-7]{32})&/.exec(page.text.replaceAll('&amp;', '&'))![1]!
    expect(page.text).toMatch(/<svg\s+role="img"[^>]*>\s*<path [^>]*>\s*<path fill="#000" d="(M\d+ \d+h1v1h-1z){300,}" \/>/)
    expect(page.text).not.toContain('style=')
    const draft = /name="draft" value="([^"]+)"/.exec(page.text)![1]!
    expect((await post('/two-step/totp/confirm', { draft, code: 'x' }, cookie)).status).toBe(400)
    const done = await post('/two-step/totp/confirm', { draft, code: codeOf(secret) }, cookie)
    const recovery = [...done.text.matchAll(/<code>([A-Z2-7]{5}-[A-Z2-7]{5})<\/code>/g)].map((found) => found[1]!)
    expect([done.status, recovery.length]).toEqual([200, 10])
    expect((await get('/api/v1/mirror', cookie)).status).toBe(200)

    const begun = await post('/login', { ...admin, returnTo: '/password' })
    expect([begun.status, begun.headers['location'], cookieOf(begun)]).toEqual([303, '/login/step', ''])
    const halfWay = stepCookie(begun)
    expect((await get('/api/v1/me', halfWay)).status).toBe(401)
    expect((await get('/login/step', halfWay)).text).toContain('authenticator app')
    expect((await post('/login/step', { code: codeOf(secret) }, halfWay)).status).toBe(401) // used at the set-up
    const right = { code: codeOf(secret, 1) }
    const both = await Promise.all([post('/login/step', right, halfWay), post('/login/step', right, halfWay)])
    const opened = both.filter(({ status }) => status === 303)
    expect([opened.length, opened[0]!.headers['location']]).toEqual([1, '/password'])
    expect((await get('/api/v1/me', cookieOf(opened[0]!))).body.loginName).toBe(admin.loginName)
    expect((await get('/login/step', halfWay)).status).toBe(410)
    const lost = await post('/login/step', { code: recovery[0] }, stepCookie(await post('/login', admin)))
    expect(lost.status).toBe(303)
    const tables = JSON.stringify([server.rows('kagami', 'access_second_step'), server.rows('kagami', 'audit_line')])
    expect(tables).not.toContain(secret)
    expect(tables).not.toContain(recovery[1])
  })

  describe('codes by mail', () => {
    const who = { loginName: 'taro', password: 'a password for taro' }
    const noServer: Readonly<Record<string, string>> = {
      en: 'no mail server is set. Tell an administrator: he can set one (kagami mail set)',
      ja: '管理者はメールサーバーを設定するか(kagami mail set)',
      zh: '管理员可以设置邮件服务器(kagami mail set)',
    }
    let id: UserId
    let cookie: string
    beforeAll(async () => {
      const emails = [{ value: 'taro@example.com', primary: true }]
      const { body } = await server.scim('post', '/Users').send({ userName: who.loginName, password: who.password, emails })
      id = (body as { id: UserId }).id
      cookie = cookieOf(await post('/login', who))
    })

    it.each([
      ['taro@', 'This is no mail address'],
      ['Taro <taro@example.net>', 'This is no mail address'],
      ['', 'This is no mail address'],
      ['TARO@example.com', 'You sign in or reset your password by this address'],
      ['phone@example.net', noServer['en']!],
    ])('the set-up names what is wrong with %j', async (address, what) => {
      const answer = await post('/two-step/mail', { current: who.password, address }, cookie)
      expect([answer.status, answer.text]).toEqual([address.startsWith('phone') ? 503 : 400, expect.stringContaining(what)])
    })

    it.each(Object.entries(noServer))(
      'without a mail server the sign-in tells it, and what mends it (%s)',
      async (language, what) => {
        const step = { userId: id, method: 'mail', secret: 'phone@example.net', lastStep: 0, since: 0, recovery: [] } as const
        await server.withStore((store) => store.transact((tx) => tx.secondSteps.put(step)))
        const answer = await postForm(server.url, '/login', who, { 'Accept-Language': language })
        expect([answer.status, answer.text, cookieOf(answer)]).toEqual([503, expect.stringContaining(what), ''])
        expect((await post('/login', { ...who, password: 'wrong' })).status).toBe(401)
      },
    )
  })

  it('codes are not guessed: five tries a sign-in, and then longer and longer waits', async () => {
    const statuses: number[] = []
    for (let i = 0; i < 3; i++) {
      const halfWay = stepCookie(await post('/login', admin))
      for (let j = 0; j < 3; j++) statuses.push((await post('/login/step', { code: '00000' }, halfWay)).status)
    }
    expect(statuses[0]).toBe(401)
    expect(statuses.at(-1)).toBe(429)
  })

  it('a browser without a sign-in begins anew', async () => {
    expect((await get('/login/step')).status).toBe(410)
    expect((await get('/two-step')).headers['location']).toBe('/login')
  })
})
