import { z } from 'zod'
import { mailSecurities, type MailFailure, type MailServerDraft, type MailSettings } from '../../domain/system/mail'

const text = (what: string, most = 255) => z.string(what).min(1, what).max(most, `Send at most ${most} characters.`)

/** What `PUT /system-mail` takes. */
export const mailServerDraft = z.strictObject({
  host: text('Send the host name of the SMTP server.').describe('Name or address of the SMTP server'),
  port: z
    .int('Send a whole number from 1 to 65535.')
    .min(1, 'Send a whole number from 1 to 65535.')
    .max(65_535, 'Send a whole number from 1 to 65535.')
    .describe('The usual one when absent: plain 25, ssl 465, starttls 587')
    .exactOptional(),
  security: z
    .enum(mailSecurities, `Send one of ${mailSecurities.join(', ')}.`)
    .describe('starttls when absent. ssl and starttls send nothing unencrypted, and check the certificate')
    .exactOptional(),
  account: text('Send the account name.').describe('For SMTP-AUTH; absent: none').exactOptional(),
  password: text('Send the password of the account.')
    .describe('When absent, the known one goes on for the same account, host, port and security')
    .exactOptional(),
  sender: text('Send the address that mail comes from.').describe('From'),
  caCertificate: text('Send PEM.', 64_000).describe('PEM; trusted instead of the well-known authorities').exactOptional(),
  testRecipient: text('Send a mail address.').describe('A test mail goes there once the settings are saved').exactOptional(),
})

export const mailTest = z.strictObject({ to: text('Send a mail address.') })

/** @returns the settings, and where a test mail goes */
export function readMailServerDraft({
  account,
  password,
  testRecipient,
  ...server
}: z.output<typeof mailServerDraft>): readonly [MailServerDraft, string | undefined] {
  const credentials = account === undefined ? {} : { account: { name: account, ...(password === undefined ? {} : { password }) } }
  return [{ ...server, ...credentials }, testRecipient]
}

const time = (at: number | undefined) => (at === undefined ? undefined : new Date(at).toISOString())

export const presentMailSettings = ({ server, source, changedAt }: MailSettings) => ({
  enabled: server !== undefined,
  host: server?.host,
  port: server?.port,
  security: server?.security,
  account: server?.account,
  sender: server?.sender,
  caCertificate: server?.caCertificate,
  source,
  changedAt: time(changedAt),
})

export const presentMailFailure = ({ at, number, address, cause, ...failure }: MailFailure) => ({
  ...failure,
  at: time(at),
  error: { number, address, cause },
})

/** What became of a test mail. */
export const presentMailTest = (failure: MailFailure | undefined) =>
  failure ? { sent: false, failure: presentMailFailure(failure) } : { sent: true }
