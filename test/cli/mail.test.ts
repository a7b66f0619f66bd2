import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { cliOn, words } from '../kit/cli'
import { startSmtpSink, type SmtpSink } from '../kit/smtp-sink'
import { tempFolder } from '../kit/temp-store'

describe('kagami mail', () => {
  const folder = tempFolder()
  const cli = cliOn(folder.path)
  const mail = (line: string, input?: string) => cli.run(['mail', ...words(line)], input)
  let sink: SmtpSink
  beforeAll(async () => {
    sink = await startSmtpSink({ auth: { user: 'kagami', pass: 's3cret-of-mail' } })
  })
  afterAll(async () => {
    await sink.stop()
    folder.remove()
  })
  const server = () => `--host 127.0.0.1 --port ${sink.port} --security plain --sender no-reply@example.jp`

  it('sets a server, sends a test mail at once, keeps the password to itself, and is turned off', async () => {
    expect((await mail('show')).out).toContain('kagami mail set --host HOST --sender ADDRESS')
    const set = await mail(`set ${server()} --account kagami --password-stdin --test taro@example.jp`, 's3cret-of-mail\n')
    expect(set).toEqual({
      code: 0,
      out: `127.0.0.1:${sink.port}  plain  account kagami  sender no-reply@example.jp  set by the administrator\n`,
      err: 'The server took a test mail to taro@example.jp.\n',
    })
    expect(sink.mails).toMatchObject([{ from: 'no-reply@example.jp', to: ['taro@example.jp'], account: 'kagami' }])
    // the known password goes on with the same server
    expect((await mail(`set ${server()} --account kagami`)).code).toBe(0)
    expect((await mail('test hanako@example.jp')).code).toBe(0)
    expect(sink.mails[1]).toMatchObject({ to: ['hanako@example.jp'], account: 'kagami' })
    const shown = await mail('show')
    expect([shown.code, shown.out + shown.err]).toEqual([0, expect.not.stringContaining('s3cret')])
    expect((await mail('off')).out).toContain('no system mail is sent')
    const after = await mail('test taro@example.jp')
    expect([after.code, after.err]).toEqual([1, expect.stringContaining('kagami mail set')])
    expect(sink.mails).toHaveLength(2)
  })

  it('tells what the server answers to a test mail, ends with 1, and shows it among the last failures', async () => {
    const set = await mail(`set ${server()} --account kagami --password-stdin --test taro@example.jp`, 'wrong')
    expect([set.code, set.out]).toEqual([1, expect.stringMatching(/givenUp {2}taro@example\.jp .*535.*bad credentials/)])
    expect((await mail('show')).out).toMatch(/^127\.0\.0\.1:.*\n {2}.*taro@example\.jp .*535/)
  })

  it.each([
    ['set --host mail.example.jp', 2, /needs --host and --sender/],
    ['set --host mail.example.jp --sender nobody', 1, /"nobody" is no mail address.*taro@example\.jp/],
    ['set --host mail.example.jp --sender a@example.jp --security tls', 2, /one of plain, ssl, starttls/],
    ['set --host mail.example.jp --sender a@example.jp --port 99999', 1, /from 1 to 65535/],
    ['set --host mail.example.jp --sender a@example.jp --port smtp', 2, /--port needs a whole number/],
    ['set --host mail.example.jp --sender a@example.jp --ca /nowhere', 2, /\/nowhere, which cannot be read/],
    ['set --host mail.example.jp --sender a@example.jp --password-stdin', 2, /--password-stdin needs --account/],
    ['set --host mail.example.jp --sender a@example.jp --account kagami --password-stdin', 2, /standard input is empty/],
    ['set --host mail.example.jp --sender a@example.jp --account kagami', 1, /password of the account is not known/],
    ['test', 2, /needs a mail address/],
    ['test nobody', 1, /"nobody" is no mail address/],
  ])('%s is refused with the mend', async (line, code, message) => {
    const refused = await mail(line)
    expect([refused.code, refused.out, refused.err]).toEqual([code, '', expect.stringMatching(message)])
  })

  it('refuses certificates that are none', async () => {
    const ca = path.join(folder.path, 'ca.pem')
    writeFileSync(ca, 'no certificate')
    const refused = await mail(`set --host mail.example.jp --sender a@example.jp --ca ${ca}`)
    expect([refused.code, refused.err]).toEqual([1, expect.stringMatching(/certificate.*PEM/)])
  })
})
