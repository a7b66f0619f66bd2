import { smtpMailer } from '../../../src/connectors/system-mail/smtp-mailer'
import type { Version } from '../../../src/domain/brand'
import type { Mail, MailServer, Undelivered } from '../../../src/domain/system/mail'
import type { MailAddress } from '../../../src/domain/system/mail-address'
import { listMailFailures } from '../../../src/usecases/system/list-mail-failures'
import {
  bootstrapMailServer,
  changeMailSettings,
  findMailServer,
  getMailSettings,
} from '../../../src/usecases/system/mail-settings'
import { queueMail } from '../../../src/usecases/system/queue-mail'
import { sendMails } from '../../../src/usecases/system/send-mails'
import { sendTestMail } from '../../../src/usecases/system/test-mail'
import { aClient } from '../../kit/builders'
import { onBoth } from '../../kit/on-both'
import { startSmtpSink } from '../../kit/smtp-sink'
import type { UseCaseDeps } from '../../kit/use-case-deps'

const operator = { kind: 'operator', name: 'root' } as const
const day = 24 * 3_600_000
const draft = { host: 'mail.example.jp', sender: 'no-reply@example.jp' }
const to = (...addresses: string[]) => addresses as MailAddress[]
const words = { subject: 'Hello', text: 'the secret link' }

/** A mailer that does as it is told, and remembers. */
function aMailer(answer: (mail: Mail) => readonly Undelivered[] | Promise<readonly Undelivered[]> = () => []) {
  const sent: Mail[] = []
  const send = async (_server: MailServer, mail: Mail) => {
    sent.push(mail)
    return answer(mail)
  }
  return { sent, send }
}
const refused = (mail: Mail, rest: Partial<Undelivered> = {}): readonly Undelivered[] => [
  { to: mail.to, number: '451', cause: '451 4.3.0 later', final: false, ...rest },
]

function suite(open: () => Promise<UseCaseDeps>) {
  let deps: UseCaseDeps
  beforeEach(async () => void (deps = await open()))
  afterEach(() => deps.close())

  const queue = (recipients = to('taro@example.com'), lifetimeMs?: number) =>
    deps.store.transact((tx) => queueMail(deps, tx, recipients, words, lifetimeMs))
  const makeDue = () => deps.store.transact((tx) => tx.mails.retryAll())
  const list = () => listMailFailures(deps, operator)
  const run = (mailer: ReturnType<typeof aMailer>) => sendMails({ ...deps, mailer })

  describe('changeMailSettings (S50)', () => {
    it('fills in the usual port, and keeps the password sealed', async () => {
      const settings = await changeMailSettings(deps, operator, { ...draft, account: { name: 'kagami', password: 'hush hush' } })
      expect(settings).toMatchObject({ server: { port: 587, security: 'starttls', account: 'kagami' }, version: 1 })
      expect(JSON.stringify(settings)).not.toContain('hush')
      expect(JSON.stringify(await deps.store.read.settings.find('mail.server'))).not.toContain('hush')
      expect(await findMailServer(deps)).toMatchObject({ account: { name: 'kagami', password: 'hush hush' } })
      const ssl = await changeMailSettings(deps, operator, { ...draft, security: 'ssl' })
      expect(ssl.server).toMatchObject({ port: 465 })
      expect((await changeMailSettings(deps, operator, { ...draft, security: 'plain' })).server).toMatchObject({ port: 25 })
    })

    it('keeps the password for the same account of the same server alone', async () => {
      await changeMailSettings(deps, operator, { ...draft, account: { name: 'kagami', password: 'hush hush' } })
      const kept = { ...draft, sender: 'other@example.jp', account: { name: 'kagami' } }
      await changeMailSettings(deps, operator, kept)
      expect((await findMailServer(deps))?.account?.password).toBe('hush hush')
      for (const change of [
        { host: 'evil.example' },
        { port: 2525 },
        { security: 'plain' as const },
        { account: { name: 'else' } },
      ]) {
        await expect(changeMailSettings(deps, operator, { ...kept, ...change })).rejects.toMatchObject({
          code: 'invalidAttribute',
        })
      }
    })

    it.each<[what: string, change: object, detail: RegExp]>([
      ['a host with a port', { host: 'mail.example.jp:25' }, /without port/],
      ['a host with a line end', { host: 'mail\r\nEHLO' }, /host name/],
      ['port 0', { port: 0 }, /1 to 65535/],
      ['a sender that is a list', { sender: 'a@example.jp, b@example.jp' }, /mail address/],
      ['a sender that ends a header', { sender: 'a@example.jp\r\nBcc: b@example.jp' }, /mail address/],
      ['a CA that is none', { caCertificate: 'hello' }, /PEM/],
      ['an account with a line end', { account: { name: 'a\n', password: 'b' } }, /control/],
      ['an empty password', { account: { name: 'a', password: '' } }, /1 to 255/],
    ])('refuses %s', async (_what, change, detail) => {
      const refusal = changeMailSettings(deps, operator, { ...draft, ...change })
      await expect(refusal).rejects.toMatchObject({ code: 'invalidAttribute', detail: expect.stringMatching(detail) as string })
    })

    it('is for administrators, and for who has seen the settings that he changes', async () => {
      await expect(changeMailSettings(deps, aClient(), draft)).rejects.toMatchObject({ code: 'notAllowed' })
      await expect(getMailSettings(deps, aClient())).rejects.toMatchObject({ code: 'notAllowed' })
      await expect(listMailFailures(deps, aClient())).rejects.toMatchObject({ code: 'notAllowed' })
      const both = await Promise.allSettled(
        ['one', 'two'].map((name) =>
          changeMailSettings(deps, operator, { ...draft, host: `${name}.example.jp` }, [0 as Version]),
        ),
      )
      expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
      expect((await getMailSettings(deps, operator)).version).toBe(1)
    })

    it('the environment never overwrites an administrator; he can switch it off', async () => {
      await bootstrapMailServer(deps, operator, { ...draft, account: { name: 'a', password: 'b' } })
      await bootstrapMailServer(deps, operator, { ...draft, account: { name: 'a', password: 'b' } })
      expect(await getMailSettings(deps, operator)).toMatchObject({ version: 1, source: 'environment' })
      await bootstrapMailServer(deps, operator, { ...draft, account: { name: 'a', password: 'c' } })
      expect(await findMailServer(deps)).toMatchObject({ account: { password: 'c' } })
      await changeMailSettings(deps, operator, undefined)
      await bootstrapMailServer(deps, operator, draft)
      expect(await findMailServer(deps)).toBeUndefined()
    })
  })

  describe('sendMails', () => {
    beforeEach(() => changeMailSettings(deps, operator, draft))

    it('sends what was committed, once, and keeps what it says sealed until then', async () => {
      const mailer = aMailer()
      await expect(
        deps.store.transact(async (tx) => {
          await queueMail(deps, tx, to('nobody@example.com'), words)
          throw new Error('rolled back')
        }),
      ).rejects.toThrow('rolled back')
      await queue()
      expect(await run(mailer)).toEqual({ taken: 1, failed: [] })
      expect(mailer.sent).toEqual([expect.objectContaining({ to: ['taro@example.com'], ...words })])
      expect(await run(mailer)).toEqual({ taken: 0, failed: [] })
      expect(await list()).toEqual({ waiting: 0, failures: [] })
    })

    it('on several nodes at once each mail goes out once', async () => {
      for (let i = 0; i < 10; i++) await queue(to(`user${i}@example.com`))
      const mailer = aMailer(() => new Promise((resolve) => setTimeout(() => resolve([]), 20)))
      for (let i = 0; i < 4; i++) await Promise.all([run(mailer), run(mailer), run(mailer)])
      expect(mailer.sent.map((mail) => mail.to[0]).sort()).toEqual(Array.from({ length: 10 }, (_, i) => `user${i}@example.com`))
    })

    it('who was thought dead closes nothing that another node has taken over', async () => {
      const id = await queue()
      await deps.store.transact((tx) => tx.mails.claim('node-a', 1, -1))
      const again = await deps.store.transact((tx) => tx.mails.claim('node-b', 1, 60_000))
      expect(again.map((mail) => mail.id)).toEqual([id])
      expect(await deps.store.transact((tx) => tx.mails.settle('node-a', id, { kind: 'sent' }))).toBe(false)
      expect(await deps.store.read.mails.countWaiting()).toBe(1)
    })

    it('tries again later, says so, and after all that it was sent', async () => {
      await queue()
      await run(aMailer((mail) => refused(mail)))
      expect(await deps.store.read.mails.hasDue()).toBe(false)
      expect(await list()).toEqual({
        waiting: 1,
        failures: [
          expect.objectContaining({
            recipient: 'taro@example.com',
            others: 0,
            attempts: 1,
            server: 'mail.example.jp:587 STARTTLS',
            number: '451',
            cause: '451 4.3.0 later',
            state: 'retrying',
            at: deps.clock.now(),
          }),
        ],
      })
      await makeDue()
      const mailer = aMailer()
      await run(mailer)
      expect(mailer.sent).toHaveLength(1)
      expect(await list()).toMatchObject({ waiting: 0, failures: [{ state: 'sentLater', attempts: 1 }] })
    })

    it('of several recipients tries only those again who may still get it', async () => {
      await queue(to('a@example.com', 'b@example.com', 'c@example.com'))
      await run(
        aMailer(() => [
          { to: to('a@example.com'), address: 'a@example.com', number: '550', cause: 'gone', final: true },
          { to: to('c@example.com'), address: 'c@example.com', number: '450', cause: 'later', final: false },
        ]),
      )
      expect((await list()).failures).toMatchObject([{ recipient: 'a@example.com', others: 1, state: 'retrying' }])
      await makeDue()
      const mailer = aMailer()
      await run(mailer)
      expect(mailer.sent[0]!.to).toEqual(['c@example.com'])
    })

    it('gives up what was refused for good, what is a day old, and what is of no use any more', async () => {
      await queue()
      await run(aMailer((mail) => refused(mail, { final: true, number: '550' })))
      await queue(to('old@example.com'))
      await queue(to('short@example.com'), 600_000)
      deps.clock.advance(600_000)
      const mailer = aMailer((mail) => refused(mail))
      await run(mailer)
      expect(mailer.sent.map((mail) => mail.to[0])).toEqual(['old@example.com'])
      deps.clock.advance(day)
      await makeDue()
      await run(mailer)
      expect(mailer.sent).toHaveLength(1)
      const { waiting, failures } = await list()
      expect(waiting).toBe(0)
      expect(failures.map(({ recipient, number, state }) => [recipient, number, state])).toEqual([
        ['old@example.com', 'EXPIRED', 'givenUp'],
        ['short@example.com', 'EXPIRED', 'givenUp'],
        ['taro@example.com', '550', 'givenUp'],
      ])
    })

    it('keeps the last ten failures', async () => {
      for (let i = 0; i < 13; i++) {
        deps.clock.advance(1_000)
        await queue(to(`user${i}@example.com`))
        await run(aMailer((mail) => refused(mail, { final: true })))
      }
      const { failures } = await list()
      expect(failures.map((failure) => failure.recipient)).toEqual(
        Array.from({ length: 10 }, (_, i) => `user${12 - i}@example.com`),
      )
    })

    it('waits for a server to be set, and then sends at once', async () => {
      await changeMailSettings(deps, operator, undefined)
      await queue()
      await run(aMailer())
      expect((await list()).failures).toMatchObject([{ number: 'ENOSERVER', server: '-', state: 'retrying' }])
      await changeMailSettings(deps, operator, draft)
      const mailer = aMailer()
      await run(mailer)
      expect(mailer.sent).toHaveLength(1)
    })
  })

  describe('sendTestMail', () => {
    const test = (mailer: ReturnType<typeof aMailer> | ReturnType<typeof smtpMailer>, address = 'admin@example.com') =>
      sendTestMail({ ...deps, mailer, baseUrl: 'https://id.example.jp' }, operator, address)

    it('tells what the server says, once, and notes it', async () => {
      await expect(test(aMailer())).rejects.toMatchObject({ code: 'mailNotConfigured' })
      const sink = await startSmtpSink()
      await changeMailSettings(deps, operator, { ...draft, host: '127.0.0.1', port: sink.port, security: 'plain' })
      expect(await test(smtpMailer('id.example.jp'))).toBeUndefined()
      expect(sink.textOf(sink.mails[0]!)).toMatch(/https:\/\/id\.example\.jp のシステムメール[^]*It has arrived[^]*测试邮件/)
      sink.manner = { answer: (command) => (command.startsWith('RCPT') ? '450 4.2.0 later' : undefined) }
      expect(await test(smtpMailer('id.example.jp'))).toMatchObject({ number: '450', state: 'givenUp' })
      await sink.stop()
      expect(await list()).toMatchObject({ waiting: 0, failures: [{ recipient: 'admin@example.com', number: '450' }] })
      await expect(test(aMailer(), 'no address')).rejects.toMatchObject({ code: 'invalidAttribute' })
      const as = { ...deps, mailer: aMailer(), baseUrl: 'https://id.example.jp' }
      await expect(sendTestMail(as, aClient(), 'admin@example.com')).rejects.toMatchObject({ code: 'notAllowed' })
    })
  })
}

onBoth('system mail', suite)
