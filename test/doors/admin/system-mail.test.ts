import request from 'supertest'
import type { MailAddress } from '../../../src/domain/system/mail-address'
import { systemClock } from '../../../src/ports/clock'
import { queueMail } from '../../../src/usecases/system/queue-mail'
import { sessionHeaders } from '../../kit/browser'
import { eventually, startTestServer, type TestServer } from '../../kit/server'
import { startSmtpSink, type SmtpSink } from '../../kit/smtp-sink'

describe('/api/v1/system-mail (S50)', () => {
  let server: TestServer
  let sink: SmtpSink
  let headers: Readonly<Record<string, string>>
  beforeAll(async () => {
    sink = await startSmtpSink()
    server = await startTestServer()
    headers = await sessionHeaders(server.url, await server.signIn())
  })
  afterAll(async () => {
    await server.stop()
    await sink.stop()
  })

  const api = (method: 'get' | 'put' | 'post' | 'delete', path = '') =>
    request(server.url)[method](`/api/v1/system-mail${path}`).set(headers)
  const settings = () => ({ host: '127.0.0.1', port: sink.port, security: 'plain', sender: 'no-reply@example.jp' })
  const queue = (address: string) =>
    server.withStore((store) =>
      store.transact((tx) =>
        queueMail({ clock: systemClock }, tx, [address as MailAddress], { subject: 'Hello', text: 'Hello\n' }),
      ),
    )

  it('is off at first; a test needs a server', async () => {
    const answer = await api('get')
    expect([answer.headers['etag'], answer.body]).toEqual(['"0"', { enabled: false }])
    expect((await api('post', '/test').send({ to: 'admin@example.com' })).body).toMatchObject({
      status: 409,
      code: 'mailNotConfigured',
    })
  })

  it('is saved with a test mail; the password is in no answer and no table', async () => {
    sink.manner = { auth: { user: 'kagami', pass: 'hush hush' } }
    const draft = { ...settings(), account: 'kagami', password: 'hush hush', testRecipient: 'admin@example.com' }
    const saved = await api('put').set('If-Match', '"0"').send(draft)
    expect([saved.status, saved.headers['etag'], saved.body]).toEqual([
      200,
      '"1"',
      {
        enabled: true,
        ...settings(),
        account: 'kagami',
        source: 'administrator',
        changedAt: expect.any(String) as string,
        test: { sent: true },
      },
    ])
    expect(sink.mails.at(-1)).toMatchObject({ to: ['admin@example.com'], account: 'kagami' })
    const told = JSON.stringify([
      (await api('get')).body,
      server.rows('kagami', 'system_setting'),
      server.rows('kagami', 'audit_line'),
    ])
    expect(told).not.toContain('hush')
    expect(told).toContain('configure system mail account')
    const stale = await api('put').set('If-Match', '"0"').send(draft)
    expect([stale.status, stale.body.code]).toEqual([412, 'versionMismatch'])
  })

  it('the server sends what waits by itself, and tries again what failed', async () => {
    await queue('taro@example.com')
    await eventually(() => sink.mails.some((mail) => mail.to[0] === 'taro@example.com'))
    sink.manner = { ...sink.manner, answer: (command) => (command.startsWith('RCPT') ? '450 4.2.0 later' : undefined) }
    await queue('hanako@example.com')
    const failures = async () => (await api('get', '/failures')).body as { waiting: number; failures: object[] }
    await eventually(async () => (await failures()).failures.length === 1)
    expect(await failures()).toEqual({
      waiting: 1,
      failures: [
        {
          id: expect.any(String) as string,
          at: expect.any(String) as string,
          recipient: 'hanako@example.com',
          others: 0,
          attempts: 1,
          server: `127.0.0.1:${sink.port} Plain, account kagami`,
          error: { number: '450', address: 'hanako@example.com', cause: '450 4.2.0 later' },
          state: 'retrying',
        },
      ],
    })
    sink.manner = { auth: { user: 'kagami', pass: 'hush hush' } }
    await api('put')
      .send({ ...settings(), account: 'kagami' })
      .expect(200) // at once, for the settings were saved
    await eventually(async () => (await failures()).waiting === 0)
    expect((await failures()).failures).toMatchObject([{ state: 'sentLater' }])
    expect(sink.mails.at(-1)!.to).toEqual(['hanako@example.com'])
  })

  it('a test that fails is told with the reason', async () => {
    sink.manner = { answer: (command) => (command.startsWith('MAIL') ? '553 5.1.8 not yours' : undefined) }
    const draft = { ...settings(), testRecipient: 'admin@example.com' }
    const { status, body } = await api('put').send(draft)
    expect([status, body.test.sent, body.test.failure.error]).toEqual([
      200,
      false,
      { number: '553', cause: '553 5.1.8 not yours' },
    ])
  })

  it.each([
    ['no sender', { host: 'mail.example.jp' }, /sender/],
    ['an unknown member', { host: 'x', sender: 'a@example.jp', tls: true }, /tls/],
    ['an unknown encryption', { host: 'x', sender: 'a@example.jp', security: 'tls' }, /plain, ssl, starttls/],
    ['a sender that is none', { host: 'x', sender: 'Kagami <a@example.jp>' }, /mail address/],
    ['a password that nobody knows', { host: 'x', sender: 'a@example.jp', account: 'else' }, /password/i],
  ])('refuses %s', async (_what, draft, detail) => {
    const { status, body } = await api('put').send(draft)
    expect([status, body.detail]).toEqual([400, expect.stringMatching(detail)])
  })

  it('is for common administrators alone', async () => {
    const token = await server.token(['users:write'])
    for (const [method, path] of [
      ['get', ''],
      ['put', ''],
      ['delete', ''],
      ['post', '/test'],
      ['get', '/failures'],
    ] as const) {
      const call = () => request(server.url)[method](`/api/v1/system-mail${path}`)
      const body = { ...settings(), to: 'a@example.com' }
      const sent = path === '/test' ? { to: body.to } : settings()
      expect([method, path, (await call().send(sent)).status]).toEqual([method, path, 401])
      const asClient = await call().set('Authorization', `Bearer ${token}`).send(sent)
      expect([method, path, asClient.status]).toEqual([method, path, 403])
    }
  })

  it('is switched off', async () => {
    await api('delete').expect(204)
    expect((await api('get')).body).toMatchObject({ enabled: false })
  })
})
