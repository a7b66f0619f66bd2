import { readFileSync } from 'node:fs'
import path from 'node:path'
import { smtpMailer } from '../../../src/connectors/system-mail/smtp-mailer'
import type { Mail, MailId, MailServer } from '../../../src/domain/system/mail'
import type { MailAddress } from '../../../src/domain/system/mail-address'
import { startSmtpSink, type SmtpSink } from '../../kit/smtp-sink'
import { tempFolder } from '../../kit/temp-store'
import { writeCertificate } from '../../services/certificate'
import { start } from '../../kit/builders'

const mailer = smtpMailer('id.example.jp', { stepMs: 300, totalMs: 1_000 })
const folder = tempFolder()
let sink: SmtpSink
let pem: { key: string; cert: string }
beforeAll(async () => {
  await writeCertificate(folder.path, 'mail.test')
  const read = (name: string) => readFileSync(path.join(folder.path, name), 'utf8')
  pem = { key: read('key.pem'), cert: read('crt.pem') }
})
afterAll(() => folder.remove())
beforeEach(async () => void (sink = await startSmtpSink()))
afterEach(() => sink.stop())

const server = (rest: Partial<MailServer> = {}): MailServer => ({
  host: 'localhost',
  port: sink.port,
  security: 'plain',
  sender: 'no-reply@example.jp' as MailAddress,
  ...rest,
})
const to = (...addresses: string[]) => addresses as MailAddress[]
const mail = (rest: Partial<Mail> = {}): Mail => ({
  id: '0198c0de-0000-7000-8000-000000000001' as MailId,
  to: to('taro@example.com'),
  subject: '[Kagami] パスワードの再設定',
  text: '次のURLを開き、新しいパスワードを設定してください。\n\nhttps://id.example.jp/reset?token=abc\n.\n',
  createdAt: start,
  ...rest,
})

describe('smtpMailer', () => {
  it('sends plain text in UTF-8, with a date and id that stay the same, marked as automatic', async () => {
    expect(await mailer.send(server(), mail())).toEqual([])
    const [sent] = sink.mails
    expect(sent).toMatchObject({ from: 'no-reply@example.jp', to: ['taro@example.com'], secured: false })
    const [head] = sent!.raw.split('\r\n\r\n') as [string]
    for (const line of [
      'From: Kagami <no-reply@example.jp>',
      'To: taro@example.com',
      'Message-ID: <0198c0de-0000-7000-8000-000000000001@id.example.jp>',
      `Date: ${new Date(start).toUTCString().replace('GMT', '+0000')}`,
      'Auto-Submitted: auto-generated',
      'Content-Type: text/plain; charset=utf-8',
    ]) {
      expect(head.split('\r\n')).toContain(line)
    }
    expect(head).toMatch(/Subject: =\?UTF-8\?/)
    expect(sink.textOf(sent!).replaceAll('\r\n', '\n').trimEnd()).toBe(mail().text.trimEnd())
  })

  it('lets nothing that it is given become a header', async () => {
    await mailer.send(server(), mail({ subject: 'x\r\nBcc: evil@example.com\r\n\r\nbody' }))
    const [head] = sink.mails[0]!.raw.split('\r\n\r\n') as [string]
    expect(head).not.toMatch(/^Bcc/im)
    expect(sink.mails[0]!.to).toEqual(['taro@example.com'])
  })

  it('encrypts by STARTTLS, checks the certificate, and signs in', async () => {
    sink.manner = { tls: pem, auth: { user: 'kagami', pass: 'pä ss' } }
    const account = { name: 'kagami', password: 'pä ss' }
    const secure = server({ security: 'starttls', account, caCertificate: pem.cert })
    expect(await mailer.send(secure, mail())).toEqual([])
    expect(sink.mails[0]).toMatchObject({ secured: true, account: 'kagami' })
  })

  it('encrypts from the first byte (SSL)', async () => {
    sink.manner = { tls: { ...pem, implicit: true } }
    expect(await mailer.send(server({ security: 'ssl', caCertificate: pem.cert }), mail())).toEqual([])
    expect(sink.mails[0]).toMatchObject({ secured: true })
  })

  it.each<[what: string, manner: () => SmtpSink['manner'], rest: () => Partial<MailServer>, number: RegExp, cause: RegExp]>([
    ['a server that offers no STARTTLS', () => ({}), () => ({ security: 'starttls' }), /ETLS|502|250/, /./],
    [
      'a server that refuses STARTTLS',
      () => ({ tls: pem, answer: (command) => (command === 'STARTTLS' ? '454 4.7.0 not now' : undefined) }),
      () => ({ security: 'starttls', caCertificate: pem.cert }),
      /454|ETLS/,
      /./,
    ],
    [
      'a certificate of nobody we know',
      () => ({ tls: pem }),
      () => ({ security: 'starttls' }),
      /ESOCKET|ETLS|CERT/,
      /self.signed/i,
    ],
  ])('sends nothing to %s', async (_what, manner, rest, number, cause) => {
    sink.manner = manner()
    const [failure] = await mailer.send(server(rest()), mail())
    expect(failure).toMatchObject({ to: ['taro@example.com'], final: false })
    expect(failure!.number).toMatch(number)
    expect(failure!.cause).toMatch(cause)
    expect(sink.mails).toEqual([])
  })

  it('sends nothing to a server whose certificate is for another name', async () => {
    const other = await startSmtpSink({ tls: pem }, '127.0.0.2')
    const elsewhere = { host: '127.0.0.2', port: other.port, security: 'starttls', caCertificate: pem.cert } as const
    const [failure] = await mailer.send(server(elsewhere), mail())
    await other.stop()
    expect([failure?.cause, other.mails]).toEqual([expect.stringMatching(/altnames|IP/), []])
  })

  it.each<[what: string, answers: Readonly<Record<string, string>>, number: string, final: boolean, address: string]>([
    ['the recipient for good', { RCPT: '550 5.1.1 no such user' }, '550', true, 'taro@example.com'],
    ['the recipient for now', { RCPT: '450 4.2.0 greylisted' }, '450', false, 'taro@example.com'],
    ['the content for good', { '.': '554 5.6.0 looks like spam' }, '554', true, ''],
    ['the content for now', { '.': '451 4.3.0 queue full' }, '451', false, ''],
    ['the sender, which can be mended', { MAIL: '553 5.1.8 who are you' }, '553', false, ''],
    ['us altogether', { CONNECT: '421 4.3.2 shutting down' }, '421', false, ''],
  ])('tells that the server refused %s', async (_what, answers, number, final, address) => {
    sink.manner = { answer: (command) => answers[command.split(' ', 1)[0]!] }
    const [failure] = await mailer.send(server(), mail())
    expect(failure).toMatchObject({ number, final, ...(address === '' ? {} : { address }) })
    expect(failure!.cause).toContain(Object.values(answers)[0]!)
  })

  it('tells a wrong password, which can be mended', async () => {
    sink.manner = { auth: { user: 'kagami', pass: 'right' } }
    const account = { name: 'kagami', password: 'wrong' }
    const [failure] = await mailer.send(server({ account }), mail())
    expect(failure).toMatchObject({ number: '535', final: false, cause: '535 5.7.8 bad credentials' })
    expect(JSON.stringify(failure)).not.toContain('wrong')
  })

  it('tells of several recipients which were refused; the others get it', async () => {
    sink.manner = { answer: (command) => (command.includes('gone@') ? '550 5.1.1 gone' : undefined) }
    const failures = await mailer.send(server(), mail({ to: to('a@example.com', 'gone@example.com', 'b@example.com') }))
    expect(failures).toEqual([
      { to: ['gone@example.com'], address: 'gone@example.com', number: '550', cause: '550 5.1.1 gone', final: true },
    ])
    expect(sink.mails[0]!.to).toEqual(['a@example.com', 'b@example.com'])
  })

  it.each([['CONNECT'], ['EHLO'], ['MAIL'], ['.']])('waits not for ever for who says nothing to %s', async (silent) => {
    sink.manner = { answer: (command) => (command.split(' ', 1)[0] === silent ? 'hang' : undefined) }
    const began = performance.now()
    const [failure] = await mailer.send(server(), mail())
    expect(failure).toMatchObject({ final: false, number: expect.stringMatching(/ETIMEDOUT|ECONNECTION/) as string })
    expect(performance.now() - began).toBeLessThan(2_500)
  })

  it('tells that nobody listens, and that there is no such host', async () => {
    const port = sink.port
    await sink.stop()
    expect((await mailer.send({ ...server(), port }, mail()))[0]).toMatchObject({ final: false })
    expect((await mailer.send({ ...server(), host: 'no-such-host.invalid' }, mail()))[0]).toMatchObject({ final: false })
  })
})
