import { readFileSync } from 'node:fs'
import type { Parts } from '../assemble'
import {
  mailSecurities,
  type MailFailure,
  type MailSecurity,
  type MailServerDraft,
  type MailSettings,
} from '../domain/system/mail'
import { listMailFailures } from '../usecases/system/list-mail-failures'
import { changeMailSettings, getMailSettings } from '../usecases/system/mail-settings'
import { sendTestMail } from '../usecases/system/test-mail'
import { day, operator, print, readLine, tell, Usage, wholeNumber } from './terminal'

export const mailHelp = `  kagami mail set --host HOST --sender ADDRESS   the SMTP server that system mail goes out by
      [--security plain|ssl|starttls]     default starttls; ssl and starttls check the certificate
      [--port N]                          default the usual one: plain 25, ssl 465, starttls 587
      [--account NAME --password-stdin]   SMTP-AUTH; without --password-stdin the known password goes on
      [--ca FILE]                         trust these certificates (PEM) instead of the well-known authorities
      [--test ADDRESS]                    send a test mail there
  kagami mail show                        server and sender, how many mails wait, and the last 10 that failed
  kagami mail test ADDRESS                send a test mail now, and tell what the server says
  kagami mail off                         send no system mail any more
`

export const mailOptions = {
  host: { type: 'string' },
  port: { type: 'string' },
  security: { type: 'string' },
  account: { type: 'string' },
  sender: { type: 'string' },
  ca: { type: 'string' },
  test: { type: 'string' },
} as const

type Values = { readonly [Name in keyof typeof mailOptions]?: string | undefined } & {
  readonly 'password-stdin'?: boolean | undefined
}
type Command = (parts: Parts, values: Values, argument: string) => Promise<void>

export const mailArguments: Readonly<Record<string, string>> = { 'mail test': 'a mail address' }

export const mailCommands: Readonly<Record<string, Command>> = {
  'mail set': async (parts, values) => {
    print(settingsLine(await changeMailSettings(parts, operator, await draftOf(values))))
    if (values.test !== undefined) await test(parts, values.test)
  },
  'mail show': async (parts) => {
    print(settingsLine(await getMailSettings(parts, operator)))
    const { waiting, failures } = await listMailFailures(parts, operator)
    if (waiting > 0) print(`${waiting} mails wait.`)
    for (const failure of failures) print(`  ${failureLine(failure)}`)
  },
  'mail test': (parts, _values, to) => test(parts, to),
  'mail off': async (parts) => print(settingsLine(await changeMailSettings(parts, operator, undefined))),
}

/** @throws Usage */
async function draftOf({ host, port, security, account, sender, ca, ...values }: Values): Promise<MailServerDraft> {
  if (host === undefined || sender === undefined) throw new Usage('mail set needs --host and --sender')
  if (values['password-stdin'] && account === undefined) throw new Usage('--password-stdin needs --account')
  const password = values['password-stdin'] ? { password: await readLine() } : {}
  return {
    host,
    sender,
    ...(port === undefined ? {} : { port: wholeNumber('port', port, 1) }),
    ...(security === undefined ? {} : { security: securityOf(security) }),
    ...(account === undefined ? {} : { account: { name: account, ...password } }),
    ...(ca === undefined ? {} : { caCertificate: readCa(ca) }),
  }
}

function securityOf(text: string): MailSecurity {
  const security = mailSecurities.find((known) => known === text)
  if (!security) throw new Usage(`--security needs one of ${mailSecurities.join(', ')}`)
  return security
}

function readCa(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    throw new Usage(`--ca names ${file}, which cannot be read`)
  }
}

async function test(parts: Parts, to: string): Promise<void> {
  const failure = await sendTestMail(parts, operator, to)
  if (!failure) return tell(`The server took a test mail to ${to}.`)
  print(failureLine(failure))
  process.exitCode = 1
}

function settingsLine({ server, source }: MailSettings): string {
  if (!server) return 'No mail server is set; no system mail is sent. Set one: kagami mail set --host HOST --sender ADDRESS'
  const { host, port, security, account, sender, caCertificate } = server
  return [
    `${host}:${port}`,
    security,
    account === undefined ? 'without account' : `account ${account}`,
    `sender ${sender}`,
    ...(caCertificate === undefined ? [] : ['with a CA of its own']),
    `set by the ${source}`,
  ].join('  ')
}

const failureLine = ({ at, recipient, others, server, number, address, cause, attempts, state }: MailFailure) =>
  [
    `${day(at)} UTC`,
    state,
    `${recipient}${others > 0 ? ` +${others} others` : ''}`,
    server,
    [number, ...(address === undefined ? [] : [address]), cause].join(' '),
    `${attempts} tries`,
  ].join('  ')
